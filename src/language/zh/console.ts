/** `sesame console`: the cloud console in the browser. */
export const cloudConsole = {
  'open the Alibaba Cloud console in the browser, signed in with the credentials of a profile':
    '在浏览器中打开阿里云控制台，并用某个配置的凭证登录',
  'the console of a service, such as ecs, oss or ram': '某个云服务的控制台，如 ecs、oss 或 ram',
  'a page of it, on a host of .console.aliyun.com or .console.alibabacloud.com':
    '控制台的某个页面，主机名以 .console.aliyun.com 或 .console.alibabacloud.com 结尾',
  'print the address that signs in, which works once and for 30 s; no browser is opened':
    '输出用于登录的地址（只能使用一次，30 秒内有效）；不打开浏览器',
  'where the form of a POST is not taken, send the credentials in the query of a GET, which servers may log':
    '如果服务不接受 POST 表单，则用 GET 的查询参数发送凭证（服务器可能会把它写入日志）',
  'the federation service (default: that of the site of the profile, see configure --site)':
    '联合登录服务的地址（默认取配置所属站点的地址，见 configure --site）',
  'site of the account, for sesame console (default cn; intl is alibabacloud.com)':
    '账号所属的站点，用于 sesame console（默认 cn；intl 指 alibabacloud.com）',

  'There is no such service.': '没有这个云服务。',
  '--url is no page of the Alibaba Cloud console: {address}': '--url 不是阿里云控制台的页面：{address}',
  'It begins with https://, and its host is console.aliyun.com, console.alibabacloud.com or below them.':
    '地址必须以 https:// 开头，主机必须是 console.aliyun.com、console.alibabacloud.com 或它们的子域名。',
  '--service and --url contradict each other.': '--service 和 --url 不能同时使用。',
  '--console-endpoint must be an address without query and fragment.':
    '--console-endpoint 必须是不带查询参数和片段的地址。',
  'The console gave no sign-in token': '控制台没有返回登录令牌',
  'The console answered without a sign-in token.': '控制台的响应中没有登录令牌。',
  'The credentials may be of the other site (sesame configure --site), or revoked: sign in again with --force.':
    '这些凭证可能属于另一个站点（sesame configure --site），或者已被吊销：请加 --force 重新登录。',
  'The form was not taken; the credentials are sent in the query, as --allow-query says.':
    '服务没有接受表单；按 --allow-query 的要求，凭证改由查询参数发送。',
  'If the service takes no form: --allow-query sends the credentials in the query, as its documentation does.':
    '如果服务不接受表单：--allow-query 会按官方文档的做法，用查询参数发送凭证。',
  'No browser has opened the address within 30 s.': '30 秒内没有浏览器打开该地址。',
  'For a browser of another machine: --print gives an address that works there.':
    '如果浏览器在另一台机器上：--print 会给出在那里可用的地址。',
  'Warning: who opens this address first is signed in. It works once, and for 30 s.':
    '警告：谁先打开这个地址，谁就会登录。它只能使用一次，30 秒内有效。',
  'This is {place}: for a browser of another machine, use --print.':
    '当前环境是 {place}：如果浏览器在另一台机器上，请使用 --print。',
  'The session in the browser ends with the credentials, at {instant}.':
    '浏览器中的会话与凭证同时到期：{instant}。',
} as const
