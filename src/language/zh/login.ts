/** `sesame login`, `credentials`, `logout`, `exec`: what they say besides errors of the sign-in itself. */
export const login = {
  'Warning: credentials were printed to the terminal. Use {command} or sesame exec.':
    '警告：凭证已显示在终端上。建议使用 {command} 或 sesame exec。',
  'Profile {profile} has no role: it gives tokens, not credentials.':
    '配置 {profile} 没有角色：它只提供令牌，不提供凭证。',
  'Use: {command}': '请使用：{command}',
  'Signed in.': '登录成功。',
  'Signed in as {user}.': '已登录，用户：{user}。',
  'Profile {profile} has tokens and no role; they are valid until {until}.':
    '配置 {profile} 没有角色，已获得令牌，有效期至 {until}。',
  'Profile {profile} has tokens and no role; they are valid until {until} and then renewed by themselves.':
    '配置 {profile} 没有角色，已获得令牌，有效期至 {until}，之后自动续期。',
  'The provider gave no ID token for the device code. If you need one: {command}':
    '身份提供商没有为设备码签发 ID 令牌。如果需要，请运行：{command}',
  'A program gets them with: {command}': '程序可以这样获取令牌：{command}',
  'Nothing is asked here.': '此处不进行询问。',

  'Signed out of profile {name}.': '配置 {name} 已退出登录。',
  'Profile {name} was not signed in.': '配置 {name} 没有登录。',
  'Profile {name} could not be signed out: {reason}': '配置 {name} 退出登录失败：{reason}',
  'Its tokens were revoked at the provider.': '身份提供商已吊销它的令牌。',
  'The provider cannot revoke tokens: they are forgotten here, and end by themselves.':
    '身份提供商不支持吊销令牌：本机已清除令牌，令牌到期后自行失效。',
  'Warning: its tokens could not be revoked at the provider: {reason}':
    '警告：未能在身份提供商处吊销它的令牌：{reason}',
  'Credentials handed out before stay valid until {until}; STS cannot call them back.':
    '此前已发出的凭证在 {until} 之前仍然有效，STS 无法收回。',
  'The sign-in is that of profile {name}, and stays.': '登录状态属于配置 {name}，予以保留。',
  'The sign-in was shared with {names}, which will have to sign in again.':
    '登录状态由以下配置共用，它们也需要重新登录：{names}。',
  'No provider of these profiles has a session that could be ended.':
    '这些配置的身份提供商都没有可以结束的会话。',
  'To end the session in your browser, go to: {address}': '要结束浏览器中的会话，请打开：{address}',
  'To end the session in your browser, it opens: {address}': '正在打开浏览器以结束其中的会话：{address}',
  'If the provider shows an error, go to: {address}': '如果身份提供商显示错误，请打开：{address}',
  'The browser did not open that page; go to: {address}': '浏览器没有打开该页面，请自行打开：{address}',
  '{failure}. The browser could not be opened; use the address above.':
    '{failure}。无法打开浏览器，请使用上面的地址。',
  '{failure}. The browser could not be opened.': '{failure}。无法打开浏览器。',
  'The browser was not opened: {reason}.': '没有打开浏览器：{reason}。',

  'This already runs in sesame exec, for profile {profile}.':
    '当前已在 sesame exec 中运行，配置为 {profile}。',
  'Leave it first, or add --force.': '请先退出，或加上 --force。',
  'The aliyun CLI takes no region from its environment, but cn-hangzhou; for {region} add: {option}':
    'aliyun CLI 不从环境变量读取地域，而是使用 cn-hangzhou；要使用 {region}，请加上：{option}',
  '{command} reads no credentials URI; it gets keys, as without --server.':
    '{command} 不支持凭证 URI，改为直接提供密钥，与不加 --server 时相同。',
  'sesame: SHELL is {shell}, which is no program here; this is {command}.':
    'sesame：SHELL 的值 {shell} 不是可用的程序，改用 {command}。',
  'sesame: There is no program {command}.': 'sesame: 找不到程序 {command}。',
  'sesame: {command} cannot be run: {reason}.': 'sesame: 无法运行 {command}：{reason}。',
  'Not passed on: {names}, as SDKs would send the secret address of the credentials through that proxy.':
    '未传给子进程：{names}，否则 SDK 会通过该代理发送凭证的私密地址。',
  'No client gets credentials any more. {message}': '客户端无法再获取凭证。{message}',
} as const
