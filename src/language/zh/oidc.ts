/** Signing in at a provider of OpenID Connect. */
export const oidc = {
  'The provider refused the sign-in': '身份提供商拒绝了登录',
  'The provider refused to start a sign-in': '身份提供商拒绝发起登录',
  'The provider answered without a device code, user code or address.':
    '身份提供商的响应中缺少设备码、用户码或地址。',
  'The provider {issuer} did not renew the sign-in': '身份提供商 {issuer} 没有续期登录',
  'The provider answered the sign-in with {what}.': '身份提供商对登录的响应无效：{what}。',
  'an unusable ID token': 'ID 令牌不可用',
  'no ID token': '没有 ID 令牌',
  'something that OpenID Connect does not allow': '不符合 OpenID Connect 规范',
  'an unusable refresh token': '刷新令牌不可用',
  'Token revocation failed at {issuer}': '在 {issuer} 吊销令牌失败',

  'Invalid authorization response: {what}.': '授权响应无效：{what}。',
  'it is from {sender}, not from {issuer}': '它来自 {sender}，而不是 {issuer}',
  'it holds neither a code nor an error': '其中既没有授权码，也没有错误',
  'it is not what OAuth 2.0 allows': '不符合 OAuth 2.0 规范',
  'The provider announces that parameter (RFC 9207) and leaves it out: ask its administrator, or use --flow device.':
    '身份提供商声明支持该参数（RFC 9207），却没有返回：联系其管理员，或使用 --flow device。',

  'The provider {issuer} announces no usable {name}.': '身份提供商 {issuer} 没有提供可用的 {name}。',
  'The {name} of {issuer}': '{issuer} 的 {name}',
  'The {name} of {issuer} must be https too, not {address}':
    '{issuer} 的 {name} 也必须使用 https，而不是 {address}',
  'The {name} of {issuer} is on another host: {address}': '{issuer} 的 {name} 位于其他主机：{address}',
  'If that is right: sesame configure --profile NAME --trusted-hosts {hosts}':
    '如果确认无误：sesame configure --profile NAME --trusted-hosts {hosts}',
  'Cannot fetch the discovery document of {issuer}': '无法获取 {issuer} 的发现文档（discovery）',
  'There is no OpenID provider at {issuer}: its discovery document answers status {status}.':
    '{issuer} 不是 OpenID 身份提供商：其发现文档（discovery）返回状态码 {status}。',
  'Check the issuer ("sesame profile show").': '检查 issuer（“sesame profile show”）。',
  'Check the issuer ("sesame profile show"); something else may have answered.':
    '检查 issuer（“sesame profile show”）；应答的可能不是该身份提供商。',
  "Use the tenant's own id in the issuer, in place of common or organizations.":
    '在 issuer 中使用租户自己的 ID，而不是 common 或 organizations。',
  'Only if you trust that one: configure the issuer exactly as the provider spells it.':
    '如果您信任后者：按身份提供商的写法原样配置 issuer。',
  'Issuer mismatch: configured {configured}, discovery document says {shown}.':
    'issuer 不一致：配置的是 {configured}，发现文档（discovery）中是 {shown}。',
  '{issuer} did not return a valid OpenID discovery document':
    '{issuer} 返回的不是有效的 OpenID 发现文档（discovery）',

  'The ID token from {issuer} is refused: {reason}.': '来自 {issuer} 的 ID 令牌未通过校验：{reason}。',
  'it has no nonce, which would tie it to this sign-in': '其中没有把它与本次登录绑定的 nonce',
  'it belongs to another sign-in (nonce)': '它属于另一次登录（nonce）',
  'it is for another user than the one who signed in (sub)': '它的用户不是当前登录的用户（sub）',
  'it names no user (sub)': '其中没有用户（sub）',
  'Signed in, but the ID token cannot be checked: {message}': '已登录，但无法校验 ID 令牌：{message}',
  'The provider must put the nonce of the request into the token (OpenID Connect Core 3.1.3.6); until it does, use --flow device.':
    '身份提供商必须把请求中的 nonce 写入令牌（OpenID Connect Core 3.1.3.6）；在此之前，使用 --flow device。',
  'Check issuer and client id ("sesame profile show"); if they are right, ask the administrator of the provider.':
    '检查 issuer 和客户端 ID（“sesame profile show”）；如果无误，联系身份提供商的管理员。',
  'Its discovery document announces none, which means RS256: it has to announce what it signs with (id_token_signing_alg_values_supported).':
    '其发现文档（discovery）没有声明签名算法，即默认 RS256：它必须声明实际使用的算法（id_token_signing_alg_values_supported）。',
  'Its discovery document announces {list}: it has to announce what it signs with (id_token_signing_alg_values_supported).':
    '其发现文档（discovery）声明的是 {list}：它必须声明实际使用的算法（id_token_signing_alg_values_supported）。',

  'The provider {issuer} offers no sign-in by this browser.':
    '身份提供商 {issuer} 不支持通过本机浏览器登录。',
  'The provider {issuer} offers no device sign-in.': '身份提供商 {issuer} 不支持设备码登录。',
  'The provider has no device sign-in: use --flow code.': '身份提供商不支持设备码登录：使用 --flow code。',
  'Sign in with a code instead: --flow device.': '改用设备码登录：--flow device。',
  'Sign in with the browser of this machine instead: --flow code. If it only does not announce it: "sesame configure --profile NAME --device-endpoint URL".':
    '改用本机浏览器登录：--flow code。如果它支持但没有声明：“sesame configure --profile NAME --device-endpoint URL”。',
  'The sign-in was not completed in time.': '登录没有在限定时间内完成。',
  'The browser came back without the cookie that it was given. Allow cookies of 127.0.0.1, or use --flow device.':
    '浏览器返回时没有带上所设置的 Cookie。允许 127.0.0.1 的 Cookie，或使用 --flow device。',
  'The browser came back without the cookie that it was given. Allow cookies of 127.0.0.1.':
    '浏览器返回时没有带上所设置的 Cookie。允许 127.0.0.1 的 Cookie。',
  '{redirectUri} with any port (or set --redirect-port)':
    '{redirectUri}（端口任意；也可用 --redirect-port 指定）',
  'If the browser shows an error of the provider: the client {clientId} must be known there, with the redirect URI {redirectUri} and the scope "{scope}", or use --flow device.':
    '如果浏览器显示身份提供商的错误：客户端 {clientId} 必须已在那里注册，重定向 URI 为 {redirectUri}，scope 为 “{scope}”；或使用 --flow device。',
  'If the browser shows an error of the provider: the client {clientId} must be known there, with the redirect URI {redirectUri} and the scope "{scope}".':
    '如果浏览器显示身份提供商的错误：客户端 {clientId} 必须已在那里注册，重定向 URI 为 {redirectUri}，scope 为 “{scope}”。',
  'Cannot listen on {address} for the browser redirect.': '无法在 {address} 上监听浏览器重定向。',
  'Cannot listen on {address} for the browser redirect ({code}).':
    '无法在 {address} 上监听浏览器重定向（{code}）。',
  'Another program, or another login, uses the port of --redirect-port. Wait until it has ended, or use --flow device.':
    '--redirect-port 的端口正被其他程序或另一次登录占用。等它结束，或使用 --flow device。',
  'This user may not use the port of --redirect-port. Choose one above 1023, or use --flow device.':
    '当前用户无权使用 --redirect-port 的端口。选择大于 1023 的端口，或使用 --flow device。',

  '{failure}: it does not accept the client {clientId} (status {status}).':
    '{failure}：它不接受客户端 {clientId}（状态码 {status}）。',
  'The provider takes only {methods}, which sesame has not: register a client that is public or has a secret.':
    '身份提供商只接受 {methods}，而 sesame 不支持：注册一个公开客户端，或使用密钥的客户端。',
  'Check the client id {clientId} at {issuer}: it must be public, or its secret given with "sesame configure --profile NAME --client-secret-stdin".':
    '在 {issuer} 检查客户端 ID {clientId}：它必须是公开客户端，否则用 “sesame configure --profile NAME --client-secret-stdin” 提供其密钥。',
  'Check the client id {clientId} and its secret at {issuer} ("sesame configure --profile NAME --client-secret-stdin"; --client-auth says how it is sent).':
    '在 {issuer} 检查客户端 ID {clientId} 及其密钥（“sesame configure --profile NAME --client-secret-stdin”；--client-auth 指定密钥的发送方式）。',
  '{hint}; or allow it the {grant} grant.': '{hint}；或为它开启{grant}授权方式。',
  'device authorization': '设备码',
  'authorization code': '授权码',
  'refresh token': '刷新令牌',
  'If it stays so, check the client id {clientId} at {issuer}: some providers answer an unknown one like this.':
    '如果一直如此，在 {issuer} 检查客户端 ID {clientId}：有些身份提供商对未知的客户端也这样应答。',
  'Allow the device authorization grant for the client {clientId} at the provider, or use --flow code.':
    '在身份提供商处为客户端 {clientId} 开启设备码授权方式，或使用 --flow code。',
  'Allow the {grant} grant for the client {clientId} at the provider.':
    '在身份提供商处为客户端 {clientId} 开启{grant}授权方式。',
  'Choose scopes that the provider allows: "sesame configure --profile NAME --scope" (now "{scope}").':
    '选择身份提供商允许的 scope：“sesame configure --profile NAME --scope”（当前为 “{scope}”）。',
  'If the provider rejects PKCE in the device flow: "sesame configure --profile NAME --no-device-pkce".':
    '如果身份提供商在设备码登录中拒绝 PKCE：“sesame configure --profile NAME --no-device-pkce”。',
  'If the provider requires PKCE in the device flow: "sesame configure --profile NAME --device-pkce".':
    '如果身份提供商在设备码登录中要求 PKCE：“sesame configure --profile NAME --device-pkce”。',
  'The provider does not know the audience: check it with "sesame profile show".':
    '身份提供商不认识该 audience：用 “sesame profile show” 检查。',
  'The provider does not allow {offlineAccess} here: have it allowed for this user and client, or do without: sesame configure --profile NAME --scope {without}':
    '身份提供商在此处不允许 {offlineAccess}：请管理员为该用户和客户端开启，或者不使用它：sesame configure --profile NAME --scope {without}',

  'The provider binds tokens to a key of the client (DPoP, RFC 9449), which sesame has not: have DPoP switched off for this client.':
    '身份提供商把令牌与客户端的密钥绑定（DPoP，RFC 9449），而 sesame 不支持：请管理员为该客户端关闭 DPoP。',
  'The provider wants pushed authorization requests (PAR, RFC 9126), which sesame has not: have them made optional for this client, or use --flow device.':
    '身份提供商要求推送授权请求（PAR，RFC 9126），而 sesame 不支持：请管理员为该客户端设为可选，或使用 --flow device。',
  'The provider wants signed request objects (RFC 9101), which sesame has not: have them made optional for this client, or use --flow device.':
    '身份提供商要求签名的请求对象（RFC 9101），而 sesame 不支持：请管理员为该客户端设为可选，或使用 --flow device。',
  'The provider wants the client to prove a private key (private_key_jwt), which sesame has not: register a client that is public or has a secret.':
    '身份提供商要求客户端用私钥认证（private_key_jwt），而 sesame 不支持：注册一个公开客户端，或使用密钥的客户端。',
  'The provider wants a certificate of the client (mutual TLS, RFC 8705), which sesame has not: register a client that is public or has a secret.':
    '身份提供商要求客户端证书（双向 TLS，RFC 8705），而 sesame 不支持：注册一个公开客户端，或使用密钥的客户端。',
  'The provider encrypts ID tokens, and sesame has no key to read them: have that switched off for this client (id_token_encrypted_response_alg).':
    '身份提供商加密了 ID 令牌，而 sesame 没有解密的密钥：请管理员为该客户端关闭加密（id_token_encrypted_response_alg）。',
  'sesame takes only ID tokens that are signed with a private key: choose RS256 or ES256 for this client at the provider (id_token_signed_response_alg).':
    'sesame 只接受用私钥签名的 ID 令牌：在身份提供商处为该客户端选择 RS256 或 ES256（id_token_signed_response_alg）。',
} as const
