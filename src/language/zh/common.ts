/** What several parts of the program say. */
export const common = {
  ' and ': ' 和 ',
  ' or ': ' 或 ',
  'a string': '字符串',
  'a list': '列表',
  'unknown error': '未知错误',
  'it is not a regular file': '它不是普通文件',
  'Missing subcommand.': '缺少子命令。',
} as const
