/** Profiles at work: choosing an account, renewing, keeping and forgetting what they have. */
export const session = {
  '{what}: {message}': '{what}：{message}',
  'Could not delete obsolete secrets': '无法删除不再使用的密钥',
  'What the store {store} holds of profile {profile} stays there':
    '存储 {store} 中配置 {profile} 的内容仍保留在原处',
  'What the store {store} held was deleted unread, so it was not revoked: {reason}':
    '存储 {store} 中的内容未经读取就已删除，因此没有吊销：{reason}',
  'Could not move the secrets of profile {name}': '无法移动配置 {name} 的密钥',
  'Could not forget profile {name}': '无法清除配置 {name} 的内容',
  'Could not move the sign-in': '无法移动登录信息',
  'Could not store the credentials': '无法保存凭证',
  'Could not store the credentials of profile {name}': '无法保存配置 {name} 的凭证',
  'Could not store the ID token': '无法保存 ID 令牌',
  'Could not store the sign-in': '无法保存登录信息',
  'Could not store the renewed sign-in': '无法保存续期后的登录信息',
  'Could not delete the expired refresh token': '无法删除已过期的刷新令牌',
  'Could not note the end of the sign-in': '无法记录登录的到期时间',
  'Could not note what the provider said': '无法记录身份提供商的应答',
  'Could not note how the provider takes the client secret': '无法记录身份提供商接受客户端密钥的方式',
  'Could not save the profile': '无法保存配置',
  'Could not remember the answer': '无法记住此选择',

  '{option} does not go with a profile of {kind}.': '{option} 不能用于 {kind} 的配置。',
  'A profile of {kind} needs {options}.': '{kind} 的配置需要 {options}。',
  'These options belong to different profiles: of {first} and of {second}.':
    '这些选项属于不同类型的配置：{first} 和 {second}。',
  'Profile {name} is one of {kind} already.': '配置 {name} 已经是 {kind} 的配置。',
  'Choose another name, or delete it first: sesame profile delete {name}':
    '换一个名称，或先删除它：sesame profile delete {name}',
  'Say how profile {name} signs in.': '指定配置 {name} 的登录方式。',
  'With {options}.': '可用选项：{options}。',
  'The roles would form a circle: {circle}.': '这些角色会形成循环：{circle}。',
  'The roles form a circle: {circle}.': '这些角色形成了循环：{circle}。',
  'Give one of them another --source-profile.': '为其中一个指定别的 --source-profile。',
  'Profile {name} has no use for a secret.': '配置 {name} 不需要密钥。',
  'Only {owners} have one.': '只有以下类型才有：{owners}。',
  'There is no store that could keep the secret.': '没有可以保存该密钥的存储。',
  'Set SESAME_PASSPHRASE for the encrypted file, or see "sesame doctor".':
    '为加密文件设置 SESAME_PASSPHRASE，或参阅 “sesame doctor”。',
  'Profile {name} is built on profile {source}, which does not exist.':
    '配置 {name} 基于配置 {source}，而后者不存在。',
  'Create it with "{command}", or name another --source-profile.':
    '用 “{command}” 创建它，或指定别的 --source-profile。',
  'No sign-in URL is configured for profile {name}.': '配置 {name} 没有设置登录地址。',
  'Run "sesame configure --signin-url https://…/login" with the URL from the CloudSSO console.':
    '运行 “sesame configure --signin-url https://…/login”，地址取自云 SSO 控制台。',
  'There is no such profile ("sesame profile list" shows all); "sesame configure" makes one.':
    '没有这个配置（“sesame profile list” 可列出全部）；用 “sesame configure” 创建。',
  'The secret of profile {name} is not in the store ({store}).': '存储（{store}）中没有配置 {name} 的密钥。',
  'Give it again: {command}': '重新提供：{command}',

  'Renewal failed, using cached credentials: {reason}': '续期失败，使用缓存的凭证：{reason}',
  'Renewal failed, using the cached token: {reason}': '续期失败，使用缓存的令牌：{reason}',
  'The last sign-in could not be renewed: {reason}': '上次的登录无法续期：{reason}',
  'The credentials of profile {name} are never valid for as long as --min-ttl.':
    '配置 {name} 的凭证有效期总是短于 --min-ttl。',
  '{what} gives {seconds} s at the most.': '{what}最多允许 {seconds} 秒。',
  'The role': '角色',
  'The access configuration': '访问配置',
  '{name}: the credentials are not taken over; nothing says to which directory they belong.':
    '{name}：未导入凭证，因为无法得知它们属于哪个目录。',
  'Another sesame is still at work on it: its server is slow, or it waits for a person.':
    '另一个 sesame 进程仍在处理：服务器响应慢，或正在等待用户操作。',
  'Another sesame (process {pid} on {host}) is still at work on it: its server is slow, or it waits for a person.':
    '另一个 sesame（{host} 上的进程 {pid}）仍在处理：服务器响应慢，或正在等待用户操作。',
  'Run the same command again in a moment.': '稍后重新运行同一命令。',
  'The server did not answer in time.': '服务器没有及时响应。',

  'This is {place}: the provider has no device sign-in, so the browser must reach 127.0.0.1 of this machine.':
    '当前环境是 {place}：身份提供商不支持设备码登录，因此浏览器必须能访问本机的 127.0.0.1。',
  'This is {place}: you sign in with a code in any browser. If yours reaches 127.0.0.1 of this machine: --flow code.':
    '当前环境是 {place}：在任意浏览器中用设备码登录。如果浏览器能访问本机的 127.0.0.1，可用 --flow code。',
  'The sign-in ended in another way.': '登录已通过另一种方式结束。',
  'The portal no longer accepts the last sign-in.': '登录门户不再接受上次的登录。',
  '{message} The sign-in is asked for again until its code expires.': '{message}登录码到期前会继续询问结果。',
  'What was chosen before is no longer accepted. {message}': '之前的选择不再被接受。{message}',

  account: '账号',
  'access configuration in account {id}': '账号 {id} 中的访问配置',
  'You have no {what}.': '您没有可用的{what}。',
  'You have no {what} {name}.': '您没有名为 {name} 的{what}。',
  'There is more than one {what}.': '有多个{what}。',
  'There is only another {what}.': '只有另一个{what}。',
  'More than one {what} is named {name}.': '有多个{what}名为 {name}。',
  'Ask the administrator of the CloudSSO directory for an assignment.': '联系云 SSO 目录的管理员授权。',
  'Name one of the above, by id or name: {command} …': '用 ID 或名称指定以上之一：{command} …',
  'Name one of the above, by id: {command} …': '用 ID 指定以上之一：{command} …',
  'Name one of the above: {command} …': '指定以上之一：{command} …',
  '… and {count} more': '……另有 {count} 项',
  'Choose another: {command} --choose (or --account-id and --access-config), or ask the administrator of the directory.':
    '另选一个：{command} --choose（或用 --account-id 和 --access-config），或联系目录的管理员。',
  '--account-id, --access-config and --choose belong to CloudSSO; profile {name} has its role configured.':
    '--account-id、--access-config 和 --choose 只用于云 SSO；配置 {name} 的角色是固定的。',
  'Change it with: {command} …': '如需更改：{command} …',
  'The account is chosen at its base: {command} …': '账号在其基础配置中选择：{command} …',
  'The secrets of profile {name} are now kept in: {store} (before: {former}).':
    '配置 {name} 的密钥现保存在 {store}（之前：{former}）。',

  'Sign in first: {command}': '请先登录：{command}',
  'Profile {name} has no role: it gives tokens, not credentials.':
    '配置 {name} 没有角色：它提供令牌，不提供凭证。',
  'Use: {command}; or add --role-arn and --oidc-provider-arn with "sesame configure".':
    '使用：{command}；或用 “sesame configure” 加上 --role-arn 和 --oidc-provider-arn。',
  'Profile {name} has no such token: {why}.': '配置 {name} 没有这种令牌：{why}。',
  'it gives credentials': '它提供的是凭证',
  'IDaaS gives ID tokens only': 'IDaaS 只提供 ID 令牌',
  'Leave --access out.': '去掉 --access。',
  'its scope is "{scope}"': '它的 scope 为 “{scope}”',
  'ID tokens need the scope openid.': '获取 ID 令牌需要 scope openid。',
  'A role needs one: {command}': '扮演角色需要 ID 令牌：{command}',
  'the sign-in by device code at {host} gives no ID token': '在 {host} 用设备码登录不会得到 ID 令牌',
  '{host} gives no ID token for the scope "{scope}"': '{host} 对 scope “{scope}” 不返回 ID 令牌',
  '{host} renews the access token, but not the ID token; only a new sign-in gives one: {command}':
    '{host} 只续期访问令牌，不续期 ID 令牌；只有重新登录才能得到：{command}',
  '{host} renews the access token, but not the ID token; only a new sign-in gives one.':
    '{host} 只续期访问令牌，不续期 ID 令牌；只有重新登录才能得到。',
} as const
