/** What `sesame doctor` finds in the variables of this shell: which keys SDKs and the aliyun CLI would take. */
export const doctorShell = {
  'the keys in this shell agree': '当前 shell 中的密钥一致',
  'no keys in this shell': '当前 shell 中没有密钥',
  '{there} is set without {missing}': '设置了 {there}，但没有设置 {missing}',
  '{name} is a temporary key, and {token} is missing': '{name} 是临时密钥，但缺少 {token}',
  '{name} ({id}) is a long-term key, but {token} is set: they come from two sources':
    '{name}（{id}）是长期密钥，却设置了 {token}：两者来源不同',
  '{first} and {second} differ: a key meets a foreign token': '{first} 与 {second} 不一致：密钥与令牌不配套',
  '{name} is set alone: it can meet the key of another source': '单独设置了 {name}：可能与其他来源的密钥混用',
  '{name} is set alone: there is no key for it': '单独设置了 {name}：没有与它配套的密钥',
  '{first} is {firstId}, {second} is {secondId}, with one token: a key meets a foreign token':
    '{first} 为 {firstId}，{second} 为 {secondId}，却共用一个令牌：密钥与令牌不配套',
  '{first} is {firstId}, {second} is {secondId}: tools will use different keys':
    '{first} 为 {firstId}，{second} 为 {secondId}：不同工具会使用不同的密钥',
  '{first} and {second} agree, but their secrets or tokens do not':
    '{first} 与 {second} 一致，但对应的 Secret 或令牌不一致',
  '{name} is set: for {programs} it counts more than what sesame hands over':
    '设置了 {name}，它优先于 sesame 提供的凭证；受影响的程序：{programs}',
  'SESAME_EXPIRATION is no time: {text}': 'SESAME_EXPIRATION 不是有效的时间：{text}',
  'the credentials in this shell expired at {instant}': '当前 shell 中的凭证已于 {instant} 过期',
  'NODE_TLS_REJECT_UNAUTHORIZED=0 turns certificate checks off; sesame sends nothing that way':
    'NODE_TLS_REJECT_UNAUTHORIZED=0 关闭了证书校验；sesame 不会在这种情况下发送任何内容',

  'SDKs find no credentials in this shell; "sesame exec -- COMMAND" gives them some':
    'SDK 在当前 shell 中找不到凭证；可用 “sesame exec -- COMMAND” 提供',
  'SDKs take {source}': 'SDK 的凭证来源：{source}',
  'SDKs take {source}, not sesame': 'SDK 的凭证来源：{source}，不是 sesame',
  'SDKs take {source}, which hides {hidden}': 'SDK 的凭证来源：{source}，因此不会用到：{hidden}',
  'SDKs take {source}, but the Python SDK asks {proxies} for it, and shows the proxy its secret path':
    'SDK 的凭证来源：{source}；但 Python SDK 会通过 {proxies} 访问它，从而把含有机密的路径暴露给代理',
  'the ini file {path}': 'ini 文件 {path}',
  'the keys of this shell, from sesame': '当前 shell 中来自 sesame 的密钥',
  'the keys of this shell, from profile {name} of sesame': '当前 shell 中来自 sesame 配置 {name} 的密钥',
  'the keys of this shell, which are not from sesame': '当前 shell 中并非来自 sesame 的密钥',
  'the OIDC role of this shell': '当前 shell 中的 OIDC 角色',
  'profile {name} ({mode}) of the aliyun CLI': 'aliyun CLI 的配置 {name}（{mode}）',
  'the metadata of an ECS instance first': 'ECS 实例元数据（最先尝试）',
  'the credentials URI at {host}': '位于 {host} 的凭证地址（URI）',
  'a credentials URI that is not on this machine': '不在本机上的凭证地址（URI）',

  'profile {name} ({mode})': '配置 {name}（{mode}）',
  'the aliyun CLI cannot read {path}: {reason}': 'aliyun CLI 无法读取 {path}：{reason}',
  'the aliyun CLI takes its {profile}': 'aliyun CLI 使用自己的{profile}',
  'the aliyun CLI takes its {profile} and not the keys of this shell':
    'aliyun CLI 使用自己的{profile}，而不是当前 shell 中的密钥',
  '{name} is "{value}": the aliyun CLI takes only TRUE': '{name} 为 “{value}”：aliyun CLI 只认 TRUE',
  '{names} is set, so the aliyun CLI ignores its profiles, but there are no keys in this shell':
    '设置了 {names}，因此 aliyun CLI 忽略自己的配置，但当前 shell 中没有密钥',
  'the aliyun CLI takes the keys of this shell': 'aliyun CLI 使用当前 shell 中的密钥',
  'the aliyun CLI takes the keys of this shell; up to 3.0.212 it needs {name} too':
    'aliyun CLI 使用当前 shell 中的密钥；3.0.212 及更早的版本还需要设置 {name}',
  'profile {name} of the aliyun CLI is empty': 'aliyun CLI 的配置 {name} 是空的',
  'the aliyun CLI has no profile {name}, its current profile: its commands fail':
    'aliyun CLI 的当前配置 {name} 不存在：它的命令都会失败',
  'the aliyun CLI has no profile {name}, the profile of {variable}: its commands fail':
    'aliyun CLI 中没有 {variable} 指定的配置 {name}：它的命令都会失败',
  'the aliyun CLI refuses its {profile}: it wants "{mode}"':
    'aliyun CLI 不接受自己的{profile}：mode 应写作 “{mode}”',
  'write "mode": "{mode}" in ~/.aliyun/config.json': '在 ~/.aliyun/config.json 中写 "mode": "{mode}"',
  '{name} is set: the aliyun CLI refuses its {profile}': '设置了 {name}：aliyun CLI 不接受自己的{profile}',
  'put the value between quotes': '给该值加上引号',
  'save the file as UTF-8 without a byte order mark': '将文件另存为不带 BOM 的 UTF-8',
} as const
