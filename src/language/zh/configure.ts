/** `sesame configure`: the settings of a profile, as they are asked for, checked and shown. */
export const configure = {
  'How does profile {name} sign in?': '配置 {name} 使用哪种登录方式？',
  'CloudSSO: an Alibaba Cloud sign-in URL': 'CloudSSO：阿里云登录地址',
  'OIDC: Keycloak, Entra ID, Okta, any other provider': 'OIDC：Keycloak、Entra ID、Okta 或其他身份提供商',
  'IDaaS: the API token of an application': 'IDaaS：应用的 API 令牌',
  'Role: with the credentials of another profile': '角色：使用另一个配置的凭证',
  CloudSSO: '云 SSO（CloudSSO）',
  'an OIDC provider': 'OIDC 身份提供商',
  'Alibaba IDaaS': '阿里云 IDaaS',
  'a role of another profile': '通过另一个配置扮演角色',
  '{question} (empty for {meaning})': '{question}（留空表示{meaning}）',
  'tokens only': '只获取令牌',
  'A profile of this kind cannot do without it.': '这类配置必须填写该项。',

  'CloudSSO sign-in URL': 'CloudSSO 登录地址',
  'Sign-in URL': '登录地址',
  'Access configuration': '访问配置',
  'Managed by': '管理方式',
  'Issuer URL': '签发方地址（issuer）',
  'Client id': '客户端 ID',
  Client: '客户端',
  'with a secret': '有密钥',
  'Client authentication': '客户端认证方式',
  Scope: '请求的 scope',
  Audience: '受众（audience）',
  'Trusted hosts': '受信任的主机',
  'Sign-in flow': '登录方式',
  Prompt: 'prompt 参数',
  'acr values': 'acr_values 参数',
  'Device endpoint': '设备授权接口',
  'Redirect port': '回调端口',
  'IDaaS URL': 'IDaaS 地址',
  IDaaS: 'IDaaS 实例',
  'Application uuid': '应用 UUID',
  Application: '应用',
  appKey: '应用 appKey',
  appSecret: '应用 appSecret',
  'Source profile': '来源配置',
  'Role ARN': '角色 ARN',
  'OIDC provider ARN in RAM': 'RAM 中 OIDC 身份提供商的 ARN',
  'OIDC provider': 'OIDC 身份提供商',
  'External id': '外部 ID',
  'Session name': '会话名称',
  Duration: '有效期',
  Policy: '权限策略',
  Region: '地域',
  Site: '站点',
  'STS endpoint': 'STS 接入地址',

  'The client secret': '客户端密钥',
  'An OIDC client': 'OIDC 客户端',
  'OIDC clients': 'OIDC 客户端',
  'The appSecret': '应用的 appSecret',
  'An IDaaS application': 'IDaaS 应用',
  'IDaaS applications': 'IDaaS 应用',
  '{what} must be one line without invisible characters.': '{what}必须是单行，且不含不可见字符。',
  '--{option} does not go with this profile.': '--{option} 不适用于该配置。',
  '{owner} has --{option}.': '{owner}使用 --{option}。',

  '{option} must be printable ASCII.': '{option} 只能包含可打印的 ASCII 字符。',
  '{option} must be words of printable ASCII with single spaces between them.':
    '{option} 必须是由可打印 ASCII 字符组成的单词，单词之间用一个空格分隔。',
  '{option} must be host names with spaces between them.': '{option} 必须是主机名，用空格分隔。',
  '{option} can be {values}.': '{option} 可选的值：{values}。',
  '{option} must be a port from 1024 to 65535.': '{option} 必须是 1024 到 65535 之间的端口。',
  '{option} must have no fragment.': '{option} 不能带片段（#）。',
  '{option} and {other} do not go together.': '{option} 和 {other} 不能同时使用。',
  '{first} and {second}': '{first} 和 {second}',
  '{list}, or {last}': '{list}，或 {last}',
  '--{option} needs --profile NAME.': '--{option} 需要与 --profile NAME 一起使用。',
  'Without a terminal, configure needs options that say how profile {profile} signs in.':
    '没有终端时，configure 需要用选项说明配置 {profile} 的登录方式。',
  'With {options}; see "sesame help configure".': '使用 {options}；参阅 “sesame help configure”。',
  'Without a terminal, configure needs {option} URL.': '没有终端时，configure 需要 {option} URL。',

  'Secrets are kept in: {store}': '密钥保存在：{store}',
  'Warning: plaintext keeps secrets readable on disk for every program you run.':
    '警告：plaintext 会把密钥以明文保存在磁盘上，您运行的任何程序都能读取。',
  'Sign-in URL of all profiles: {url}': '所有配置的登录地址：{url}',
  'Sign-in URL of profile {name}: {signInUrl}': '配置 {name} 的登录地址：{signInUrl}',
  'Profile {name} signs in at {issuer} as client {clientId}.':
    '配置 {name} 以客户端 {clientId} 在 {issuer} 登录。',
  'Profile {name} gets its token at {idaasUrl} for application {applicationUuid}.':
    '配置 {name} 在 {idaasUrl} 获取应用 {applicationUuid} 的令牌。',
  'Profile {name} assumes its role with the credentials of profile {sourceProfile}.':
    '配置 {name} 使用配置 {sourceProfile} 的凭证扮演角色。',
  'Role: {role}': '角色：{role}',
  'Its secret is kept in: {store}': '其密钥保存在：{store}',
  'Warning: there is no profile {source} yet; {name} cannot be used before there is.':
    '警告：还没有配置 {source}；在它创建之前，{name} 无法使用。',
  'From the link: account {account}': '来自链接：账号 {account}',
  'From the link: account {account}, access configuration {configuration}':
    '来自链接：账号 {account}，访问配置 {configuration}',
  "The account of the link is left out: it is one profile's. Give it to one with --profile NAME.":
    '没有采用链接中的账号：账号只属于单个配置。用 --profile NAME 指定该配置。',

  '--new-key goes with --store encrypted-file only.': '--new-key 只能与 --store encrypted-file 一起使用。',
  'This key opens the encrypted file from now on. Keep it: it is not shown again.':
    '从现在起用此密钥打开加密文件。妥善保存：它不会再次显示。',
  'Set SESAME_PASSPHRASE to it, as a secret of your CI or server; it replaces the former passphrase.':
    '把 SESAME_PASSPHRASE 设为此密钥，作为 CI 或服务器的机密变量；它取代原来的口令。',
  'The new key could not be written to the standard output, so it is not used.':
    '无法把新密钥写到标准输出，因此没有启用。',
  'What opened the encrypted file before still does; run the same command again.':
    '原来的口令或密钥仍可打开加密文件；重新运行同一命令。',

  '--{option} needs --for.': '--{option} 需要与 --for 一起使用。',
  'Such as --for {tools}.': '例如 --for {tools}。',
  '--{option} is for {tools} only.': '--{option} 只适用于 {tools}。',
  'Profile {profile} has no credentials yet: {command}': '配置 {profile} 还没有凭证：{command}',
  '{name} is set here: the tool needs it in its environment too.':
    '当前设置了 {name}：该工具的环境中也需要设置它。',
  'A program gets them with: sesame token get --profile {profile}':
    '程序可以这样获取：sesame token get --profile {profile}',
} as const
