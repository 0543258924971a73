/** Signing in: codes and addresses, what is waited for, what is kept. */
export const signIn = {
  'Still waiting for your approval of {code}. If you have not given it yet, go to:':
    '仍在等待您批准 {code}。如果尚未批准，请打开：',
  'The sign-in {code} was denied in the browser. A new one begins.':
    '登录 {code} 已在浏览器中被拒绝，现在重新开始登录。',
  'The sign-in {code} has expired, or was used already. A new one begins.':
    '登录 {code} 已过期或已被使用，现在重新开始登录。',
  'To begin anew, press Ctrl-C and run: {command}': '如需重新开始，请按 Ctrl-C，然后运行：{command}',
  'Still waiting. If the page in your browser says that it was denied or failed, press Ctrl-C and run: {command}':
    '仍在等待。如果浏览器页面显示已拒绝或失败，请按 Ctrl-C，然后运行：{command}',
  'Or sign in with any browser, on any device, at:': '或者在任意设备的浏览器中打开以下地址登录：',
  '{message} The other way is still open.': '{message} 仍可使用另一种方式登录。',
} as const
