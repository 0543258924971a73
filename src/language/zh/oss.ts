/** The OSS library and `sesame oss`: signed requests, presigned URLs and forms. */
export const oss = {
  'Say what to do: sesame oss presign, sign or post-policy.':
    '请指定操作：sesame oss presign、sign 或 post-policy。',
  'See "sesame help oss".': '请参阅 “sesame help oss”。',
  'The region of --endpoint': '--endpoint 中的地域',
  'The region of the profile': '配置中的地域',
  'Which region?': '需要指定地域。',
  'Give --region cn-hangzhou, set ALIBABA_CLOUD_REGION_ID, or configure the profile with --region.':
    '请加 --region cn-hangzhou，设置 ALIBABA_CLOUD_REGION_ID，或用 --region 设置该配置的地域。',
  'The name of the bucket goes before this endpoint; for a domain that is bound to it, give --style cname.':
    'Bucket 的名称会加在该接入地址之前；如果这是绑定到 Bucket 的域名，请加 --style cname。',
  'Name a bucket, as in oss://bucket/key.': '请指定 Bucket，如 oss://bucket/key。',
  '--{name} "{text}" is not a number of bytes.': '--{name} “{text}” 不是字节数。',
  '--field "{member}" is not NAME=VALUE.': '--field “{member}” 不是 NAME=VALUE 的形式。',
  '--field {name} is given twice.': '--field {name} 重复出现。',
  '--condition {text} is neither a JSON list nor an object.': '--condition {text} 不是 JSON 列表或对象。',
  'Send these headers with it as they are: {names}.': '发送请求时，这些头部必须原样带上：{names}。',
  "The URL works without a Content-Type only; for a client that sends one, give --header 'Content-Type: …'.":
    "该 URL 只能用于不带 Content-Type 的请求；如果客户端会发送它，请加 --header 'Content-Type: …'。",
  '--header "{name}" has no colon.': '--header “{name}” 中没有冒号。',
  'Write it as --header "Content-Type: text/csv".': '写法如 --header "Content-Type: text/csv"。',
  '--header {name} is given twice.': '--header {name} 重复出现。',
  '{name} is in the address and in --query.': '{name} 同时出现在地址和 --query 中。',
  'Anyone with these headers can send this request for 15 minutes.':
    '任何拿到这些头部的人，都可以在 15 分钟内发送该请求。',
  '--curl and --json exclude each other.': '--curl 和 --json 不能同时使用。',
  'Name the method first.': '请先写请求方法。',
  'The URL works until {instant} only: then the credentials expire.':
    '该 URL 只在 {instant} 之前有效：届时凭证到期。',
  'The form works until {instant} only: then the credentials expire.':
    '该表单只在 {instant} 之前有效：届时凭证到期。',
  'Anyone with this URL can use it until {instant}.': '任何拿到该 URL 的人，在 {instant} 之前都可以使用它。',
  'Anyone with this form can use it until {instant}.': '任何拿到该表单的人，在 {instant} 之前都可以使用它。',
  'Name an object.': '请指定 Object。',
  '{address} does not begin with oss://.': '{address} 不是以 oss:// 开头。',
  '{address} names no bucket.': '{address} 中没有 Bucket。',
  '"{name}" cannot be a bucket: small letters, digits and hyphens.':
    '“{name}” 不能作为 Bucket 名称：只能使用小写字母、数字和连字符。',
  'The key is longer than 1023 bytes.': 'Object 名称超过 1023 字节。',
  'An object is written as oss://bucket/key.': 'Object 的写法是 oss://bucket/key。',
  'the method': '请求方法',
  'the bucket': 'Bucket 名称',
  'the key': 'Object 名称',

  'options.additionalHeaders names {name}, which request.headers lacks.':
    'options.additionalHeaders 中的 {name} 不在 request.headers 中。',
  'request.headers says host {given}, but the request goes to {host}.':
    'request.headers 中的 host 是 {given}，但请求发往 {host}。',
  'request.headers says {name} {given}, but options.now makes it {value}.':
    'request.headers 中的 {name} 是 {given}，但按 options.now 应为 {value}。',
  'at most {seconds} (7 days)': '不超过 {seconds}（7 天）的值',
  'The credentials expire within this second.': '凭证将在这一秒内到期。',
  'The credentials expired at {instant}.': '凭证已于 {instant} 过期。',
  'The URL ends with the credentials in {left} s, not in {wanted} s.':
    '该 URL 会随凭证在 {left} 秒后失效，而不是 {wanted} 秒后。',
  'an HTTP method, such as GET': 'HTTP 方法，如 GET',
  'request.key needs request.bucket.': '有 request.key 时必须有 request.bucket。',
  'of small letters, digits and hyphens (at most 63)': '由小写字母、数字和连字符组成的名称（最多 63 个字符）',
  'request.key has half a character (an unpaired surrogate).': 'request.key 中有半个字符（未配对的代理项）。',
  'request.query must not have {name}: {reason}.': 'request.query 中不能有 {name}：{reason}。',
  'request.query {name} has half a character (an unpaired surrogate).':
    'request.query {name} 中有半个字符（未配对的代理项）。',
  'request.query has a member with neither name nor value.': 'request.query 中有一个既无名称也无值的参数。',
  "request.headers: {name} is not a header's name.": 'request.headers：{name} 不是有效的头部名称。',
  'request.headers must not have {name}: {reason}.': 'request.headers 中不能有 {name}：{reason}。',
  'request.headers has {name} twice.': 'request.headers 中 {name} 重复出现。',
  'request.headers must not have x-oss-date: the URL says when it was signed.':
    'request.headers 中不能有 x-oss-date：签名时间写在 URL 中。',
  'printable ASCII on one line': '单行的可打印 ASCII',
  'printable ASCII without spaces': '不含空格的可打印 ASCII',
  'No URL can name the key {key}.': 'URL 无法表示 Object 名称 {key}。',
  'the name of a bucket': 'Bucket 的名称',
  'policy.key is needed, or policy.isPrefix.': '缺少 policy.key 或 policy.isPrefix。',
  'policy.minBytes is more than policy.maxBytes.': 'policy.minBytes 大于 policy.maxBytes。',
  'policy.fields: {name} is not the name of a field.': 'policy.fields：{name} 不是有效的字段名称。',
  'policy.fields must not have {name}: the form has its own.':
    'policy.fields 中不能有 {name}：表单已有该字段。',
  'a plain object': '普通对象',
  'a host or a URL without a path': '主机名或不带路径的 URL',
  'options.endpoint names the bucket {bucket}, request.bucket another one.':
    'options.endpoint 中的 Bucket 是 {bucket}，与 request.bucket 不同。',
  'A cloud box needs options.endpoint.': '使用云盒时必须有 options.endpoint。',
  'The style cname needs options.endpoint.': '使用 cname 形式时必须有 options.endpoint。',
  'The style cname needs request.bucket and options.endpoint.':
    '使用 cname 形式时必须有 request.bucket 和 options.endpoint。',
  'options.region or options.endpoint is needed.': '缺少 options.region 或 options.endpoint。',
  'options.region is needed: a V4 signature holds for one region.':
    '缺少 options.region：V4 签名只对一个地域有效。',
  'An IP address has no virtual hosts; options.style must be path or cname.':
    'IP 地址不支持虚拟主机形式；options.style 必须是 path 或 cname。',
  'it comes from credentials.securityToken, and goes to one place only':
    '它来自 credentials.securityToken，只能出现在一个位置',
  'signing adds it': '签名时会加上它',
  'V1 signs one value of request.query {name}; use V4.':
    'V1 签名只支持 request.query {name} 有一个值；请使用 V4。',
  'V1 cannot distinguish {name} in a key or value from a sub-resource; use V4.':
    'V1 签名无法区分名称或值中的 {name} 和子资源；请使用 V4。',
  'V1 cannot sign options.additionalHeaders; use V4.':
    'V1 无法为 options.additionalHeaders 签名；请使用 V4。',
  'a key id': '有效的 AccessKey ID',
  'a valid Date from 1970 to 9999': '1970 年到 9999 年之间的有效 Date',
  'a region id, such as cn-hangzhou': '地域 ID，如 cn-hangzhou',
} as const
