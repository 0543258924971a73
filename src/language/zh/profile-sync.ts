/** `sesame profile sync`. */
export const profileSync = {
  'make a profile for every account and access configuration that you have at CloudSSO':
    '为您在 CloudSSO 中可用的每个账号和访问配置各建一个配置',
  'CloudSSO sign-in URL (default: the configured one)': 'CloudSSO 登录地址（默认：已配置的地址）',
  'only accounts, access configurations or profiles with such a name or id, such as "prod*"':
    '只处理名称或 ID 匹配的账号、访问配置或配置，例如 "prod*"',
  'how new profiles are named (default {template}); placeholders: {names}':
    '新配置的命名方式（默认 {template}）；占位符：{names}',
  'delete what it has made and you may no longer use': '删除由本命令创建、而您已无权使用的配置',
  'No sign-in URL is configured.': '尚未配置登录地址。',
  'Name it: sesame profile sync --signin-url https://…/login':
    '请指定：sesame profile sync --signin-url https://…/login',
  'The profiles have several sign-in URLs.': '现有配置使用了多个登录地址。',
  'Name one of them with --signin-url: {urls}': '请用 --signin-url 指定其中一个：{urls}',
  'Warning: {host} is not a CloudSSO host of Alibaba Cloud ({domains}).':
    '警告：{host} 不是阿里云 CloudSSO 的主机（{domains}）。',
  '--name has no placeholder.': '--name 中没有占位符。',
  '--name has a brace without its other half.': '--name 中的花括号不成对。',
  '--name: {placeholder} is not known.': '--name：无法识别 {placeholder}。',
  'Placeholders: {names}.': '可用的占位符：{names}。',
  '{count} profiles are more than the configuration can hold.': '{count} 个配置超出了配置文件的容量。',
  'Take fewer of them with --match.': '请用 --match 缩小范围。',
  accounts: '个账号',
  created: '新建',
  changed: '更改',
  gone: '失效',
  pruned: '删除',
  'Created {created}, changed {changed}, pruned {pruned}, kept {kept} profiles.':
    '配置：新建 {created} 个，更改 {changed} 个，删除 {pruned} 个，保留 {kept} 个。',
  'Would create {created}, change {changed}, prune {pruned}, keep {kept} profiles; nothing was written.':
    '配置：将新建 {created} 个，更改 {changed} 个，删除 {pruned} 个，保留 {kept} 个；未写入任何内容。',
  'Nothing to change: {kept} profiles are up to date.': '无需更改：{kept} 个配置均为最新。',
  'Nothing matches {patterns}.': '没有任何内容与 {patterns} 匹配。',
  'You have no access configuration in this directory.': '您在该目录中没有任何访问配置。',
  'The name {wanted} is taken; the profile is named {name}.': '名称 {wanted} 已被占用，该配置命名为 {name}。',
  '… and {count} more.': '……另有 {count} 条。',
  'Profiles whose assignment is gone: {count}. To delete them: {command}':
    '有 {count} 个配置的授权已不存在。如需删除：{command}',
  'Profile {user} was built on {name}, which is pruned.': '配置 {user} 依赖的 {name} 已被删除。',
  'Profiles that exist keep their names: {count} would be named otherwise now.':
    '已有配置保留原名：其中 {count} 个与现在的模板不一致。',
  'Not listed: account {account}: {reason}': '未能列出账号 {account}：{reason}',
  'The list is not complete ({failed} of {all} accounts failed), so nothing was pruned. Run the same command again.':
    '列表不完整（{all} 个账号中有 {failed} 个失败），因此没有删除任何配置。请重新运行同一命令。',
  'To use one: {command}': '使用其中一个：{command}',
} as const
