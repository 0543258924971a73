/** Values that a user types: addresses, regions, roles. */
export const values = {
  'The sign-in URL': '登录地址',
  'The sign-in URL names no directory: {address}': '登录地址中没有目录：{address}',
  'It looks like {example}; the CloudSSO console has it on its overview page.':
    '正确的形式如 {example}；可在云 SSO 控制台的概览页找到。',

  'The issuer': '签发方（issuer）',
  'The issuer is not a web address: {address}': 'issuer 不是有效的网址：{address}',
  'It looks like https://sso.example.com/realms/acme, as the provider itself spells it.':
    '正确的形式如 https://sso.example.com/realms/acme，与身份提供商自己的写法一致。',
  'The issuer must have no query and no fragment.': 'issuer 不能包含查询参数和片段（#）。',
  'That is the address of the discovery document, not the issuer.':
    '这是发现文档（discovery）的地址，不是 issuer。',
  'Leave the end away: {issuer}': '去掉末尾部分：{issuer}',
  'The issuer {issuer} stands for many tenants.': 'issuer {issuer} 对应多个租户。',
  "Use the tenant's own id: {origin}/TENANT-ID/v2.0": '使用租户自己的 ID：{origin}/TENANT-ID/v2.0',

  'The IDaaS URL': 'IDaaS 地址',
  'It is the address of the IDaaS instance and looks like https://example.login.aliyunidaas.com.':
    '它是 IDaaS 实例的地址，形式如 https://example.login.aliyunidaas.com。',
  'The IDaaS URL is the address of one call, not of the instance.':
    '该 IDaaS 地址是某个接口的地址，不是实例的地址。',
  'Leave out everything from /api/public/ on: {origin}': '去掉从 /api/public/ 开始的部分：{origin}',
  'Invalid IDaaS {what}: {value}': '无效的 IDaaS {what}：{value}',
  'application uuid': '应用 UUID',
  'app key': '应用 appKey',
  'API version': 'API 版本',
  'It looks like v1.2.': '正确的形式如 v1.2。',
  'It is in the details of the application in IDaaS.': '可在 IDaaS 的应用详情中找到。',

  '{what} must be a region id such as cn-hangzhou, not {value}.':
    '{what} 必须是地域 ID，例如 cn-hangzhou，而不是 {value}。',
  'The VPC endpoint of STS needs a --region.': '使用 STS 的 VPC 接入地址时需要指定 --region。',
  '{option} must be a host such as sts.cn-hangzhou.aliyuncs.com, or a URL, not {value}.':
    '{option} 必须是主机名（例如 sts.cn-hangzhou.aliyuncs.com）或 URL，而不是 {value}。',
  '{option} must be an address without path or query: {origin}':
    '{option} 的地址不能包含路径和查询参数：{origin}',

  'the ARN of a RAM role, acs:ram::<account id>:role/<name>':
    'RAM 角色的 ARN，acs:ram::<账号 ID>:role/<名称>',
  'the ARN of an OIDC provider in RAM, acs:ram::<account id>:oidc-provider/<name>':
    'RAM 中 OIDC 身份提供商的 ARN，acs:ram::<账号 ID>:oidc-provider/<名称>',
  '2 to 64 letters, digits and characters of . @ - _': '2 到 64 个字符，只能包含字母、数字和 . @ - _',
  '2 to 1224 letters, digits and characters of _ + = , . @ : / -':
    '2 到 1224 个字符，只能包含字母、数字和 _ + = , . @ : / -',
  '{min} to {max} whole seconds (15m to 12h), and no more than the role allows':
    '{min} 到 {max} 的整数秒（15m 到 12h），且不超过角色允许的时长',
  '1 to {max} characters long, not {length}': '长度为 1 到 {max} 个字符，实际为 {length} 个',
  'a JSON object with the members Version and Statement': '包含 Version 和 Statement 的 JSON 对象',
} as const
