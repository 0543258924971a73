/** What several parts of the program say. */
export const common = {
  ' and ': '、',
  ' or ': ' 或 ',
  'a string': '字符串',
  'a list': '列表',
  'Missing subcommand.': '缺少子命令。',
} as const
