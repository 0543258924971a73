/** What every module checks: URLs, options of the library, credentials that are printed. */
export const kit = {
  '{message} (RequestId {requestId}).': '{message}（RequestId {requestId}）。',
  '(empty)': '（空）',
  empty: '空值',

  'The {what} is empty.': '以下值为空：{what}。',
  'The {what} holds a line break or another character that cannot be printed safely.':
    '以下值含有换行符或其他无法安全输出的字符：{what}。',
  'access key id': '访问密钥 ID（AccessKey ID）',
  'access key secret': '访问密钥（AccessKey Secret）',
  'security token': 'STS 令牌（SecurityToken）',
  'profile name': '配置名称',
  region: '地域',
  'credentials URI': '凭证地址（URI）',
  'path of the socket': '套接字路径',
  'path of no file': '空文件路径',
  'A variable has a name that no shell can carry.': '有变量的名称在任何 shell 中都不合法。',
  'The format {format} cannot carry the value of {name}.': '格式 {format} 无法表示 {name} 的值。',

  'A new passphrase needs at least {count} characters.': '新口令至少需要 {count} 个字符。',
  'Set a longer SESAME_PASSPHRASE, or make a key: sesame configure --store encrypted-file --new-key':
    '设置更长的 SESAME_PASSPHRASE，或生成密钥：sesame configure --store encrypted-file --new-key',

  '{what} is not a URL: {address}': '{what}：{address} 不是有效的 URL',
  'It looks like {example}.': '正确的形式如 {example}。',
  '{what} must not contain a user name or password.': '{what}：不能包含用户名或密码。',
  '{what} must start with https://, not {address}': '{what}：必须以 https:// 开头，而不是 {address}',
  'Plain http is accepted for a literal loopback address only, such as http://127.0.0.1:8080/.':
    '只有写成 IP 的本机回环地址才能使用 http，例如 http://127.0.0.1:8080/。',
  '{what} has no host name: {address}': '{what}：{address} 缺少主机名',
  '{what} has an invalid host name: {host}': '{what}：主机名 {host} 无效',
  'A host name has letters, digits, hyphens and underscores between its dots.':
    '主机名以点分隔，每一段只能包含字母、数字、连字符和下划线。',

  '{name} must be {wanted}.': '{name} 不符合要求，应为：{wanted}。',
  '{name} must be {wanted}, not {value}.': '{name} 不符合要求，应为：{wanted}；实际为：{value}。',
  'a number': '数字',
  'a whole number': '整数',
  'a number of {unit}': '数字（单位：{unit}）',
  'a whole number of {unit}': '整数（单位：{unit}）',
  '{number}, at least {min}': '{number}，不小于 {min}',
  '{number}, at most {max}': '{number}，不大于 {max}',
  '{number} from {min} to {max}': '{number}，范围 {min} 到 {max}',
  seconds: '秒',
  days: '天',
  bytes: '字节',
  characters: '字符',
  'a valid Date': '有效的 Date 对象',
  'an invalid Date': '无效的 Date 对象',
  'true or false': 'true 或 false',
  'a non-empty string': '非空字符串',
  'a non-empty string, or a list of them': '非空字符串，或由其组成的列表',
  'one of {names}': '以下值之一：{names}',
  'a function': '函数',
  'an object': '对象',
  'an array': '数组',
  'a {type}': '{type} 类型的值',
} as const
