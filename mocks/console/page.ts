import { escapeHtml } from '../http/escape-html.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply } from '../http/reply.ts'

export const cookieName = 'login_aliyunid_ticket'

/** Any page of the console: says on which host it is and who is signed in there. */
export function consolePage(
  { headers, path }: RecordedRequest,
  userOf: (session: string) => string | undefined,
): Reply {
  const session = new RegExp(`(?:^|; )${cookieName}=([^;]*)`).exec(headers.cookie ?? '')?.[1] ?? ''
  const user = userOf(session)
  const who = user === undefined ? 'Nobody is signed in' : `Signed in with ${user}`
  return {
    status: user === undefined ? 401 : 200,
    headers: { 'cache-control': 'no-store' },
    body: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Mock console</title><link rel="icon" href="data:,"></head>
<body><main><h1>${escapeHtml(who)}</h1><p id="page">${escapeHtml(`${headers.host ?? ''}${path}`)}</p></main></body>
</html>
`,
  }
}
