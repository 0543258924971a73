/** The library of server-side tokens and `sesame sst`: keys, tokens, revocation lists. */
export const sst = {
  'They are create-key, init, create, verify, revoke and list; see "sesame help sst".':
    '子命令有 create-key、init、create、verify、revoke 和 list；请参阅 “sesame help sst”。',
  '{path} is there already; it is not overwritten.': '{path} 已存在，不会覆盖。',
  'Name another file. With its tokens in use, move the old key to formerKeys: in the new one.':
    '请指定另一个文件。如果旧密钥的令牌仍在使用，请把旧密钥移到新文件的 formerKeys: 中。',
  'A new key is in {path}.': '新密钥已写入 {path}。',
  'Missing argument USER: name a user or a service.': '缺少参数 USER：请指定用户或服务。',
  'The revocation list was not made: Redis does not answer.': '未能创建吊销列表：Redis 没有响应。',
  'A new revocation list is in {where}.': '已在 {where} 中创建吊销列表。',
  'A revocation list is in {where} already; nothing was changed.': '{where} 中已有吊销列表；未做更改。',
  'The revocation list does not answer.': '吊销列表没有响应。',
  'The revocation list does not answer, so no token is taken.': '吊销列表没有响应，因此不接受任何令牌。',
  '--db and --redis exclude each other.': '--db 和 --redis 不能同时使用。',
  'Do not pass a password as an argument: other users can read it.':
    '不要把密码作为参数传入：其他用户可以看到它。',
  'Put the Redis URL into the environment variable SESAME_REDIS_URL.':
    '请把 Redis URL 放在环境变量 SESAME_REDIS_URL 中。',
  'Was revoked already: a token of {user}.': '此前已吊销：{user} 的令牌。',
  'Revoked: a token of {user}.': '已吊销：{user} 的令牌。',
  'There is nothing to revoke: this is no token of this key.': '没有可吊销的内容：它不是用该密钥创建的令牌。',
  'The token is not revoked: the revocation list cannot be written.': '令牌未被吊销：无法写入吊销列表。',
  'Missing argument TOKEN.': '缺少参数 TOKEN。',
  'Give - and send the token to the standard input.': '请写 -，并通过标准输入传入令牌。',
  'Key and token cannot both come by the standard input.': '密钥和令牌不能都来自标准输入。',
  'Warning: other users of this machine can see the token in the arguments. Send it to the standard input, with - in its place.':
    '警告：本机的其他用户可以在参数中看到令牌。请改写为 -，并通过标准输入传入。',
  'The token': '令牌',
  'The key': '密钥',
  'The key is missing: name its file with --key-file.': '缺少密钥：请用 --key-file 指定密钥文件。',
  '"sesame sst create-key --key-file key.yaml" makes one.':
    '“sesame sst create-key --key-file key.yaml” 可以生成密钥文件。',
  'The token is not valid.': '令牌无效。',
  'It is no token, or damaged, or of another key or service.': '它不是令牌，或已损坏，或属于其他密钥或服务。',
  'Its time has passed.': '它已过期。',
  "It was made in the future, by this machine's clock.": '按本机时钟，它的创建时间在未来。',
  'It has been revoked.': '它已被吊销。',
  'The token is valid, but its user id holds control characters.': '令牌有效，但其用户 ID 含有控制字符。',
  'Use --json.': '请使用 --json。',

  'Revocations in SQLite need Node.js 22.13 or later, or the package libsql, which is not installed. To install it, run:':
    '使用 SQLite 吊销列表需要 Node.js 22.13 或更高版本，或者 libsql 包（尚未安装）。安装命令：',
  'Revocations in Redis need the package @redis/client, which is not installed. To install it, run:':
    '使用 Redis 吊销列表需要 @redis/client 包（尚未安装）。安装命令：',
  'The package {name} cannot be loaded on this platform.': '无法在该平台上加载 {name} 包。',
  'Install it with its optional dependencies: {command}': '请连同其可选依赖一起安装：{command}',

  '{what} {why}.': '{what}：{why}。',
  'The key file {path}': '密钥文件 {path}',
  'The key file on the standard input': '标准输入中的密钥文件',
  'There is no key file {path}.': '没有密钥文件 {path}。',
  '"sesame sst create-key --key-file FILE" makes one.':
    '“sesame sst create-key --key-file FILE” 可以生成密钥文件。',
  'holds too much': '内容过多',
  'uses aliases': '使用了别名',
  'is nested too deeply': '嵌套过深',
  'is larger than {bytes} bytes': '超过 {bytes} 字节',
  'is not YAML': '不是 YAML',
  'names two different keys, "key" and "aesKey"': '有两个不同的密钥：“key” 和 “aesKey”',
  'names no key: it needs key: "…"': '缺少密钥，需要 key: "…"',
  'has formerKeys that are no list': 'formerKeys 不是列表',
  'has a former key without a text': '有一个旧密钥没有内容',
  'has a former key whose "until" is no date and time': '有一个旧密钥的 “until” 不是日期和时间',
  'it is larger than {bytes} bytes': '大小超过 {bytes} 字节',
  'Name a key file.': '请指定密钥文件。',
  'other users can access this key': '其他用户可以访问该密钥',
  'the path of a key file': '密钥文件的路径',
  'the text of a key file': '密钥文件的内容',
  'The token key is empty.': '令牌密钥为空。',
  'The token key is too weak: it could be guessed from a single token.':
    '令牌密钥强度不足：可能从单个令牌猜出它。',
  'It needs {count} characters that are not all alike; "sesame sst create-key" makes one.':
    '它至少需要 {count} 个不全相同的字符；“sesame sst create-key” 可以生成密钥。',
  'The token key has sealed as many tokens as a key safely can.': '用该令牌密钥加密的令牌已达到安全上限。',
  'Put a new key first, and keep this one for opening.': '请把新密钥放在最前，该密钥只留作解密。',
  'A token service needs exactly one of key, keyFile and keys.':
    '令牌服务需要 key、keyFile 和 keys 中的一个，且只能有一个。',
  'A token service needs at least one key.': '令牌服务至少需要一个密钥。',
  'The first key seals new tokens, so it cannot have an end.':
    '第一个密钥用于加密新令牌，因此不能有截止时间。',
  'a list of keys': '密钥列表',
  'a token service, opened and awaited': '已打开（并已 await）的令牌服务',
  'an object with a function now': '带有函数 now 的对象',
  'No token can be made for this user id.': '无法为该用户 ID 创建令牌。',
  'It is empty.': '它为空。',
  'The character | separates the parts of a token.': '字符 | 用于分隔令牌的各部分。',
  'It holds control characters.': '它含有控制字符。',
  'It is not well-formed Unicode.': '它不是格式正确的 Unicode。',
  'It is longer than {bytes} bytes.': '它超过 {bytes} 字节。',
  'No token can be made for this time: it is before 1970, or none.':
    '无法为该时间创建令牌：它早于 1970 年，或者不是时间。',
  '"{name}" cannot be a service name in tokens.': '“{name}” 不能作为令牌中的服务名称。',
  'Use up to {count} characters, none of them a control character.':
    '最多 {count} 个字符，且不能有控制字符。',

  'There is no revocation list in {where}. If there was one, restore it; to make a new one, run:':
    '{where} 中没有吊销列表。如果原来有，请恢复它；要新建，请运行：',
  'The Redis URL is not a URL.': 'Redis URL 不是 URL。',
  'It looks like rediss://redis.example:6380 or redis://127.0.0.1:6379.':
    '形式如 rediss://redis.example:6380 或 redis://127.0.0.1:6379。',
  'The Redis URL must start with rediss:// (TLS).': 'Redis URL 必须以 rediss:// 开头（TLS）。',
  'Plain redis:// is accepted for a literal loopback address only, such as redis://127.0.0.1:6379.':
    '不加密的 redis:// 只接受直接写出的本机回环地址，如 redis://127.0.0.1:6379。',
  'The Redis URL holds something other than host, port and database.':
    'Redis URL 中除了主机、端口和数据库还有其他内容。',
  'The user in the Redis URL is not percent-encoded correctly.':
    'Redis URL 中的用户名没有正确进行百分号编码。',
  'The password in the Redis URL is not percent-encoded correctly.':
    'Redis URL 中的密码没有正确进行百分号编码。',
  'Write a literal % as %25.': '字符 % 本身要写作 %25。',
  'a Redis URL': 'Redis URL 字符串',
  'certificates in PEM': 'PEM 格式的证书',
  '{path} cannot be used as revocation list: {why}.': '{path} 不能用作吊销列表：{why}。',
  'The revocation list {path} cannot be used ({code}).': '无法使用吊销列表 {path}（{code}）。',
  'Without it no token can be trusted. Restore it, or name another with --db.':
    '没有它就不能信任任何令牌。请恢复它，或用 --db 指定另一个。',
  'The database': '数据库',
  'it has changed meanwhile': '它在此期间被更改',
  'it was replaced': '它已被替换',
  'it was truncated': '它被截断',
  'it is empty': '它是空的',
  'its text encoding is not UTF-8': '它的文本编码不是 UTF-8',
  'it is the database of another application': '它是其他应用的数据库',
  'its list is a view': '其中的列表是视图',
  'its list has other columns': '其中列表的列不符',
  'it has triggers on the list': '其中的列表上有触发器',
  'other users can write to it, and could take revocations back': '其他用户可以写入它，从而撤回吊销',
} as const
