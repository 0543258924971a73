/** The JWT library: tokens, keys, and what a caller of it does wrong. */
export const jwt = {
  'This is not a JWT: {reason}.': '这不是 JWT：{reason}。',
  'there is no token': '没有令牌',
  'it is longer than {size} kB': '长度超过 {size} kB',
  'it holds characters that no JWT has': '含有 JWT 中不会出现的字符',
  'it does not have three parts': '不是由三部分组成',
  'its signature is not base64url': '签名不是 base64url',
  'its {part} part is not base64url': '{part} 部分不是 base64url',
  'its {part} part is not a JSON object with distinct members': '{part} 部分不是成员名互不重复的 JSON 对象',
  'The token is encrypted (JWE).': '令牌是加密的（JWE）。',

  'The token uses "{extension}" in its header, which is not accepted.':
    '令牌的头部使用了 “{extension}”，不予接受。',
  'The token does not name an algorithm.': '令牌没有写明算法。',
  'The token says it is signed with {algorithm}; accepted: {algorithms}.':
    '令牌声明的签名算法是 {algorithm}；接受的算法：{algorithms}。',
  "If its issuer signs with {algorithm}, accept it by name: --algorithms {algorithm} (library: algorithms: ['{algorithm}']).":
    "如果签发方使用 {algorithm} 签名，请明确接受它：--algorithms {algorithm}（在库中：algorithms: ['{algorithm}']）。",
  'The key id of the token is not a text.': '令牌的密钥 ID（kid）不是字符串。',
  'The type (typ) of the token is "{found}", not "{wanted}".':
    '令牌的类型（typ）是 “{found}”，不是 “{wanted}”。',
  'The type (typ) of the token is absent, not "{wanted}".': '令牌没有类型（typ），应为 “{wanted}”。',
  'It is an access token (RFC 9068); to accept those, ask for the type at+jwt.':
    '这是访问令牌（RFC 9068）；要接受这类令牌，请要求类型 at+jwt。',

  'The issuer of the token is {found}, not {wanted}.': '令牌的签发方是 {found}，不是 {wanted}。',
  'The token is for no audience, not for {wanted}.': '令牌没有 audience，应为 {wanted}。',
  'The token is for {found}, not for {wanted}.': '令牌面向 {found}，不是 {wanted}。',
  'The token expired at {instant}; it is {now}, and the tolerance is {tolerance} s.':
    '令牌已于 {instant} 过期；现在是 {now}，允许的时钟偏差为 {tolerance} 秒。',
  'The token is not valid before {instant}; it is {now}, and the tolerance is {tolerance} s.':
    '令牌从 {instant} 起才有效；现在是 {now}，允许的时钟偏差为 {tolerance} 秒。',
  'The token claims to be issued at {instant}; it is {now}, and the tolerance is {tolerance} s.':
    '令牌声明的签发时间是 {instant}；现在是 {now}，允许的时钟偏差为 {tolerance} 秒。',
  'The token has no claim "{name}".': '令牌没有声明 “{name}”。',
  'Invalid claim "{name}".': '声明 “{name}” 无效。',
  'The token was issued to a client that it does not name, not to {wanted}.':
    '令牌没有写明签发给哪个客户端，应为 {wanted}。',
  'The token was issued to {found}, not to {wanted}.': '令牌签发给 {found}，不是 {wanted}。',

  'The issuer has no key for this token: {reason}.': '签发方没有适用于该令牌的密钥：{reason}。',
  'none is for {algorithm}': '没有用于 {algorithm} 的密钥',
  'the one it names is not there': '令牌指定的密钥不存在',
  'the one that would fit {reason}': '对应的密钥{reason}',
  'The signature of the token does not fit.': '令牌的签名不匹配。',
  'The token has been used before.': '令牌已经使用过。',

  'The public key {reason}.': '公钥不可用：{reason}。',
  'is no JWK Set': '不是 JWK Set',
  'holds more than {count} keys': '包含超过 {count} 个密钥',
  'is not for {algorithm}': '不能用于 {algorithm}',
  'is not for signatures': '不能用于签名',
  'is not for verifying': '不能用于验证',
  'is a private key': '是私钥',
  'cannot be read': '无法读取',
  'is too weak (Ed25519 point of small order)': '强度不足（小阶的 Ed25519 点）',
  'is too weak (RSA with {bits} bits)': '强度不足（{bits} 位的 RSA）',
  'is too long (RSA with {bits} bits)': '过长（{bits} 位的 RSA）',
  'is too weak (RSA exponent)': '强度不足（RSA 指数）',
  'is too weak (RSA modulus)': '强度不足（RSA 模数）',
  'holds a symmetric key, not a public one': '是对称密钥，不是公钥',
  'holds no key': '没有密钥',
  'A key is wanted for {algorithms}, with 2048 bits or more if it is RSA.':
    '需要用于 {algorithms} 的密钥；RSA 密钥至少 2048 位。',
  'is longer than 1 MB': '超过 1 MB',
  'is no JSON that can be read': '不是可读取的 JSON',
  'is longer than a PEM block can be': '超过了 PEM 块的最大长度',
  'is neither PEM nor JWK nor JWK Set': '不是 PEM、JWK 或 JWK Set',
  'holds a private key': '含有私钥',
  'Export the public key alone, and keep the private one secret.': '请只导出公钥，私钥要保密。',
  'holds several PEM blocks; leave the one that signs': '有多个 PEM 块；请只保留用于签名的那个',
  'cannot be read (PEM block {label})': '无法读取（PEM 块 {label}）',
  'It can be PEM (a public key or an X.509 certificate), a JWK, or a JWK Set.':
    '公钥可以是 PEM（公钥或 X.509 证书）、JWK 或 JWK Set。',
  'The address of the JWK Set': 'JWK Set 的地址',
  'The address of the JWK Set is no URL: {address}': 'JWK Set 的地址不是 URL：{address}',
  'Cannot fetch the JSON Web Key Set from {host}': '无法从 {host} 获取 JSON Web Key Set',
  '{what}: the answer {reason}.': '{what}：响应{reason}。',
  'Check the address: the discovery document of the issuer names it as jwks_uri.':
    '请检查地址：它在签发方的发现文档中是 jwks_uri。',

  'A token cannot be verified like this: {reason}.': '不能这样验证令牌：{reason}。',
  'give either jwks or publicKey': 'jwks 和 publicKey 必须给出且只能给出一个',
  'publicKey is needed': '缺少 publicKey',
  'algorithms cannot hold {unknown}; it can hold {algorithms}':
    'algorithms 不能包含 {unknown}；可以包含 {algorithms}',
  '{name} must be a text, or a list of texts': '{name} 必须是字符串或字符串列表',
  'an object with a function seen': '带有函数 seen 的对象',
  'called with an id and a Date': '以 ID 和 Date 为参数调用的',
  'The replay guard is full ({count} tokens).': '重放防护的记录已满（{count} 个令牌）。',
  'scope must be names separated by spaces, or a list of names.':
    'scope 必须是以空格分隔的名称，或名称列表。',
  'realm must be printable ASCII without quotes and backslashes.':
    'realm 必须是可打印的 ASCII，且不含引号和反斜杠。',
  'a function that gives true or false': '返回 true 或 false 的函数',
  'a function that gives public keys for {algorithm}': '返回 {algorithm} 公钥的函数',
  'a function that gives { keys: [KeyObject, …] }': '返回 { keys: [KeyObject, …] } 的函数',
  'a text': '字符串',
  'an AbortSignal': 'AbortSignal 对象',
} as const
