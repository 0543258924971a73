/** What to do about a failure whose place of origin says nothing of it, by its error code. */
export const nextSteps = {
  'If that was a mistake, run the same command again and approve.':
    '如果是误操作，请再次运行同一命令并在浏览器中批准。',
  'Run the same command again and approve sooner.': '请再次运行同一命令，并尽快批准。',
  'Sign in again with --force.': '请加 --force 重新登录。',
  'Ask the administrator of the directory or the role; at CloudSSO you may choose another with --choose, or with --account-id and --access-config.':
    '请联系目录或角色的管理员；如果使用 CloudSSO，也可以用 --choose，或者 --account-id 和 --access-config 换一个。',
  'Run "sesame doctor"; the administrator of the server finds the reason by the code and the RequestId.':
    '请运行 “sesame doctor”；服务器的管理员可以根据错误码和 RequestId 查到原因。',
  'Check the network and the address ("sesame profile show").': '请检查网络和地址（“sesame profile show”）。',
  'Check the network, then run the same command again.': '请检查网络，然后再次运行同一命令。',
  'The server has a problem; try again in a while.': '服务器出现问题，请稍后再试。',
  'Check the address ("sesame profile show"); something else may have answered.':
    '请检查地址（“sesame profile show”）；响应可能来自其他服务。',
  'Unexpected error: {message}': '意外错误：{message}',
} as const
