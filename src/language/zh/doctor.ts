/** `sesame doctor --fix` and `--bundle`. */
export const doctor = {
  'Fixing: {does}': '正在修复：{does}',
  'Fix it: {does}?': '是否修复：{does}？',
  'Not fixed: {reason}': '未能修复：{reason}',
  'Nothing here can be fixed by itself.': '没有可以自动修复的问题。',
  'The command failed; it said why.': '命令执行失败，原因见上文。',
  '--yes goes with --fix only.': '--yes 只能与 --fix 一起使用。',
  '--fix asks before it changes something, and here is no terminal.':
    '--fix 在更改之前需要确认，但当前没有终端。',
  'Add --yes to fix everything without a question.': '加上 --yes 可以不经询问全部修复。',
  'sesame doctor --fix can do {count} of these for you.':
    '其中 {count} 项可由 sesame doctor --fix 自动修复。',
  'sesame has no profile {name}, so that the profile of the aliyun CLI cannot run it.':
    'sesame 中没有名为 {name} 的配置，aliyun CLI 的同名配置无法使用它。',
  'delete {count} secrets in {path} that no profile leads to':
    '删除 {path} 中 {count} 条不属于任何配置的密钥',
  'take what the store {store} still holds of {profiles} out of it':
    '将 {profiles} 留在存储 {store} 中的内容移走',
  '--{other} does not go with --{option}.': '--{other} 不能与 --{option} 同时使用。',
  'There is no failed flow to write.': '没有可供导出的失败记录。',
  'Run the command that fails once more, then this one.': '请先再次运行出错的命令，然后再运行本命令。',
  'Nothing was written: {path} is there already.': '未写入：{path} 已存在。',
  'Written: {path}. It names the hosts that were asked; read it through before you post it.':
    '已写入：{path}。其中包含所访问的主机名，公开之前请先通读一遍。',
  'fix what can be fixed without losing anything, asking before each; then look again':
    '修复可以安全修复的问题，每项修复前先询问，然后重新检查',
  'with --fix: do not ask': '与 --fix 一起使用：不再询问',
  'write what the last failed sign-in or renewal did, without secrets and names, for a report':
    '将最近一次失败的登录或续期过程写入文件，不含密钥和名称，供反馈问题使用',
} as const
