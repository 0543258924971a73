/** The command line itself: commands, options, arguments. */
export const commandLine = {
  'Interrupted.': '已中断。',
  'Missing command.': '缺少命令。',
  'See "sesame help".': '请参阅 “sesame help”。',
} as const
