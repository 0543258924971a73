/** Formats of credentials, and programs that are started with them. */
export const output = {
  'Use PowerShell with --format powershell, or sesame exec.':
    '改用 PowerShell 并加上 --format powershell，或使用 sesame exec。',
  'Use --format env or json; dotenv files have no quotes that all readers know.':
    '改用 --format env 或 json；dotenv 文件没有所有程序都能识别的引号写法。',

  'only the current directory has it; if you mean that one: ./{command}':
    '只有当前目录中有它；如果要运行的就是它：./{command}',
  'only the current directory has it; if you mean that one: .\\{name}':
    '只有当前目录中有它；如果要运行的就是它：.\\{name}',
  'it is no program for this system': '它不是可在本系统上运行的程序',
  'EACCES; it may need an administrator': 'EACCES；可能需要管理员权限',
  'its interpreter does not exist': '它的解释器不存在',
  'it is no program; name the one that opens it': '它不是程序；请指定用来打开它的程序',
  'it is a script; name its interpreter: sesame exec -- {runner} …':
    '它是脚本；请指定解释器：sesame exec -- {runner} …',
  'its name has no ending that Windows runs (PATHEXT)': '它的扩展名不在 Windows 可运行的范围内（PATHEXT）',
  'it is a batch file, and cmd could run what is behind a quote, % or line end as a command; name the program that it starts':
    '它是批处理文件，cmd 可能把引号、% 或换行之后的内容当作命令执行；请直接指定它所启动的程序',

  'SDKs and the aliyun CLI': 'SDK 和 aliyun CLI',
  'the aliyun CLI': 'aliyun CLI 命令行工具',
  'ossutil and the OSS SDKs': 'ossutil 和 OSS SDK',
  'older SDKs and plugins': '旧版 SDK 和插件',
} as const
