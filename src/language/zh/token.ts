/** `sesame token`: get, inspect and verify identity tokens. */
export const token = {
  'Say what to do with a token: {names}.': '请指定对令牌的操作：{names}。',
  'See "sesame help token".': '请参阅 “sesame help token”。',
  'See "sesame help token verify".': '请参阅 “sesame help token verify”。',
  '--keep needs --out FILE.': '--keep 需要与 --out FILE 一起使用。',
  'Name a file, or a path where nothing is.': '请指定一个文件，或尚不存在的路径。',
  'The token is not renewed: {reason}': '令牌未能续期：{reason}',
  'The token is kept in {path} until this program ends.': '令牌保存在 {path} 中，直到本程序结束。',

  'A token does not belong on the command line.': '令牌不应写在命令行上。',
  'Send it to standard input, or name a file with --file.': '请通过标准输入传入，或用 --file 指定文件。',
  'Give either --file or -, not both.': '--file 和 - 只能使用一个。',
  'There is no token: standard input is the terminal.': '没有令牌：标准输入是终端。',
  'There is no token: the input is empty.': '没有令牌：输入为空。',

  Header: '头部',
  Claims: '声明',
  '{duration} ago': '{duration}前',
  'in {duration}': '{duration}后',
  h: '小时',
  min: '分钟',
  s: '秒',
  'Nothing of this is verified: anyone can write such a token. See "sesame help token verify".':
    '以上内容均未经验证：任何人都能写出这样的令牌。请参阅 “sesame help token verify”。',

  '--jwks does not go with --{option}.': '--jwks 不能与 --{option} 一起使用。',
  'Name the expected issuer and audience of the token: --issuer and --audience.':
    '请指定令牌应有的签发方和 audience：--issuer 和 --audience。',
  'There is no profile {profile}.': '没有配置 {profile}。',
  'Profile {profile} pins no key: only profiles for IDaaS do. Give --issuer, --audience and --jwks.':
    '配置 {profile} 没有固定的公钥：只有 IDaaS 配置才有。请使用 --issuer、--audience 和 --jwks。',
  'Profile {profile} has no public key yet: give --public-key FILE.':
    '配置 {profile} 还没有公钥：请使用 --public-key FILE。',
  'Say where the keys are: --jwks FILE or URL, or --public-key FILE.':
    '请指定公钥的位置：--jwks 加文件或 URL，或者 --public-key FILE。',
  '{path} holds no JWK Set.': '{path} 中没有 JWK Set。',
} as const
