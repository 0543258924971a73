/** STS and the credentials of CloudSSO: refusals, and what to do about them. */
export const sts = {
  'STS did not let you assume {role}': 'STS 不允许扮演 {role}',
  'STS did not accept the credentials': 'STS 不接受该凭证',
  'STS answered {status}, but without an Arn.': 'STS 返回了 {status}，但响应中没有 Arn。',
  '{name} answered {status}, but without a usable {member}.':
    '{name}：响应（{status}）中没有可用的 {member}。',
  'The server handed out credentials without a readable expiration.':
    '服务器返回的凭证没有可识别的到期时间。',
  'The server handed out credentials that have already expired.': '服务器返回的凭证已过期。',
  'The server handed out credentials with an expiration too far away.': '服务器返回的凭证到期时间过远。',
  'The ID token has {length} characters; STS takes {min} to {max}.':
    'ID 令牌有 {length} 个字符；STS 只接受 {min} 到 {max} 个。',
  'Let the identity provider put fewer claims (groups, roles) into the ID tokens of this client.':
    '让身份提供商减少该客户端 ID 令牌中的声明（用户组、角色）。',
  'The portal': '用户门户',
  'The portal gave no credentials': '用户门户没有返回凭证',
  'The portal gave no credentials of access configuration {configuration} in account {account}':
    '用户门户没有返回账号 {account} 中访问配置 {configuration} 的凭证',
  'You are not allowed to use access configuration {configuration} in account {account}':
    '无权使用账号 {account} 中的访问配置 {configuration}',

  'Check the STS endpoint and the proxy settings; something else may have answered.':
    '检查 STS 接入地址和代理设置；应答的可能不是 STS。',
  'Check the STS endpoint: what answered there does not know this call.':
    '检查 STS 接入地址：应答方不支持该接口。',
  'Check the role settings of the profile; support at Alibaba Cloud can look the RequestId up.':
    '检查该配置的角色设置；阿里云技术支持可以根据 RequestId 查询原因。',
  'Sign in again ("sesame login --force --profile NAME").':
    '重新登录（“sesame login --force --profile NAME”）。',
  'Sign in again ("sesame login --force --profile NAME"). If that does not help, compare the issuer in RAM with --issuer.':
    '重新登录（“sesame login --force --profile NAME”）。如果仍然失败，核对 RAM 中的 issuer 与 --issuer 是否一致。',
  'Renew the credentials that the role is assumed with ("sesame login --force --profile NAME").':
    '续期用于扮演角色的凭证（“sesame login --force --profile NAME”）。',
  'Set the clock of this machine (or switch on NTP): it is more than 15 minutes away from that of STS.':
    '校准本机时钟（或启用 NTP）：它与 STS 的时间相差超过 15 分钟。',
  'STS has a problem, or your account makes too many calls; try again in a while.':
    'STS 出现故障，或当前账号调用过于频繁；稍后再试。',

  'Check --oidc-provider-arn: RAM knows no OIDC provider of that name in this account.':
    '检查 --oidc-provider-arn：该账号的 RAM 中没有这个名称的 OIDC 身份提供商。',
  'Check the trust policy of the role in RAM: principal (OIDC provider) and conditions (oidc:iss, oidc:aud, oidc:sub).':
    '检查 RAM 中该角色的信任策略：Principal（OIDC 身份提供商）和条件（oidc:iss、oidc:aud、oidc:sub）。',
  'Add the client id of this profile to the client ids of the OIDC provider in RAM.':
    '把该配置的客户端 ID 加入 RAM 中 OIDC 身份提供商的客户端 ID 列表。',
  'The issuer of the OIDC provider in RAM must be --issuer of this profile to the letter; or --oidc-provider-arn names another provider.':
    'RAM 中 OIDC 身份提供商的 issuer 必须与该配置的 --issuer 逐字符一致；也可能是 --oidc-provider-arn 指向了另一个身份提供商。',
  'STS cannot read the keys of the identity provider: its discovery document and its jwks_uri must be open to the internet, over https.':
    'STS 无法读取身份提供商的公钥：其发现文档（discovery）和 jwks_uri 必须能通过 https 从公网访问。',
  'The identity provider has a new certificate: add its fingerprint to the OIDC provider in RAM.':
    '身份提供商更换了证书：把新证书的指纹加入 RAM 中的 OIDC 身份提供商。',
  'STS does not trust the certificate of the identity provider: update the fingerprints of the OIDC provider in RAM, and serve the whole chain.':
    'STS 不信任身份提供商的证书：更新 RAM 中 OIDC 身份提供商的指纹，并让服务器提供完整的证书链。',
  'Let the identity provider sign ID tokens of this client with RS256.':
    '让身份提供商使用 RS256 为该客户端的 ID 令牌签名。',
  'Compare the OIDC provider in RAM with this profile: issuer, client ids, fingerprints, and how old a token may be.':
    '核对 RAM 中的 OIDC 身份提供商与该配置：issuer、客户端 ID、指纹，以及令牌允许的最长签发时间。',
  'Check --role-arn, --oidc-provider-arn and the trust policy of the role in RAM.':
    '检查 --role-arn、--oidc-provider-arn，以及 RAM 中该角色的信任策略。',
  'An Alibaba Cloud account itself cannot assume roles: use a RAM user or a role as the source.':
    '阿里云主账号不能扮演角色：请使用 RAM 用户或角色作为来源。',
  'The source needs the permission sts:AssumeRole, and the trust policy of the role must name it (and the --external-id, if it asks for one).':
    '来源身份需要 sts:AssumeRole 权限，且角色的信任策略必须包含该身份（如果要求 ExternalId，还需与 --external-id 一致）。',
  'Set --role-session-name to 2 to 64 letters, digits and characters of . @ - _':
    '把 --role-session-name 设为 2 到 64 个字符，只能包含字母、数字和 . @ - _',
  'Set --duration-seconds to 900 or more, and to no more than the maximum session duration of the role in RAM.':
    '把 --duration-seconds 设为 900 以上，且不超过 RAM 中该角色的最大会话时间。',
  'Fix --policy: a RAM policy is {"Version":"1","Statement":[{"Effect","Action","Resource"}]}.':
    '修正 --policy：RAM 权限策略的格式是 {"Version":"1","Statement":[{"Effect","Action","Resource"}]}。',
  'Check --role-arn: it looks like acs:ram::<account id>:role/<name>.':
    '检查 --role-arn：正确的形式是 acs:ram::<账号 ID>:role/<名称>。',
  'Check --oidc-provider-arn: it looks like acs:ram::<account id>:oidc-provider/<name>.':
    '检查 --oidc-provider-arn：正确的形式是 acs:ram::<账号 ID>:oidc-provider/<名称>。',
  'Check --external-id: it must be the one in the trust policy of the role.':
    '检查 --external-id：必须与角色信任策略中的一致。',
  'Check --role-arn: the account has no such role; RAM spells its name and the account id.':
    '检查 --role-arn：该账号没有这个角色；在 RAM 中核对角色名称和账号 ID。',
  'Check --oidc-provider-arn: the account has no such OIDC provider; RAM spells its name and the account id.':
    '检查 --oidc-provider-arn：该账号没有这个 OIDC 身份提供商；在 RAM 中核对其名称和账号 ID。',
  'Check --role-arn and --oidc-provider-arn: what the message names is not in that account.':
    '检查 --role-arn 和 --oidc-provider-arn：该账号中没有错误信息所指的对象。',
  'The AccessKey of the source is disabled in RAM: have it enabled, or use another one.':
    '来源身份的 AccessKey 已在 RAM 中禁用：启用它，或改用其他 AccessKey。',
  'Something between here and STS changes requests (proxy), or the kept secret is damaged: try "sesame login --force --profile NAME".':
    '本机与 STS 之间有设备（代理）修改了请求，或保存的密钥已损坏：运行 “sesame login --force --profile NAME” 试试。',
  'Something between here and STS takes headers away: check the proxy settings.':
    '本机与 STS 之间有设备删除了请求头：检查代理设置。',
} as const
