/** The stores of files: the encrypted file, its key and passphrase (`sesame unlock`, `sesame lock`), and plain files. */
export const encryptedFile = {
  'The encrypted store needs a passphrase.': '打开加密存储需要口令。',
  'Set SESAME_PASSPHRASE, run "sesame unlock" first, or run this in a terminal.':
    '设置 SESAME_PASSPHRASE，或先运行 “sesame unlock”，或在终端中运行该命令。',
  'The passphrase does not open the encrypted store.': '口令无法打开加密存储。',
  'Check SESAME_PASSPHRASE, or delete the "secrets" directory in the state directory to start anew.':
    '检查 SESAME_PASSPHRASE，或删除状态目录中的 “secrets” 目录后重新开始。',
  'The encrypted store is opened by another key than this.': '加密存储需要用另一个密钥打开。',
  'Set SESAME_PASSPHRASE to the key that "sesame configure --new-key" printed, or delete the "secrets" directory in the state directory to start anew.':
    '把 SESAME_PASSPHRASE 设为 “sesame configure --new-key” 输出的密钥，或删除状态目录中的 “secrets” 目录后重新开始。',
  'The key has a typing error: its checksum does not fit.': '密钥输入有误：校验和不匹配。',
  'Set SESAME_PASSPHRASE to the whole line that "sesame configure --store encrypted-file --new-key" printed.':
    '把 SESAME_PASSPHRASE 设为 “sesame configure --store encrypted-file --new-key” 输出的整行内容。',
  'No new key was made: {reason}': '没有生成新密钥：{reason}',
  'Set SESAME_PASSPHRASE to the present passphrase, so that the secrets are taken along, or delete the "secrets" directory in the state directory to start anew.':
    '把 SESAME_PASSPHRASE 设为当前口令，以便保留已有密钥；或删除状态目录中的 “secrets” 目录后重新开始。',

  '{path} is damaged or belongs to another item; it is kept as {kept}.':
    '{path} 已损坏或属于其他条目；已另存为 {kept}。',
  'Malformed item {path} was moved to {kept}.': '条目 {path} 格式错误，已移到 {kept}。',
  'Secrets are kept in plain text in {directory}.': '密钥以明文保存在 {directory}。',

  'The encrypted file is unlocked until {until}; "sesame lock" ends it before.':
    '加密文件已解锁，有效期至 {until}；“sesame lock” 可提前锁定。',
  '--for must be between 1s and 168h (seven days).': '--for 必须在 1s 到 168h（七天）之间。',
  'There is nothing to unlock: the store is {store}.': '没有需要解锁的内容：当前存储是 {store}。',
  'The encrypted file is chosen with: sesame configure --store encrypted-file':
    '使用加密文件：sesame configure --store encrypted-file',
  'The encrypted file is locked: its key was forgotten.': '加密文件已锁定：密钥已清除。',
  'The encrypted file was not unlocked: there is no key to forget.': '加密文件没有解锁：没有需要清除的密钥。',

  'The key that "sesame unlock" has kept does not fit the encrypted file; it was forgotten.':
    '“sesame unlock” 暂存的密钥与加密文件不匹配，已清除。',
  'The key of the encrypted file was forgotten: {reason}.': '加密文件的密钥已清除：{reason}。',
  'its file is malformed': '密钥文件格式错误',
  'it was kept before this machine was restarted': '密钥是在本机重启之前暂存的',
  'its time is over ("sesame unlock" keeps it again)': '暂存时间已到（“sesame unlock” 可重新暂存）',
  'The key cannot be kept in memory: {reason}.': '无法把密钥暂存在内存中：{reason}。',
  'Set SESAME_PASSPHRASE instead; a key from "sesame configure --store encrypted-file --new-key" is quick.':
    '改为设置 SESAME_PASSPHRASE；使用 “sesame configure --store encrypted-file --new-key” 生成的密钥速度更快。',
  'this platform has no directory for it': '此平台没有可用的目录',
  'XDG_RUNTIME_DIR is not set': '没有设置 XDG_RUNTIME_DIR',
  'XDG_RUNTIME_DIR is not an absolute path': 'XDG_RUNTIME_DIR 不是绝对路径',
  '{path} is not in memory (tmpfs)': '{path} 不在内存中（tmpfs）',
  '{path} cannot be used ({code})': '无法使用 {path}（{code}）',
  '{path} cannot be read ({code})': '无法读取 {path}（{code}）',
  '{path} belongs to another user (uid {uid})': '{path} 属于其他用户（uid {uid}）',
  '{path} belongs to another user': '{path} 属于其他用户',
  '{path} is open to other users (mode {mode}, not 700)':
    '{path} 对其他用户开放（权限是 {mode}，而不是 700）',
  '{path} is on another file system': '{path} 位于另一个文件系统',
  '{path} is not a file of ours': '{path} 不是 sesame 的文件',
  '{path} was open to other users': '{path} 曾对其他用户开放',
  '{path} has more than one hard link': '{path} 有不止一个硬链接',
} as const
