/** The pages of this machine that the browser shows. */
export const browserPages = {
  'You are signed in': '登录成功',
  'You can close this window and go back to the terminal.': '可以关闭此窗口，回到终端。',
  'Sign-in denied': '登录被拒绝',
  'Nothing was handed out. You can close this window; the terminal says how to try again.':
    '没有授予任何权限。可以关闭此窗口；终端中有重试的方法。',
  'Sign-in failed': '登录失败',
  'You can close this window and go back to the terminal, which says why.':
    '可以关闭此窗口，回到终端查看原因。',
  'Not the sign-in that is waited for': '不是正在等待的登录',
  'This answer belongs to another sign-in, and nothing was done with it. Use the page that sesame opened last.':
    '此响应属于另一次登录，未做任何处理。请使用 sesame 最后打开的页面。',
  'This address was used already': '此地址已被使用',
  'It works once. If the sign-in is open in another window, go on there. Otherwise run the login in the terminal again; with --no-browser the browser is yours to choose.':
    '它只能使用一次。如果登录页已在其他窗口中打开，请在那里继续；否则在终端中重新登录，加上 --no-browser 可自行选择浏览器。',
  'Your browser sent no cookie': '浏览器没有发送 Cookie',
  'A cookie of 127.0.0.1 ties a sign-in to the browser that began it, and this browser did not send it; nothing was done with its answer. Allow that cookie, then run the login in the terminal again, or use sesame login --flow device.':
    'sesame 用 127.0.0.1 的 Cookie 把登录与发起它的浏览器绑定，而此浏览器没有发送该 Cookie，因此其响应未做任何处理。允许该 Cookie 后在终端中重新登录，或使用 sesame login --flow device。',
  'Signing out': '正在退出登录',
  'The provider is asked to end your session. If nothing happens:':
    '正在请求身份提供商结束您的会话。如果页面没有反应：',
  'Sign out': '退出登录',
  'It works once. If the provider still knows you, sign out on its own page.':
    '它只能使用一次。如果身份提供商处仍是登录状态，请在其页面上退出。',
  'Sign-in of another user': '这是其他用户的登录',
  'Only programs of the user who runs sesame are answered here. Use a browser of that user, or sign in with sesame login --flow device.':
    '此处只应答运行 sesame 的用户的程序。使用该用户的浏览器，或用 sesame login --flow device 登录。',
} as const
