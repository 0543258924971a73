/** The keychain of the system: macOS, Windows, and the Secret Service of Linux. */
export const keychain = {
  'The keychain is locked.': '钥匙串已锁定。',
  'The keychain is locked: {reason}.': '钥匙串已锁定：{reason}。',
  'Unlock it (log in to the desktop, or open its password manager) and try again.':
    '解锁后重试（登录桌面，或打开其密码管理器）。',
  'Run the command at a terminal and answer the dialog, or let the password manager give sesame its items unasked.':
    '在终端中运行该命令并在对话框中确认，或让密码管理器不经询问就把条目交给 sesame。',
  'The keychain did not answer within {seconds} s.': '钥匙串在 {seconds} 秒内没有响应。',
  'It may be waiting for you in a dialog. {otherStore}': '它可能正在等待您在对话框中操作。{otherStore}',
  'The keychain failed: {reason}.': '钥匙串操作失败：{reason}。',
  'The keychain did not return what was put into it.': '从钥匙串读出的内容与存入的不一致。',
  'the process that asks the keychain has ended': '访问钥匙串的进程已结束',
  'a value of {count} bytes cannot be kept': '无法保存 {count} 字节的值',
  'Ignoring malformed keychain item {key}.': '忽略格式错误的钥匙串条目 {key}。',
  '{name} is not installed; install sesame again, with its optional packages (not with --omit=optional)':
    '没有安装 {name}；重新安装 sesame，并包含其可选依赖（不要使用 --omit=optional）',
  '{reason} (if it is missing, install the Microsoft Visual C++ Redistributable)':
    '{reason}（如果缺少，安装 Microsoft Visual C++ Redistributable）',

  'To keep secrets in an encrypted file, set SESAME_STORE=encrypted-file and SESAME_PASSPHRASE.':
    '如需把密钥保存在加密文件中，设置 SESAME_STORE=encrypted-file 和 SESAME_PASSPHRASE。',
  'No keyring service (Secret Service) is running on this session bus':
    '当前会话总线上没有运行密钥环服务（Secret Service）',
  'Start gnome-keyring, KWallet or KeePassXC. {otherStore}':
    '启动 gnome-keyring、KWallet 或 KeePassXC。{otherStore}',
  'There is no D-Bus session here, so no keyring can be asked': '当前没有 D-Bus 会话，无法访问密钥环',
  'The keyring service has no default keyring yet': '密钥环服务还没有默认密钥环',
  "Create one in the desktop's password manager. {otherStore}": '在桌面的密码管理器中创建一个。{otherStore}',
  'The keychain cannot be used on this platform or installation': '在此平台或安装方式下无法使用钥匙串',
  'The keyring cannot be used': '无法使用密钥环',
  'The keyring service does not answer.': '密钥环服务没有响应。',
  'Restart it. {otherStore}': '重启该服务。{otherStore}',

  'Nothing will be kept after this run: {reason}': '本次运行结束后不会保留任何内容：{reason}',
  'Nothing can be kept now: {reason}': '现在无法保存任何内容：{reason}',
  'To keep it, set SESAME_STORE=encrypted-file and SESAME_PASSPHRASE.':
    '如需保留，设置 SESAME_STORE=encrypted-file 和 SESAME_PASSPHRASE。',
  '{reason}. {advice}': '{reason}。{advice}',
  'the keyring is locked. Unlock it first to keep it.': '密钥环已锁定。如需保留，先解锁密钥环。',
  'the keyring does not answer': '密钥环没有响应',
  'no keyring service is running': '没有运行密钥环服务',
  'there is no keyring here (no D-Bus session)': '当前没有密钥环（没有 D-Bus 会话）',
  'there is no default keyring yet': '还没有默认密钥环',
  'the keychain cannot be used on this platform': '此平台无法使用钥匙串',

  'The keyring is locked; waiting for you to unlock it': '密钥环已锁定；等待您解锁',
  'The keyring asks before it gives sesame this item; waiting for your answer':
    '密钥环在把该条目交给 sesame 之前需要确认；等待您的操作',
  'The keyring asks before an item of sesame is changed; waiting for your answer':
    '密钥环在更改 sesame 的条目之前需要确认；等待您的操作',
  '{wait} (Ctrl-C gives up).': '{wait}（按 Ctrl-C 放弃）。',
  'it asks before it gives sesame this item': '把该条目交给 sesame 之前需要确认',
  'it asks before an item of sesame is changed': '更改 sesame 的条目之前需要确认',
  'its dialog was not answered': '对话框没有得到确认',
  'its dialog was dismissed': '对话框已被取消',
  'the keyring service gives an answer that is not understood': '无法识别密钥环服务的响应',
  'the keyring service does not say whether it is locked': '密钥环服务没有说明自己是否已锁定',

  'no D-Bus session bus answers at {place}': '{place} 没有响应的 D-Bus 会话总线',
  'the D-Bus session bus at {place} does not accept this user': '{place} 的 D-Bus 会话总线不接受当前用户',
  'the D-Bus session bus at {place} has hung up': '{place} 的 D-Bus 会话总线断开了连接',
  'what answers at {place} does not speak D-Bus': '{place} 的响应不是 D-Bus 协议',
  'Node.js {node} cannot connect to the abstract socket {place} of the D-Bus session bus; Node.js 22 can':
    'Node.js {node} 无法连接 D-Bus 会话总线的抽象套接字 {place}；Node.js 22 可以',
  'the D-Bus session bus at {socket} belongs to another user (uid {uid})':
    '{socket} 的 D-Bus 会话总线属于其他用户（uid {uid}）',
  'the D-Bus session bus at {socket} could be replaced by another user: {reason}':
    '{socket} 的 D-Bus 会话总线可能被其他用户替换：{reason}',
  '{path} can be written to by other users': '其他用户可以写入 {path}',
  'DBUS_SESSION_BUS_ADDRESS says {address}, though there is a bus at {usual}, which is used after: unset DBUS_SESSION_BUS_ADDRESS':
    'DBUS_SESSION_BUS_ADDRESS 的值是 {address}，但 {usual} 处另有总线；要使用后者，运行 unset DBUS_SESSION_BUS_ADDRESS',
  'DBUS_SESSION_BUS_ADDRESS says {address}, and sesame only connects to unix: addresses':
    'DBUS_SESSION_BUS_ADDRESS 的值是 {address}，而 sesame 只连接 unix: 地址',
  'the address of the D-Bus session bus is abstract, so its owner cannot be checked':
    'D-Bus 会话总线使用抽象地址，无法检查其所有者',
  'the D-Bus session bus is at {socket}; nothing is left at {dead}':
    'D-Bus 会话总线位于 {socket}；{dead} 处已没有总线',
} as const
