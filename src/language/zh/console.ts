/** `sesame console`: the cloud console in the browser. */
export const cloudConsole = {
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
