/** What CloudSSO, IDaaS and the device flow answer to a sign-in. */
export const identity = {
  'The portal answered {what}.': '登录门户的响应无效：{what}。',
  '{path} without {member}': '{path} 中没有 {member}',
  '{path} with pages that never end': '{path} 的分页没有尽头',
  '{path} with more than {count} entries': '{path} 的条目超过 {count} 个',
  '{path} without JSON': '{path} 返回的不是 JSON',
  'The portal refused to list what you may use': '登录门户拒绝列出您可用的账号和访问配置',
  'The list of the portal did not end within {seconds} s ({pages} pages).':
    '登录门户的列表在 {seconds} 秒内没有读完（已读 {pages} 页）。',
  'The portal returned an invalid id.': '登录门户返回了无效的 ID。',
  'The portal refused to start a sign-in': '登录门户拒绝发起登录',
  'The portal refused the sign-in': '登录门户拒绝了登录',
  'The portal answered without a device code, user code or address.':
    '登录门户的响应中缺少设备码、用户码或地址。',
  'The portal is throttling': '登录门户正在限流',

  'The server sent a sign-in code that has already expired.': '服务器返回的登录码已过期。',
  'The server sent a polling interval that is longer than any sign-in code is valid.':
    '服务器返回的轮询间隔比登录码的最长有效期还长。',
  'The verification address': '验证地址',
  'The verification address from the server {reason}.': '服务器返回的验证地址{reason}。',
  'is too long': '过长',
  'is no web address: {uri}': '不是网址：{uri}',
  'cannot be trusted: {uri}': '不可信：{uri}',
  'The sign-in was denied in the browser.': '登录在浏览器中被拒绝。',
  'The server no longer knows the sign-in code: it expired, or was used already.':
    '服务器已不认识该登录码：它已过期，或已被使用。',
  'The sign-in code expired before it was approved.': '登录码在批准之前已过期。',
  'The sign-in code expired without an answer of the server: {message}':
    '服务器一直没有响应，登录码已过期：{message}',
  'Check the network (proxy, firewall, captive portal), then run the same command again.':
    '检查网络（代理、防火墙、需要认证的 Wi-Fi），然后重新运行同一命令。',

  'IDaaS has a problem: {reason}.': 'IDaaS 出现故障：{reason}。',
  'IDaaS answered with something other than a token: {reason}.': 'IDaaS 返回的不是令牌：{reason}。',
  'Check the IDaaS URL, the application uuid and the API version of the profile.':
    '检查配置中的 IDaaS 地址、应用 UUID 和 API 版本。',
  'IDaaS refused the application': 'IDaaS 拒绝了该应用',
  'Check that the application is enabled in IDaaS, and its uuid, app key and app secret.':
    '检查应用在 IDaaS 中是否已启用，以及它的 UUID、appKey 和 appSecret。',
  'IDaaS refused the refresh token': 'IDaaS 拒绝了刷新令牌',
  'A new id_token can be had with the app secret.': '可以用 appSecret 重新获取 id_token。',
  'code {code}': '错误码 {code}',
  'no JSON': '内容不是 JSON',
  'IDaaS answered {status} with {what}.': 'IDaaS 返回了状态码 {status}，但响应不可用：{what}。',
  'an id_token without a signature': 'id_token 没有签名',
  'an id_token that is no JWT': 'id_token 不是 JWT',
  'an id_token with an invalid expiry': 'id_token 的到期时间无效',
  'an id_token that has already expired': 'id_token 已过期',
  'no usable {name}': '没有可用的 {name}',
  'Try again; if the error remains, show this to the administrator of the application in IDaaS.':
    '请重试；如果错误仍然存在，将此信息交给 IDaaS 中该应用的管理员。',

  'The server answered the sign-in with {what}.': '服务器对登录的响应无效：{what}。',
  'no usable access token': '没有可用的访问令牌',
  'an access token that is not of type Bearer': '访问令牌的类型不是 Bearer',
} as const
