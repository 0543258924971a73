/** What `sesame doctor` finds in configuration, stores, profiles and at servers, and what to do about it. */
export const doctorFindings = {
  '{what}: {reason}': '{what}：{reason}',
  '; ': '；',

  'standalone, {target}': '独立可执行文件，{target}',
  'sesame {version} ({which}), {runtime}, {platform}': 'sesame {version}（{which}），{runtime}，{platform}',
  '{versions}: this version of Node.js is not supported': '{versions}：不支持这个版本的 Node.js',
  'Install Node.js 20.18.1 or newer (not 21, not 22.0 to 22.2).':
    '安装 Node.js 20.18.1 或更高版本（21 以及 22.0 到 22.2 除外）。',

  '{path} does not exist yet': '{path} 尚不存在',
  '{path} is valid, 1 profile': '{path} 有效，共 1 个配置',
  '{path} is valid, {count} profiles': '{path} 有效，共 {count} 个配置',
  '{valid}; it can only be read: {reason}': '{valid}；只能读取：{reason}',
  '{path} was open to other users (mode {mode})': '{path} 曾对其他用户开放（权限 {mode}）',
  '{path} is open to other users (mode {mode})': '{path} 对其他用户开放（权限 {mode}）',
  '{found}, open to other users (mode {mode})': '{found}，且对其他用户开放（权限 {mode}）',
  'other users can write to {path} (mode {mode})': '其他用户可以写入 {path}（权限 {mode}）',
  'the current profile {name} does not exist': '当前配置 {name} 不存在',
  '{path} can be written': '{path} 可写',
  'Set SESAME_STATE_DIR to a directory of your own.': '把 SESAME_STATE_DIR 设为自己的目录。',

  '{store} (chosen by itself)': '{store}（自动选择）',
  usable: '可用',
  'it kept and returned a test item': '测试条目可以正常写入和读出',
  'not asked': '未询问',
  'the keychain is {state}': '钥匙串状态：{state}',
  'the keychain is {state} ({reason})': '钥匙串状态：{state}（{reason}）',
  'secrets are kept in plain text': '密钥以明文保存',
  'nothing is kept after a run': '运行结束后不保留任何内容',
  'a key of full strength': '高强度密钥',
  'a passphrase': '口令',
  'opened by {opener}': '用{opener}打开',
  "opened by {opener} whose derivation is below OWASP's floor until something is written":
    '用{opener}打开，其密钥派生强度低于 OWASP 的最低要求，下次写入时会提高',
  'not unlocked': '未解锁',
  'unlocked until {instant}': '解锁至 {instant}',
  'no answer within {seconds} s': '{seconds} 秒内没有响应',
  'There is no keychain here; make a key for an encrypted file: sesame configure --store encrypted-file --new-key':
    '这里没有钥匙串；可以为加密文件生成密钥：sesame configure --store encrypted-file --new-key',
  'Unlock the keyring (log in to the desktop, or open its password manager).':
    '解锁钥匙串（登录桌面，或打开桌面的密码管理器）。',

  'Look at it with: {command}': '查看：{command}',
  'no sign-in URL': '没有登录地址',
  'its secrets are in the store {store} still, and move with the next login':
    '密钥仍在存储 {store} 中，下次登录时会移过来',
  'its secret is not in the store': '它的密钥不在存储中',
  'the secret of profile {name} is not in the store': '配置 {name} 的密钥不在存储中',
  'valid until {instant}': '有效期至 {instant}',
  'valid until {instant}, and then not renewed: {reason}': '有效期至 {instant}，之后不会续期：{reason}',
  'is not renewed: {reason}': '不会续期：{reason}',
  'its store cannot be read just now': '暂时无法读取它的存储',
  'Fix the store first, see above.': '先修复存储，见上文。',
  "counts as expired, since this machine's clock was set or is slow (valid until {instant} by the server's)":
    '视为已过期，因为本机时钟被调整过或偏慢（按服务器的时钟，有效期至 {instant}）',
  'expired at {instant}': '已于 {instant} 过期',
  'signed out': '未登录',
  'no tokens yet': '还没有令牌',
  'no credentials yet': '还没有凭证',
  'tokens {state}': '令牌{state}',
  '{state}; renews by itself': '{state}；会自动续期',
  '{state}; renews by itself until {instant}': '{state}；在 {instant} 之前会自动续期',

  '{origin} was not asked (--offline)': '没有访问 {origin}（--offline）',
  'Check the network, then: sesame doctor': '检查网络，然后运行：sesame doctor',
  directly: '直连',
  'through {proxy}': '经由 {proxy}',
  '{origin} answers with status {status}, {through}': '{origin} 返回状态码 {status}，{through}',
  'Try again later: sesame doctor': '稍后再试：sesame doctor',
  'TLS ok': 'TLS 正常',
  'loopback without TLS': '本机回环地址，不使用 TLS',
  '{origin} answers in {ms} ms, {through}, {tls}': '{origin} 在 {ms} 毫秒内响应，{through}，{tls}',
  'something else answers for {host}: status {status} with JSON that is not of this server.':
    '响应不是来自 {host}：状态码 {status}，其中的 JSON 不是该服务器的格式。',
  'something else answers for {host}: status {status} with a page or nothing instead of JSON.':
    '响应不是来自 {host}：状态码 {status}，内容是网页或为空，而不是 JSON。',
  'The network wants a sign-in of its own (HTTP 511): open any page in a browser, then: sesame doctor':
    '当前网络需要先认证（HTTP 511）：用浏览器打开任意网页，然后运行：sesame doctor',
  'The network may want a sign-in of its own, or a proxy may block: open the address in a browser, then: sesame doctor':
    '当前网络可能需要先认证，或被代理拦截：用浏览器打开该地址，然后运行：sesame doctor',

  'right, to {seconds} s': '准确，误差不超过 {seconds} 秒',
  'this clock is {time} slow': '本机时钟慢 {time}',
  'this clock is {time} fast': '本机时钟快 {time}',
  'Set the clock by the network time.': '按网络时间校准时钟。',

  'no secrets in plain text where they are known to lie': '常见位置没有明文密钥',
  '{path}: acs-sso keeps tokens and credentials in plain text': '{path}：acs-sso 以明文保存令牌和凭证',
  '{path}: {secrets} of {profile} in plain text': '{path}：{profile}的 {secrets} 以明文保存',
  '{path}: {secrets} of {profile} in plain text, a copy from before that profile was replaced':
    '{path}：{profile}的 {secrets} 以明文保存，这是替换该配置之前的备份',
  '{path}: an access key of {owner} in plain text, not needed once sesame gives the credentials':
    '{path}：{owner} 的访问密钥以明文保存；改由 sesame 提供凭证后就不再需要',
  'the SDKs': '阿里云 SDK',
  '{path} holds {count} secrets that no profile leads to': '{path} 中有 {count} 条不属于任何配置的密钥',
  'Other configurations have secrets there, too: delete those of this one by hand.':
    '其他配置目录也在那里保存密钥：手动删除属于当前配置目录的那些。',
  '{count} files in {path} are open to other users': '{path} 中有 {count} 个文件对其他用户开放',
  'the store {store}, which was used before, cannot be looked into: {reason}':
    '无法查看以前使用的存储 {store}：{reason}',
  'See why with: {command}': '查看原因：{command}',
  'the store {store} still holds secrets of profile {name}, kept elsewhere now':
    '存储 {store} 中仍有配置 {name} 的密钥，而该配置现在使用其他存储',
  'the store {store} still holds secrets of profiles {names}, kept elsewhere now':
    '存储 {store} 中仍有配置 {names} 的密钥，而这些配置现在使用其他存储',
} as const
