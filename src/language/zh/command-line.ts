/** The command line itself: commands, options, arguments. */
export const commandLine = {
  'Interrupted.': '已中断。',
  'Missing command.': '缺少命令。',
  'See "sesame help".': '请参阅 “sesame help”。',
  'See "sesame help {command}".': '请参阅 “sesame help {command}”。',
  '"{name}" is not a command of sesame.': 'sesame 没有 “{name}” 命令。',
  'Did you mean "{command}"? See "sesame help".': '您是想用 “{command}” 吗？请参阅 “sesame help”。',
  '"{word}" is not a subcommand of {command}.': '{command} 没有 “{word}” 子命令。',
  'Did you mean "{suggestion}"? See "sesame help {command}".':
    '您是想用 “{suggestion}” 吗？请参阅 “sesame help {command}”。',
  'Did you mean {suggestion}? See "sesame help {command}".':
    '您是想用 {suggestion} 吗？请参阅 “sesame help {command}”。',
  'The man page is one for all commands: {command}': '所有命令共用一份 man 手册：{command}',

  '{option} is not an option of "{command}".': '“{command}” 没有 {option} 选项。',
  '{option} is given twice.': '{option} 重复出现。',
  '{option} needs a value.': '{option} 需要一个值。',
  '{option} takes no value.': '{option} 不能带值。',
  'An option': '某个选项',
  '--{option} cannot be "{value}".': '--{option} 不能是 “{value}”。',
  'Did you mean {near}? It can be {names}.': '您是想用 {near} 吗？可选的值：{names}。',
  '{option} and {other} contradict each other.': '{option} 和 {other} 不能同时使用。',
  '"{word}" is not expected here.': '此处多出了 “{word}”。',
  'Put -- before the command to run: {command}': '请在要运行的命令前加上 --：{command}',
  'Write {examples}, or a number of seconds.': '可以写成 {examples}，或者直接写秒数。',
  'Name a shell: {names}.': '请指定 shell：{names}。',

  '{path} did not end within {seconds} s.': '{seconds} 秒内没有读完 {path}。',
  '{path} is longer than {size} kB.': '{path} 超过 {size} kB。',
  '{path} cannot be read ({code}): {reason}.': '无法读取 {path}（{code}）：{reason}。',

  'npm package': 'npm 包',
  'Standalone executable for {target}': '独立可执行文件（{target}）',
} as const
