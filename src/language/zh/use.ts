/** Choosing a profile. */
export const use = {
  'Profile:': '配置：',
  '{count} profiles: type to search, {keys} to move, Enter to choose, Esc to leave':
    '共 {count} 个配置：输入文字搜索，{keys} 移动，Enter 选定，Esc 退出',
  '{count}: type to search; {keys}, Enter, Esc': '共 {count} 个，输入文字搜索；{keys}、Enter、Esc',
  expired: '已过期',
  'There are no profiles yet.': '还没有任何配置。',
  '"sesame login --profile NAME" or "sesame configure" makes one.':
    '可用 “sesame login --profile NAME” 或 “sesame configure” 创建。',
  'The current profile is {name}.': '当前配置为 {name}。',
  'In this shell SESAME_PROFILE={other} goes before it.': '当前 Shell 中的 SESAME_PROFILE={other} 优先于它。',
  'Name the profile: there is no terminal to choose it on.': '请指定配置名：没有终端，无法列表选择。',
  'For example: {command}': '例如：{command}',
  'There is no profile {name}.': '没有名为 {name} 的配置。',
  '"sesame profile list" shows all.': '“sesame profile list” 可列出全部配置。',
  'Did you mean {name}? "sesame profile list" shows all.':
    '您要找的是 {name} 吗？“sesame profile list” 可列出全部配置。',
  'This shell uses profile {name}.': '当前 Shell 使用配置 {name}。',
  'This shell uses profile {name}. Sign in with: sesame login':
    '当前 Shell 使用配置 {name}。请登录：sesame login',
  'This shell uses profile {name}, without credentials: {reason}':
    '当前 Shell 使用配置 {name}，但没有凭证：{reason}',
} as const
