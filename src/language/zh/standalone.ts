/** Standalone executables: their keychain binding is unpacked into a directory of the user. */
export const standalone = {
  'The executable of sesame is damaged.': 'sesame 可执行文件已损坏。',
  'Install sesame again.': '请重新安装 sesame。',
  'it is not what was written': '其内容与写入的不一致',
  'Set XDG_CACHE_HOME to another directory.': '请将 XDG_CACHE_HOME 设为其他目录。',
  'other users can write to it': '其他用户对其有写权限',
  'other users can write to it: {users}': '其他用户对其有写权限：{users}',
  'See "{command}".': '请参阅 “{command}”。',
  'there is no home directory to unpack the keychain binding into': '没有可用于解压密钥链组件的主目录',
} as const
