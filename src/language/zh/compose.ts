/** The program as a whole, and the credentials provider of the library. */
export const compose = {
  'The provider is renewing the sign-in, which would be lost now; interrupt again to end at once.':
    '身份提供商正在续期登录，现在中断会使登录失效；再次中断可立即结束。',
  'The result could not be written to the standard output.': '无法把结果写到标准输出。',
  'If it goes to a file, the disk may be full.': '如果输出到文件，可能是磁盘已满。',
  'Unknown store in SESAME_STORE.': 'SESAME_STORE 指定的存储无法识别。',
  'It can be {names}.': '可选的值：{names}。',
  '{directory} takes no files ({code}).': '{directory} 中无法写入文件（{code}）。',
  'Going on without locks: {reason}': '不使用锁，继续运行：{reason}',

  'The encrypted file needs its passphrase.': '打开加密文件需要口令。',
  'Set SESAME_PASSPHRASE, or give the passphrase option.': '设置 SESAME_PASSPHRASE，或提供 passphrase 选项。',
  'configDirectory must be an absolute path.': 'configDirectory 必须是绝对路径。',
  'what createCredentialsProvider() gives': 'createCredentialsProvider() 的返回值',
} as const
