/** `sesame profile import`: profiles of acs-sso and of the aliyun CLI. */
export const profileImport = {
  '{who}: {what}.': '{who}：{what}。',
  '{who}: left out, another profile of that name comes from the other tool (--from {source} --overwrite takes this one).':
    '{who}：未导入，另一个工具中有同名配置（--from {source} --overwrite 可导入这一个）。',
  '{who}: left out, there is another profile of that name (--overwrite replaces it).':
    '{who}：未导入，已有另一个同名配置（--overwrite 可覆盖它）。',
  imported: '已导入',
  'would be imported': '将会导入',
  'has replaced the profile of that name': '已覆盖同名配置',
  'would replace the profile of that name': '将会覆盖同名配置',
  'already here': '已经存在',
  '{what}, account {account}, access configuration {configuration}':
    '{what}，账号 {account}，访问配置 {configuration}',
  'not chosen': '未选择',
  '{what}; {secrets}': '{what}；{secrets}',
  '{what}: {fate}': '{what}：{fate}',
  'credentials valid until {instant}': '有效期至 {instant} 的凭证',
  'a sign-in valid until {instant}': '有效期至 {instant} 的登录状态',
  'now in the store ({store})': '已保存到存储（{store}）',
  'would go to the store': '将会保存到存储',
  'not kept': '未能保存',
  'left out': '未导入',
  'its credentials have expired': '其凭证已过期',
  'its credentials are left out, {reason}': '其凭证未导入，{reason}',
  'their expiry is invalid': '到期时间无效',
  'they are incomplete or damaged': '凭证不完整或已损坏',
  'the access configuration is known by its name only, and the next login finds it':
    '访问配置只有名称，下次登录时会查到它',

  'The default sign-in URL is now {url}': '默认登录地址现在是 {url}',
  'The default sign-in URL would be {url}': '默认登录地址将会是 {url}',
  'The default sign-in URL stays {url}; imported profiles keep {other} as their own.':
    '默认登录地址仍是 {url}；导入的配置保留各自的 {other}。',
  'The current profile is now {name}.': '当前配置现在是 {name}。',
  'The current profile would be {name}.': '当前配置将会是 {name}。',
  'The current profile stays {name}.': '当前配置仍是 {name}。',
  'Nothing to import: there are {what}.': '没有可导入的内容：{what}。',
  'no profiles of acs-sso': '没有 acs-sso 的配置',
  'no CloudSSO profiles of the aliyun CLI': '没有 aliyun CLI 的 CloudSSO 配置',

  'The sign-in URL of acs-sso cannot be used: {reason}': '无法使用 acs-sso 的登录地址：{reason}',
  '"{name}" of {tool} cannot be a profile name.': '{tool} 中的 “{name}” 不能用作配置名称。',
  'Profile {name} of acs-sso names no account and access configuration.':
    'acs-sso 的配置 {name} 没有指定账号和访问配置。',
  'Profile {name} of aliyun has no usable sign-in URL.': 'aliyun 的配置 {name} 没有可用的登录地址。',
  'Profile {name} of aliyun has no usable sign-in URL: {reason}':
    'aliyun 的配置 {name} 没有可用的登录地址：{reason}',
  'Profile {name} of aliyun has an account or access configuration that is no id.':
    'aliyun 的配置 {name} 中的账号或访问配置不是 ID。',
  'profiles must be a list of objects': 'profiles 必须是对象列表',
  'it is UTF-16': '编码是 UTF-16',
  'it begins with a byte order mark': '以字节顺序标记（BOM）开头',
  '{field} of profile {name} is not in quotes': '配置 {name} 的 {field} 没有加引号',

  'The file of the aliyun CLI is its own and is never deleted.':
    'aliyun CLI 的文件归它自己使用，不会被删除。',
  'Delete them?': '要删除这些文件吗？',
  'Deleted {names}.': '已删除 {names}。',
  '{names} would be deleted.': '将会删除 {names}。',
  'Not deleted: {names}; not taken over: {left}.': '没有删除 {names}；尚未导入：{left}。',
  'Would not be deleted: {names}; not taken over: {left}.': '不会删除 {names}；尚未导入：{left}。',
  'what is named above': '上面列出的内容',
  'the credentials of profile {name}': '配置 {name} 的凭证',
  '{names} hold secrets in plain text.': '{names} 含有明文密钥。',
  '{names} stay in place and hold secrets in plain text.': '{names} 保留在原处，其中含有明文密钥。',
  '{names} stay in place and hold secrets in plain text; to delete them: {command}':
    '{names} 保留在原处，其中含有明文密钥；如需删除：{command}',
  '{names} stay in place; to delete them: {command}': '{names} 保留在原处；如需删除：{command}',
  '{names} changed meanwhile and stay in place.': '{names} 在此期间有改动，保留在原处。',
  '{paths} stays as it is and holds secrets in plain text; to have sesame give them to the aliyun CLI instead: {commands}':
    '{paths} 保持不变，其中含有明文密钥；如需改由 sesame 提供给 aliyun CLI：{commands}',
} as const
