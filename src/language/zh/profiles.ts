/** Profiles: the configuration and the state that are read, and `sesame profile`. */
export const profiles = {
  'The configuration {path} cannot be read: {reason}.': '无法读取配置文件 {path}：{reason}。',
  'Fix it in an editor, or move it away and run "sesame configure".':
    '在编辑器中修正该文件，或把它移走后运行 “sesame configure”。',
  'the file': '文件内容',
  'profile {name}': '配置 {name}',
  'version {version} was written by a newer sesame': '版本 {version} 由更新版本的 sesame 写入',
  'store "{store}" is not known': '无法识别存储 “{store}”',
  '"{name}" cannot be a profile name': '“{name}” 不能用作配置名称',
  'profile {name} has an unknown kind': '配置 {name} 的类型未知',
  'profile {name} lacks {field}': '配置 {name} 缺少 {field}',
  '{field} must be a {shape}': '{field} 的类型必须是 {shape}',
  '{field} of profile {name} cannot be a profile name': '配置 {name} 的 {field} 不能用作配置名称',
  '{what} must be an object': '{what} 必须是对象',

  'SESAME_CONFIG_DIR must be an absolute path.': 'SESAME_CONFIG_DIR 必须是绝对路径。',
  'SESAME_STATE_DIR must be an absolute path.': 'SESAME_STATE_DIR 必须是绝对路径。',
  'There is no home directory to keep the configuration in.': '没有可用于保存配置的主目录。',
  'Set HOME, or SESAME_CONFIG_DIR to a directory of your own.':
    '设置 HOME，或把 SESAME_CONFIG_DIR 设为您自己的目录。',
  'it belongs to root': '文件属于 root',
  'it belongs to uid {uid}': '文件属于 uid {uid}',
  'it is read-only': '文件是只读的',
  'Change it where it comes from, or name another directory with SESAME_CONFIG_DIR.':
    '在其来源处修改，或用 SESAME_CONFIG_DIR 指定其他目录。',
  '{path} is malformed; what it said is not used.': '{path} 格式错误；其内容不会被使用。',
  'Malformed {path} was moved to {kept}.': '{path} 格式错误，已移到 {kept}。',
  '{path} was written by a newer sesame.': '{path} 由更新版本的 sesame 写入。',
  'Update sesame, or set SESAME_STATE_DIR to another directory.':
    '更新 sesame，或把 SESAME_STATE_DIR 设为其他目录。',
  'Set SESAME_STATE_DIR to a directory of your own, or SESAME_STORE=memory to keep nothing.':
    '把 SESAME_STATE_DIR 设为您自己的目录，或设置 SESAME_STORE=memory 不保存任何内容。',

  '"{name}" cannot be a profile name.': '“{name}” 不能用作配置名称。',
  'Use up to 64 letters, digits and _ . @ + - (or spaces inside), beginning with a letter or digit.':
    '最多 64 个字符，只能包含字母、数字和 _ . @ + -（中间可以有空格），以字母或数字开头。',
  'Profile {name} cannot be used: {reason}': '无法使用配置 {name}：{reason}',
  'Fix it: sesame configure --profile {name} …': '修正方法：sesame configure --profile {name} …',

  'Name the profile to delete.': '指定要删除的配置。',
  'Deleted profile {name}.': '已删除配置 {name}。',
  '--profile goes with --delete here; see "sesame profile show".':
    '这里的 --profile 需要与 --delete 一起使用；参阅 “sesame profile show”。',
  'Account ID': '账号 ID',
  'Access Configuration ID': '访问配置 ID',
  Status: '状态',
  'Time left': '剩余时间',
  Available: '可用',
  Expired: '已过期',
  'Signed out': '未登录',
  Unknown: '未知',
  'No profiles yet; "sesame login --profile NAME" makes one':
    '还没有配置；可用 “sesame login --profile NAME” 创建',
  Store: '存储',
  Configuration: '配置文件',
  '{name} (current)': '{name}（当前）',
  '{value} ({mark})': '{value}（{mark}）',
  'not configured': '未设置',
  valid: '有效',
  none: '无',
  unknown: '未知',
} as const
