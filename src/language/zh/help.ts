/** The overview and the page of each command: what commands and options do. */
export const help = {
  'sesame {version}: sign in to the cloud once, have valid credentials all day.':
    'sesame {version}：登录云一次，全天都有有效凭证。',
  'Usage: {line}': '用法：{line}',
  'Commands:': '命令：',
  'Subcommands:': '子命令：',
  'Examples:': '示例：',
  'Options:': '选项：',
  '{heading}:': '{heading}：',
  '{text}.': '{text}。',
  'First steps:': '快速开始：',
  'Or at an OIDC provider:': '或者使用 OIDC 身份提供商：',
  '"sesame help COMMAND" explains one command.': '“sesame help COMMAND” 介绍单个命令。',
  'Environment: {names}': '环境变量：{names}',
  '{summary}; also --{names}': '{summary}；也可写作 --{names}',
  '{summary}: {values}': '{summary}：{values}',
  'the contrary of --{name}': '与 --{name} 相反',
  Options: '选项',
  'Sign-in at an OIDC provider': '通过 OIDC 身份提供商登录',
  'Applications of Alibaba IDaaS': '阿里云 IDaaS 应用',
  Roles: '角色',
  'Other tools': '其他工具',

  'sign in and print credentials; on a terminal only a card about them':
    '登录并输出凭证；在终端上只显示一张说明卡片',
  'with --env: only for the shell that evaluates it; the current profile stays':
    '与 --env 一起使用：只用于执行输出的那个 shell，当前配置不变',
  'the profile to work on (else SESAME_PROFILE, else the current one)':
    '要使用的配置（否则取 SESAME_PROFILE，再否则取当前配置）',
  'sign in again, whatever is in the store': '不管存储里有什么，都重新登录',
  'one of {formats} (default json)': '输出格式，可选 {formats}（默认 json）',
  'the same as --format env': '等同于 --format env',
  'account to use, by id or name': '要使用的账号，可写 ID 或名称',
  'access configuration to use, by id or name': '要使用的访问配置，可写 ID 或名称',
  'choose account and access configuration anew': '重新选择账号和访问配置',
  'how to sign in at the OIDC provider': '通过 OIDC 身份提供商登录的方式',
  'prompt to send to the OIDC provider, such as login or select_account':
    '发给 OIDC 身份提供商的 prompt 参数，如 login 或 select_account',
  'send no prompt, for OIDC providers that fail with it':
    '不发送 prompt 参数，用于不支持它的 OIDC 身份提供商',
  'how strongly to sign in (acr_values), in the words of the OIDC provider':
    '登录的认证强度（acr_values），取值由 OIDC 身份提供商定义',
  'only show the address, do not open it': '只显示地址，不打开浏览器',
  'show the address as a QR code too': '同时以二维码显示地址',

  'print credentials for a program; never asks, never opens a browser':
    '为程序输出凭证；从不询问，也从不打开浏览器',
  'at least this much life left, such as 15m': '凭证至少还要有效多久，如 15m',
  'no warnings on stderr, for programs that take them for a part of the result':
    '不在 stderr 输出警告，用于会把警告当作结果的程序',

  'run a program, or a shell, with credentials in its environment only':
    '运行程序或 shell，凭证只放在它的环境变量里',
  'give it an address that renews credentials instead of keys (SDKs, Terraform)':
    '不给密钥，而是给一个会自动续期凭证的地址（SDK、Terraform）',
  'even inside another sesame exec': '在另一个 sesame exec 里也运行',

  'serve credentials to SDKs on a loopback address that renews them':
    '在本机回环地址上为 SDK 提供凭证，并自动续期',
  'serve this shell: start in the background, and print what the shell evaluates':
    '服务当前 shell：在后台启动，并输出供 shell 求值的内容',
  'the same for another shell: {formats} (default env)': '用于其他 shell：{formats}（默认 env）',
  'end the server of this shell, and print what the shell evaluates':
    '结束当前 shell 的服务，并输出供 shell 求值的内容',
  'listen on this port (default: any free one)': '监听的端口（默认任选空闲端口）',

  'print a snippet for a shell: its credentials stay fresh, "use" and "login" change it alone':
    '输出一段 shell 脚本：保持该 shell 的凭证有效，“use” 和 “login” 只改变该 shell',

  'choose the profile to go on with, from a list that is searched by typing':
    '选择接下来使用的配置，可在列表中输入文字搜索',
  'the profile, in place of the argument': '配置名，代替参数',
  'print what a shell evaluates to use it there alone: {formats}':
    '输出供 shell 执行的内容，只在该 shell 中使用此配置：{formats}',

  'create or change a profile; set the sign-in URL and the store; hand a profile to another tool':
    '创建或修改配置；设置登录地址和存储；把配置交给其他工具使用',
  'the profile to create or change; without it, the default for all profiles':
    '要创建或修改的配置；不写则设置所有配置的默认值',
  'CloudSSO sign-in URL, from the CloudSSO console': 'CloudSSO 登录地址，可在云 SSO 控制台找到',
  'OIDC provider, as its discovery document names it': 'OIDC 身份提供商的 issuer，与其 discovery 文档一致',
  'client id at the OIDC provider': '在 OIDC 身份提供商处的客户端 ID',
  'read the client secret from the standard input, into the store': '从标准输入读取客户端密钥，保存到存储',
  'how the client secret is sent': '客户端密钥的发送方式',
  'OIDC scope (default "openid offline_access")': 'OIDC scope（默认 "openid offline_access"）',
  'API that the access token is for, where the provider asks for it':
    '访问令牌面向的 API（audience），身份提供商要求时填写',
  'other hosts on which the endpoints of the OIDC provider may be': 'OIDC 身份提供商的接口还可以位于哪些主机',
  'device authorization endpoint, where the OIDC provider does not announce it':
    '设备授权接口的地址，用于 OIDC 身份提供商没有公布它的情况',
  'port of http://127.0.0.1:PORT/callback, for OIDC providers that want the exact address':
    'http://127.0.0.1:PORT/callback 的端口，用于要求地址完全一致的 OIDC 身份提供商',
  'for OIDC providers that reject PKCE in the device flow':
    '用于在设备授权流程中拒绝 PKCE 的 OIDC 身份提供商',
  'send PKCE again (the default)': '恢复发送 PKCE（默认）',
  'Alibaba IDaaS, for the API token of an application': '阿里云 IDaaS 实例，用于获取应用的 API 令牌',
  'the application in IDaaS': 'IDaaS 中的应用',
  'its appKey': '应用的 appKey',
  'read its appSecret from the standard input, into the store': '从标准输入读取应用的 appSecret，保存到存储',
  'version of the IDaaS API (default v1.2)': 'IDaaS API 的版本（默认 v1.2）',
  'its public key (JWK, JWKS or PEM), for "token verify"':
    '应用的公钥（JWK、JWKS 或 PEM），供 "token verify" 使用',
  'profile whose credentials assume the role': '用哪个配置的凭证扮演角色',
  'role to assume: acs:ram::ACCOUNT:role/NAME': '要扮演的角色：acs:ram::ACCOUNT:role/NAME',
  'OIDC provider in RAM that the role trusts: acs:ram::ACCOUNT:oidc-provider/NAME':
    '角色信任的 RAM OIDC 身份提供商：acs:ram::ACCOUNT:oidc-provider/NAME',
  'external id that the role asks for': '角色要求的 ExternalId',
  'name of the session (default: the signed-in user)': '角色会话名称（默认为登录的用户）',
  'life of the credentials, 15m to the maximum of the role': '凭证有效期，从 15m 到角色的最大会话时间',
  'policy that narrows the role down': '进一步限制角色权限的权限策略',
  'region of STS, OSS, and of the profile of --for aliyun': 'STS、OSS 以及 --for aliyun 所写配置的地域',
  'STS endpoint, such as sts-vpc.cn-hangzhou.aliyuncs.com':
    'STS 接入地址，如 sts-vpc.cn-hangzhou.aliyuncs.com',
  'where secrets are kept: {stores}': '密钥保存在哪里：{stores}',
  'with --store encrypted-file: make a key of full strength, and print it once; it is the SESAME_PASSPHRASE then':
    '与 --store encrypted-file 一起使用：生成一个高强度密钥，只输出一次；之后作为 SESAME_PASSPHRASE 使用',
  'make a tool take its credentials from sesame: {tools}': '让其他工具从 sesame 获取凭证：{tools}',
  'with --for: print what would be written, and write nothing':
    '与 --for 一起使用：只输出将要写入的内容，不写文件',
  'with --for {tools}: replace a profile of that name that is not of sesame':
    '与 --for {tools} 一起使用：覆盖不是由 sesame 写入的同名配置',

  'list, show, choose, delete, import and sync profiles': '列出、查看、选择、删除、导入和同步配置',
  'the same as "profile delete"': '等同于 "profile delete"',
  'the profile to delete': '要删除的配置',
  'as JSON': '以 JSON 输出',
  'all profiles with account, status and time left': '所有配置及其账号、状态和剩余时间',
  'everything about one profile': '单个配置的全部信息',
  'make a profile the current one': '设为当前配置',
  'delete a profile and its secrets': '删除配置及其密钥',
  'take over the profiles of acs-sso and the CloudSSO profiles of the aliyun CLI':
    '导入 acs-sso 的配置，以及 aliyun CLI 的 CloudSSO 配置',
  'show what would happen and change nothing': '只显示将会发生什么，不做修改',
  'replace profiles of the same name': '覆盖同名配置',
  "delete acs-sso's plain files once everything in them is taken over":
    '内容全部导入后，删除 acs-sso 的明文文件',
  'only acs-sso, or only aliyun': '只导入 acs-sso，或只导入 aliyun',

  'get identity tokens (JWT), look into them, verify them': '获取、查看和验证身份令牌（JWT）',
  'print the token of an OIDC or IDaaS profile; never asks, never opens a browser':
    '输出 OIDC 或 IDaaS 配置的令牌；从不询问，也从不打开浏览器',
  'the access token (default, except with --format exec-credential)':
    '访问令牌（默认；使用 --format exec-credential 时除外）',
  'token (default), or exec-credential: what kubectl reads, with the ID token by default':
    'token（默认），或 exec-credential：kubectl 读取的格式，默认使用 ID 令牌',
  'the ID token (default, and all there is, for IDaaS)': 'ID 令牌（对 IDaaS 是默认值，也只有它）',
  'write it to a file (0600, no newline) instead, as ALIBABA_CLOUD_OIDC_TOKEN_FILE names one':
    '改为写入文件（权限 0600，末尾无换行），可用于 ALIBABA_CLOUD_OIDC_TOKEN_FILE',
  'with --out: stay, renew the token in the file, and remove it when the parent process ends':
    '与 --out 一起使用：持续运行，续期文件里的令牌，父进程结束时删除文件',
  'show what a token says, without verifying it': '查看令牌内容，不做验证',
  'read the token from a file; standard input otherwise': '从文件读取令牌；否则读标准输入',
  'header and claims as JSON': '以 JSON 输出头部和声明',
  'verify a token and print its claims as JSON': '验证令牌，并以 JSON 输出其声明',
  'who must have issued it, letter by letter': '令牌必须由谁签发，逐字符比较',
  'for whom it must be': '令牌必须面向谁（audience）',
  "the issuer's keys (JWK Set)": '签发方的公钥（JWK Set）',
  'one pinned key: PEM, X.509, JWK or JWK Set': '固定的公钥：PEM、X.509、JWK 或 JWK Set',
  'accepted signatures, such as RS256,ES256 (default RS256)': '接受的签名算法，如 RS256,ES256（默认 RS256）',
  'how far clocks may be apart (default 300)': '允许的时钟偏差（默认 300）',
  'the type it must name, such as at+jwt (default: JWT or none)':
    '令牌必须声明的类型，如 at+jwt（默认 JWT 或不声明）',
  'an IDaaS profile, which pins the key of its application': 'IDaaS 配置，使用其应用的固定公钥',

  'ask STS who the credentials of a profile belong to': '向 STS 查询配置的凭证属于谁',
  'keep the key of the encrypted file at hand for a while, so that commands need no passphrase':
    '暂存加密文件的密钥一段时间，期间命令不再需要口令',
  'for how long, such as 90m or 8h (default 12h; at most 168h)': '时长，如 90m 或 8h（默认 12h，最长 168h）',
  'forget the key of the encrypted file that "sesame unlock" has kept':
    '清除 "sesame unlock" 暂存的加密文件密钥',
  'forget the sign-in and the credentials of a profile': '清除配置的登录状态和凭证',
  'of every profile': '所有配置',
  'also end the browser session at the OIDC provider': '同时结束在 OIDC 身份提供商处的浏览器会话',

  'sign requests to OSS: a presigned URL, the headers of one request, or a form that uploads':
    '为 OSS 请求签名：预签名 URL、单个请求的头部，或上传表单',
  'print a URL that gives access to one object for a while': '输出一个在一段时间内可访问单个 Object 的 URL',
  'what the URL may be used for (default GET)': 'URL 允许的方法（默认 GET）',
  'a header that the request has, such as "Content-Type: text/csv"':
    '请求带有的头部，如 "Content-Type: text/csv"',
  'a query member that the request has, such as versionId=…': '请求带有的查询参数，如 versionId=…',
  'how long it works, such as 15m (default 1h); at most as long as the credentials':
    '有效时长，如 15m（默认 1h）；不超过凭证的有效期',
  'such as cn-hangzhou (else the endpoint, the profile, or ALIBABA_CLOUD_REGION_ID)':
    '如 cn-hangzhou（否则取接入地址、配置或 ALIBABA_CLOUD_REGION_ID）',
  'host or URL (default oss-REGION.aliyuncs.com)': '主机或 URL（默认 oss-REGION.aliyuncs.com）',
  'where the bucket stands: before the host, in the path, or bound to the domain':
    'Bucket 的位置：主机名之前、路径中，或绑定到域名',
  'the older signature V1 instead of V4': '使用旧的 V1 签名，而不是 V4',
  'print the headers that sign one request': '输出为单个请求签名的头部',
  'a configuration for curl --config -, with the URL': '供 curl --config - 使用的配置，含 URL',
  'as JSON: {"method","url","headers"}': '以 JSON 输出：{"method","url","headers"}',
  'print the signed fields of a form that uploads a file': '输出上传文件的表单的签名字段',
  'KEY is what the name begins with; the form adds the name of the file':
    'KEY 是名称的前缀；表单会追加文件名',
  'a further field of the form with the one value that is accepted': '表单的其他字段，及其唯一允许的值',
  'a further condition of the policy': 'Policy 的其他条件',
  'the smallest file that is accepted': '允许的最小文件',
  'the largest file that is accepted': '允许的最大文件',

  'server-side tokens: create, verify and revoke them': '服务端令牌（SST）：创建、验证和吊销',
  'make a key that seals and opens tokens': '生成用于加密和解密令牌的密钥',
  'characters, from 16 on (default 20)': '字符数，至少 16（默认 20）',
  'write it to a new file (0600) and print nothing': '写入新文件（0600），不输出',
  'make the revocation list, once; an existing one stays as it is': '创建吊销列表（一次）；已有的保持不变',
  'SQLite revocation list (else ~/.config/sst/sst.db)': 'SQLite 吊销列表（否则 ~/.config/sst/sst.db）',
  'revocations in Redis; a URL with a password goes into SESAME_REDIS_URL':
    'Redis 中的吊销列表；带密码的 URL 请放在 SESAME_REDIS_URL',
  'take a list that is shared with a group (containers)': '接受与用户组共享的列表（容器）',
  'make a token for a user or a service': '为用户或服务创建令牌',
  'YAML with key: "…", or with serviceName: and aesKey:; - for standard input':
    'YAML 文件，含 key: "…"，或 serviceName: 和 aesKey:；- 表示标准输入',
  'how long it lasts, such as 12h (else until it is revoked)': '有效时长，如 12h（否则直到被吊销）',
  "the label in the token's prefix (else the key file's); no audience: anyone can rename it":
    '令牌前缀里的标签（否则取密钥文件里的）；它不是 audience：任何人都能改写',
  'take a key file or list that is shared with a group (containers), or a short key':
    '接受与用户组共享的密钥文件或列表（容器），或较短的密钥',
  'check a token and print for whom it was made': '检查令牌，并输出它属于谁',
  'revoke a token': '吊销令牌',
  'list the revoked tokens, newest first': '列出已吊销的令牌，最新的在前',

  'look at configuration, store, network, clock and leftovers, and say how to fix what is wrong':
    '检查配置、存储、网络、时钟和残留文件，并说明如何修复问题',
  'only this profile (default: all)': '只检查该配置（默认全部）',
  'as JSON: [{"check","status","message","fix"}]': '以 JSON 输出：[{"check","status","message","fix"}]',
  'send no request': '不发送请求',
  'print a completion script for a shell': '输出 shell 的补全脚本',
  'print the names of all profiles, one per line': '输出所有配置的名称，每行一个',
  'open the CloudSSO documentation': '打开云 SSO 文档',
  'en or cn (default cn)': 'en 或 cn（默认 cn）',
  'explain this command': '介绍该命令',
  'explain the command': '介绍该命令',
  'the profile that the command works on': '命令使用的配置',
  'print the version, and which build this is': '输出版本以及构建类型',
  'as JSON: {"version","build","target","runtime","runtimeVersion","platform"}':
    '以 JSON 输出：{"version","build","target","runtime","runtimeVersion","platform"}',
  'explain sesame, or one command': '介绍 sesame 或某个命令',
  'print the man page, sesame(1), for "man -l -"': '输出手册页 sesame(1)，可交给 “man -l -”',
} as const
