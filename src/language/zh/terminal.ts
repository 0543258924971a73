/** What is shown and asked on the terminal: prompts, waiting, the browser. */
export const terminal = {
  'Your browser opens to sign you in. If it does not, go to:': '正在打开浏览器登录。如果没有打开，访问：',
  'Sign in with the browser of this machine at:': '用本机的浏览器访问以下地址登录：',
  'Sign in with your browser at:': '用浏览器访问以下地址登录：',
  'or, on another device, go to:': '或者在其他设备上访问：',
  'and enter the code:': '并输入用户码：',
  'Approve only if the page shows {code} and you started this sign-in yourself.':
    '只有页面显示 {code}，且登录由您本人发起时，才可批准。',
  'Warning: the verification URL is on {host}, not on the configured host {configured}.':
    '警告：验证地址位于 {host}，而不是所配置的主机 {configured}。',
  'Waiting for your browser': '正在等待浏览器',
  'Waiting for your approval': '正在等待批准',
  '{what}, {time} left': '{what}，剩余 {time}',
  'Account:': '账号：',
  'Access configuration in {name}:': '{name} 的访问配置：',
  '{count} in all: type to search, ↑↓ to move, Enter to choose':
    '共 {count} 项：输入文字搜索，↑↓ 移动，Enter 选定',
  'The QR code needs a terminal of {width} columns; this one has {columns}.':
    '二维码需要 {width} 列宽的终端，当前只有 {columns} 列。',

  '{reason}. The browser could not be opened; use the address above.':
    '{reason}。无法打开浏览器，请使用上面的地址。',
  '{name} ended with exit code {code}': '{name} 退出，退出码 {code}',
  '{name} ended with {signal}': '{name} 因 {signal} 终止',
  '{name} is not there': '{name} 不存在',
  '{name} cannot be run': '{name} 无法运行',
  '{name} cannot be started ({code})': '{name} 无法启动（{code}）',
  'the opener': '浏览器启动程序',
  'no terminal': '没有终端',
  'running in CI': '正在 CI 中运行',
  'this is an SSH session': '当前为 SSH 会话',
  'no display': '没有图形界面',
  'a container': '容器',
  'a dev container': '开发容器（dev container）',
  'a Kubernetes pod': 'Kubernetes 容器组（Pod）',
  'an SSH session': 'SSH 会话',
  'VS Code on a remote machine': '远程机器上的 VS Code',

  'Set SESAME_PASSPHRASE, or run the command on a terminal.':
    '设置 SESAME_PASSPHRASE，或在终端中运行该命令。',
  'Passphrase of the new encrypted store:': '新加密存储的口令：',
  'Passphrase of the encrypted store:': '加密存储的口令：',
  navigate: '移动',
  select: '选定',
  '[input is masked]': '[输入不显示]',
  'No results found': '没有匹配项',
  'You must provide a valid value': '请输入有效的值',
  Yes: '是',
  No: '否',
  'One line without invisible characters, please.': '只能是一行，且不含不可见字符。',
  '{what} is read from the standard input: pipe it in.': '{what} 从标准输入读取：请通过管道传入。',
  '{what} is longer than {count} bytes.': '{what} 超过 {count} 字节。',
  '{what} is missing: the standard input is empty.': '缺少 {what}：标准输入为空。',
} as const
