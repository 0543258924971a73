/** Signing in: codes and addresses, what is waited for, what is kept. */
export const signIn = {
  'Still waiting for your approval of {code}. If you have not given it yet, go to:':
    '仍在等待您批准 {code}。如果尚未批准，请打开：',
  'The sign-in {code} was denied in the browser. A new one begins.':
    '登录 {code} 已在浏览器中被拒绝，现在重新开始登录。',
  'The sign-in {code} has expired, or was used already. A new one begins.':
    '登录 {code} 已过期或已被使用，现在重新开始登录。',
  'The sign-in {code} has ended: {message} A new one begins.':
    '登录 {code} 已结束：{message} 现在重新开始登录。',
  'To begin anew, press Ctrl-C and run: {command}': '如需重新开始，请按 Ctrl-C，然后运行：{command}',
  'Still waiting. If the page in your browser says that it was denied or failed, press Ctrl-C and run: {command}':
    '仍在等待。如果浏览器页面显示已拒绝或失败，请按 Ctrl-C，然后运行：{command}',
  'Or sign in with any browser, on any device, at:': '或者在任意设备的浏览器中打开以下地址登录：',
  '{message} The other way is still open.': '{message} 仍可使用另一种方式登录。',
  'There is no keychain here. Where shall the sign-in be kept?': '此处没有可用的钥匙串。登录信息保存在哪里？',
  'in an encrypted file: commands ask for its passphrase': '保存到加密文件：命令需要时会询问口令',
  'in an encrypted file, unlocked for 12 hours by a login': '保存到加密文件，每次登录后解锁 12 小时',
  'nowhere: it is lost after this run': '不保存：本次运行结束后即失效',
  'Remembered. To be asked again: sesame configure --store auto':
    '已记住此选择。如需重新选择，请运行：sesame configure --store auto',
  'The encrypted file is unlocked until {until}.': '加密文件已解锁，有效期至 {until}。',
  'Passphrase of the new encrypted file:': '新加密文件的口令：',
  'The same again:': '再次输入口令：',
  'These were two different ones. Once more:': '两次输入的口令不一致，请重新输入：',
} as const
