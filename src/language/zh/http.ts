/** Connections, proxies, TLS, and what servers answer. */
export const http = {
  'Cannot reach {host}: {reason}.': '无法连接 {host}：{reason}。',
  '{host} through proxy {proxy}': '{host}（经由代理 {proxy}）',
  'No connection to {host} within {seconds} s.': '{seconds} 秒内未能连接到 {host}。',
  'No answer from {host} within {seconds} s.': '{host} 在 {seconds} 秒内没有响应。',
  'No complete answer from {host} within {seconds} s.': '{host} 在 {seconds} 秒内没有返回完整的响应。',
  'The answer of {host} was not complete within {seconds} s.': '{host} 的响应在 {seconds} 秒内没有传完。',
  'The answer of {host} was cut short ({code}).': '{host} 的响应中途断开（{code}）。',
  'The answer of {host} is larger than the {limit} kB allowed.': '{host} 的响应超过了 {limit} kB 的上限。',
  'The answer of {host} cannot be decoded (content-encoding {coding}).':
    '无法解码 {host} 的响应（content-encoding {coding}）。',
  'The server {host} sent an answer that is not valid HTTP: {reason}.':
    '服务器 {host} 返回的不是有效的 HTTP 响应：{reason}。',
  '{host} answered with the status {status}.': '{host} 返回了状态码 {status}。',
  '{host} answered with status {status}': '{host} 返回了状态码 {status}',
  '{host} answered with status {status} and no JSON': '{host} 返回了状态码 {status}，内容不是 JSON',
  '{what}: {reason}.': '{what}：{reason}。',
  'status {status}': '状态码 {status}',
  'status {status}, no JSON': '状态码 {status}，内容不是 JSON',
  'The connection was given up.': '连接已放弃。',
  'The server {host} redirects (HTTP {status}), which is not followed.':
    '服务器 {host} 返回了重定向（HTTP {status}），sesame 不会跟随。',
  'The server {host} redirects (HTTP {status}) to {target}, which is not followed.':
    '服务器 {host} 返回了到 {target} 的重定向（HTTP {status}），sesame 不会跟随。',

  'the system does not allow it': '系统不允许',
  'the address is not usable from here': '本机无法使用该地址',
  'looking up its name failed for now': '域名解析暂时失败',
  'the connection was broken off': '连接被中断',
  'the connection was refused': '连接被拒绝',
  'there is no route to it': '没有到该主机的路由',
  'the network is down': '网络已断开',
  'the network is unreachable': '网络不可达',
  'its name cannot be resolved': '无法解析域名',
  'the connection timed out': '连接超时',
  'unknown cause': '原因未知',

  'Check the network connection, or try again later.': '检查网络连接，或稍后再试。',
  'Check the network connection and the address; behind a proxy, set HTTPS_PROXY.':
    '检查网络连接和地址；如果需要通过代理访问，设置 HTTPS_PROXY。',
  'Try again; something between here and the server breaks connections off.':
    '请重试；本机与服务器之间有设备中断了连接。',
  'Check the configured address; the network may want a sign-in of its own in a browser.':
    '检查所配置的地址；也可能是网络要求先在浏览器中认证。',
  'The network wants a sign-in of its own (HTTP 511): open any page in a browser, then run the same command again.':
    '网络要求先认证（HTTP 511）：在浏览器中打开任意网页完成认证，再重新运行同一命令。',

  'The request address': '请求地址',
  'A request body must be text, form parameters or bytes.': '请求体必须是文本、表单参数或字节。',
  '"{name}" cannot be the name of a header.': '“{name}” 不能用作请求头名称。',
  'The value of the header {name} holds characters that HTTP does not allow.':
    '请求头 {name} 的值含有 HTTP 不允许的字符。',

  'proxy {proxy}': '代理 {proxy}',
  'Cannot reach the proxy {proxy}: {reason}.': '无法连接代理 {proxy}：{reason}。',
  'The proxy {proxy} cannot be used: {reason}.': '无法使用代理 {proxy}：{reason}。',
  'The proxy in {variable} cannot be used: {reason}.': '无法使用 {variable} 中的代理：{reason}。',
  'The proxy {proxy} refused the way to {target}: {reason}.': '代理 {proxy} 拒绝连接 {target}：{reason}。',
  'The proxy {proxy} refused the way to {target} with {answer}.':
    '代理 {proxy} 拒绝连接 {target}，返回了 {answer}。',
  'The proxy {proxy} wants a user name and password.': '代理 {proxy} 需要用户名和密码。',
  'The proxy {proxy} wants a user name and password (HTTP 407).':
    '代理 {proxy} 需要用户名和密码（HTTP 407）。',
  'The proxy {proxy} does not accept the user name and password given to it.':
    '代理 {proxy} 不接受所提供的用户名和密码。',
  'The proxy {proxy} does not accept the user name and password given to it (HTTP 407).':
    '代理 {proxy} 不接受所提供的用户名和密码（HTTP 407）。',
  'The proxy {proxy} offers only sign-in by {schemes}, and sesame has only Basic (HTTP 407).':
    '代理 {proxy} 只支持 {schemes} 认证，而 sesame 只支持 Basic（HTTP 407）。',
  'Run a local proxy that signs in there (px or cntlm, for NTLM and Negotiate) and set {variable} to it, or ask for one that takes Basic.':
    '在本机运行可完成该认证的代理（px 或 cntlm，支持 NTLM 和 Negotiate），并把 {variable} 设为它的地址；或申请支持 Basic 的代理。',
  'Set {variable} to {scheme}://USER:PASSWORD@host:port; percent-encode special characters (# is %23, / is %2F, @ is %40, \\ is %5C).':
    '把 {variable} 设为 {scheme}://USER:PASSWORD@host:port；特殊字符需百分号编码（# 为 %23，/ 为 %2F，@ 为 %40，\\ 为 %5C）。',
  'Set {variable} to http://host:port, https://host:port or socks5://host:port.':
    '把 {variable} 设为 http://host:port、https://host:port 或 socks5://host:port。',
  'Check {variable}.': '检查 {variable}。',
  'Check {variable}, or unset it to connect directly.': '检查 {variable}；如需直连，取消设置该变量。',
  'Check {variable}, or exempt the host with NO_PROXY.': '检查 {variable}，或用 NO_PROXY 排除该主机。',
  'an answer that is not HTTP': '非 HTTP 响应',
  'it closed the connection while the way was being opened': '它在建立隧道时关闭了连接',
  'it is not a URL': '不是有效的 URL',
  'it is not a URL: the user name or password holds {unencoded} as it is, which ends the address there':
    '不是有效的 URL：用户名或密码中的 {unencoded} 没有编码，地址在该处就结束了',
  '{scheme} proxies are not supported': '不支持 {scheme} 代理',
  'it names no host': '缺少主机名',
  'its host name is invalid': '主机名无效',
  'it failed': '执行失败',
  'its rules do not allow it': '代理规则不允许',
  'the host is unreachable': '主机不可达',
  'the way is too long (TTL expired)': '路径过长（TTL 已过期）',
  'it does not know the CONNECT command': '代理不支持 CONNECT 命令',
  'it does not know this kind of address': '代理不支持这类地址',
  'it does not speak SOCKS5': '它不支持 SOCKS5',
  'it takes neither no sign-in nor user name and password': '它既不接受免认证，也不接受用户名和密码',
  'the host name is too long for SOCKS5': '主机名超出了 SOCKS5 的长度限制',
  'user name or password is too long': '用户名或密码过长',
  'reply {reply}': '应答码 {reply}',

  'No secure connection to {peer}: {reason}.': '无法与 {peer} 建立安全连接：{reason}。',
  'its certificate has expired': '证书已过期',
  'its certificate is not valid yet': '证书尚未生效',
  'its certificate is revoked': '证书已被吊销',
  'its certificate is self-signed': '证书是自签名的',
  'its certificate is for another host': '证书属于其他主机',
  'its certificate comes from an unknown authority': '证书由未知的 CA 签发',
  'its certificate is signed with an outdated hash': '证书签名使用了过时的哈希算法',
  'the key of its certificate is too small': '证书的密钥过短',
  'it does not speak TLS on this port': '该端口不是 TLS 服务',
  'it speaks only outdated TLS': '对方只支持过时的 TLS 版本',
  'If a private CA signs here (a company proxy, an own server), set SESAME_CA_FILE to its certificate (PEM).':
    '如果证书由私有 CA 签发（公司代理、自建服务器），把 SESAME_CA_FILE 设为该 CA 的证书文件（PEM）。',
  'The server must renew it; check the local clock.': '服务器需要更新证书；同时检查本机时钟。',
  'The server must renew it.': '服务器需要更新证书。',
  'Check the local clock.': '检查本机时钟。',
  'Ask the operator of the server.': '联系服务器的运营方。',
  'Check the address; something else may be answering in its place.': '检查地址；应答的可能不是该服务器。',
  'Check the port; a proxy may be answering in its place.': '检查端口；应答的可能是代理。',
  'It must offer TLS 1.2 or later.': '对方必须支持 TLS 1.2 或更高版本。',
  'SESAME_CA_FILE names {file}: {reason}.': 'SESAME_CA_FILE 指向 {file}：{reason}。',
  'Set SESAME_CA_FILE to a file of PEM certificates, or unset it.':
    '把 SESAME_CA_FILE 设为 PEM 证书文件，或取消设置。',
  'it holds no PEM certificate': '其中没有 PEM 证书',
  'it holds a broken certificate': '其中有损坏的证书',
  'it is larger than 4 MB': '大小超过 4 MB',
  'it cannot be read ({code}): {reason}': '无法读取（{code}）：{reason}',
  'NODE_TLS_REJECT_UNAUTHORIZED=0 turns certificate checks off; sesame sends no secrets that way.':
    'NODE_TLS_REJECT_UNAUTHORIZED=0 关闭了证书校验；sesame 不会在这种情况下发送密钥。',
  'Unset it; for a private CA, set SESAME_CA_FILE to its certificate.':
    '取消设置该变量；如果使用私有 CA，把 SESAME_CA_FILE 设为其证书。',

  'Denied to {who}: {action}, by {policy}.': '操作被拒绝：{action}（主体：{who}；策略：{policy}）。',
  '{denied} {remedy}': '{denied}建议：{remedy}',
  '{denied} A Deny statement there forbids it; ask who administers that policy.':
    '{denied}其中的 Deny 语句禁止了该操作；联系该策略的管理员。',
  'Ask who administers that policy.': '联系该策略的管理员。',
  'Grant it that permission in RAM.': '在 RAM 中授予该权限。',
  'Name it as a principal there.': '把它加入该策略的 Principal。',
  'Ask the administrator of the resource directory.': '联系资源目录的管理员。',
  'Widen --policy, or the access configuration.': '放宽 --policy 或访问配置的权限。',
  'its own policies': '自身的权限策略',
  'the trust policy of the role': '角色的信任策略',
  'a control policy': '管控策略',
  'the session policy': '会话策略',
  'the policy of the resource': '资源的策略',
  'a policy': '权限策略',
  'a policy of type {type}': '类型为 {type} 的策略',
  'the call': '该调用',
  'the RAM user': 'RAM 用户',
  'the role session': '角色会话',
  'the SSO user': 'SSO 用户',
  'these credentials': '当前凭证',
  '{name} of account {account}': '{name}（账号 {account}）',
} as const
