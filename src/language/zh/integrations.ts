/** `configure --for`: how other tools get their credentials from sesame. */
export const integrations = {
  'Save it as a .cmd file. In Windows PowerShell: … | Set-Content -Encoding ascii FILE.cmd (what > writes there, cmd cannot read).':
    '请保存为 .cmd 文件。在 Windows PowerShell 中：… | Set-Content -Encoding ascii FILE.cmd（用 > 写出的文件，cmd 无法读取）。',
  'Renews: yes, while the program runs and the sign-in is valid; then: {command}':
    '自动续期：程序运行且登录有效期间会续期；之后请运行：{command}',
  'On disk: nothing.': '磁盘上：不留任何内容。',
  'On disk: nothing. The SDK asks a server on loopback that ends with the program.':
    '磁盘上：不留任何内容。SDK 向本机回环地址上的服务获取凭证，该服务随程序结束。',
  'A mode External profile in ~/.aliyun/config.json works for SDKs too, except in Java, but they write the secrets into that file.':
    '~/.aliyun/config.json 中 External 模式的配置也能用于 SDK（Java 除外），但 SDK 会把密钥写入该文件。',
  'Do not use a mode External profile of ~/.aliyun/config.json: the released Java SDKs refuse it.':
    '不要使用 ~/.aliyun/config.json 中 External 模式的配置：已发布的 Java SDK 不接受它。',
  'Renews: at each start; with "sesame exec --server" and type credentials_uri, as the script says, while the program runs.':
    '自动续期：每次启动时；按脚本中的说明使用 “sesame exec --server” 和 credentials_uri 类型时，程序运行期间也会续期。',
  'Renews: at each start. Terraform reads credentials once: a run that outlasts them fails.':
    '自动续期：每次启动时。Terraform 只读取一次凭证：运行时间超过凭证有效期就会失败。',
  'On disk: nothing. Do not use profile = "{profile}" of ~/.aliyun/config.json in mode External: the provider':
    '磁盘上：不留任何内容。不要使用 ~/.aliyun/config.json 中 External 模式的 profile = "{profile}"：',
  'writes the secrets into that file.': 'provider 会把密钥写入该文件。',
  'Renews: at each start; ossutil 1 also while it runs.':
    '自动续期：每次启动时；ossutil 1 在运行期间也会续期。',
  'On disk: no keys. ossutil 1 gets a configuration for that run alone, which names a server on loopback that ends with it.':
    '磁盘上：没有密钥。ossutil 1 使用仅供本次运行的配置文件，其中写的是本机回环地址上的服务，该服务随 ossutil 结束。',
  'This script is for ossutil 2; ossutil 1 reads no environment.':
    '此脚本用于 ossutil 2；ossutil 1 不读取环境变量。',
  'The script for Serverless Devs needs a POSIX shell.': 'Serverless Devs 的脚本需要 POSIX shell。',
  'Use it in WSL.': '请在 WSL 中使用。',
  'Renews: at each start; credentials are read once.': '自动续期：每次启动时；凭证只读取一次。',
  'The profile does not name its account: put the number behind the last "s" of the script, if a component asks for it.':
    '该配置没有写明账号：如果组件需要账号 ID，请把它填在脚本中最后一个 “s” 之后。',

  '{path} is a link that leads nowhere.': '{path} 是一个指向不存在文件的链接。',
  'Remove the link, or make the file it names.': '请删除该链接，或者创建它指向的文件。',
  '{what}; it stays as it is.': '{what}；保持不变。',
  '{what}. Replace it?': '{what}。要替换吗？',
  '{what}. Replace them?': '{what}。要替换吗？',

  'Fix ~/.aliyun/config.json, or add --print and put the profile there by hand.':
    '请修正 ~/.aliyun/config.json，或者加 --print，再手动把配置写进去。',
  'The configuration of the aliyun CLI cannot be read: {reason}.':
    '无法读取 aliyun CLI 的配置文件：{reason}。',
  'it must hold an object': '内容必须是一个对象',
  'Profile {profile} of the aliyun CLI is as it should be: {path}':
    'aliyun CLI 的配置 {profile} 已经设置正确：{path}',
  'Profile {profile} of the aliyun CLI takes its credentials from sesame: {path}':
    'aliyun CLI 的配置 {profile} 现在从 sesame 获取凭证：{path}',
  'Secrets in that profile were removed.': '该配置中的密钥已删除。',
  'It is the current profile of the aliyun CLI now, as {profile} gives no credentials.':
    '它现在是 aliyun CLI 的当前配置，因为 {profile} 不提供凭证。',
  'The file is UTF-8 now, which alone the aliyun CLI can read.':
    '该文件已改为 UTF-8 编码，aliyun CLI 只能读取这种编码。',
  'Warning: the aliyun CLI cannot read the file: {reason}.': '警告：aliyun CLI 无法读取该文件：{reason}。',
  'The former file: {path}': '原来的文件：{path}',
  'Warning: that copy holds secrets in plain text. Delete it when all works.':
    '警告：该副本中有明文密钥。确认一切正常后请删除。',
  'Region: {region}. For another, add --region.': '地域：{region}。要用其他地域，请加 --region。',
  'The aliyun CLI has a profile {profile} of its own': 'aliyun CLI 中已有另外的配置 {profile}',
  'The aliyun CLI has a profile {profile} of its own (mode {mode})':
    'aliyun CLI 中已有另外的配置 {profile}（{mode} 模式）',
  "Secrets of sesame's profiles were removed from {path}": '已从 {path} 中删除 sesame 配置的密钥',
  'Renews: yes, at each aliyun command, while the sign-in is valid; then: {command}':
    '自动续期：登录有效期间，每次运行 aliyun 命令时会续期；之后请运行：{command}',
  'On disk: the aliyun CLI writes no secrets of this profile.': '磁盘上：aliyun CLI 不会写入该配置的密钥。',
  'For SDKs and Terraform: sesame configure --for sdk, sesame configure --for terraform.':
    '用于 SDK 和 Terraform：sesame configure --for sdk、sesame configure --for terraform。',
  'Warning: SDKs and Terraform that use this profile write its secrets into ~/.aliyun/config.json, in plain text.':
    '警告：使用该配置的 SDK 和 Terraform 会把它的密钥以明文写入 ~/.aliyun/config.json。',
  'Those in Go, Terraform among them, write the whole file anew: what they do not know of other profiles is lost.':
    '其中用 Go 编写的（包括 Terraform）会重写整个文件：其他配置中它们不认识的内容会丢失。',
  'Needs aliyun CLI 3.4.9: older ones do not know the quotes in its process_command.':
    '需要 aliyun CLI 3.4.9：更早的版本不支持 process_command 中的引号。',
  'Warning: ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS is set here, and the aliyun CLI refuses this profile. Unset it.':
    '警告：当前环境设置了 ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS，aliyun CLI 会拒绝该配置。请取消设置。',
  'Warning: {names} is TRUE here, and the aliyun CLI ignores this profile. Unset it.':
    '警告：当前环境中 {names} 为 TRUE，aliyun CLI 会忽略该配置。请取消设置。',

  'Renews: yes, whenever the SDK needs to, while the sign-in is valid; then: {command}':
    '自动续期：登录有效期间，SDK 需要时会续期；之后请运行：{command}',
  'In Python: {code}; for others: AWS_PROFILE={profile}':
    '在 Python 中：{code}；其他工具：AWS_PROFILE={profile}',
  'Profile {profile} is as it should be: {path}': '配置 {profile} 已经设置正确：{path}',
  'Profile {profile} takes its credentials from sesame: {path}':
    '配置 {profile} 现在从 sesame 获取凭证：{path}',
  '{path} has credentials of its own for profile {profile}': '{path} 中的配置 {profile} 已有另外的凭证',
  'Add --overwrite to replace them (the former file is kept beside it), or name another with --profile.':
    '加 --overwrite 可以替换它们（原来的文件会保留在旁边），或者用 --profile 指定另一个名称。',
  'Warning: {path} has keys for profile {profile}, which are used first. Remove them there.':
    '警告：{path} 中有配置 {profile} 的密钥，会优先使用。请从中删除。',
  'Warning: AWS_ACCESS_KEY_ID is set here, and used before a profile that AWS_PROFILE names. Unset it.':
    '警告：当前环境设置了 AWS_ACCESS_KEY_ID，它优先于 AWS_PROFILE 指定的配置。请取消设置。',
} as const
