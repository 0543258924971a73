import { SesameError } from '../kit/index.ts'
import type { RawAnswer } from './dispatch.ts'
import { foreignText } from './redaction/scrub.ts'
import { requestIdHeaders, requestIdText } from './server-error.ts'

/**
 * The error for a redirect: none of our requests may follow one, since each carries a secret or expects one. Names
 * the host it points to and nothing else of the address.
 */
export function redirectFailure({ status, headers }: RawAnswer, url: URL): SesameError {
  const header = (name: string) => headers.find(([one]) => one === name)?.[1]
  const location = header('location')
  const target =
    location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : undefined
  const where = target ? ` to ${foreignText(target.host === '' ? target.protocol : target.host, 100)}` : ''
  return new SesameError(
    'ERR_RESPONSE_INVALID',
    `The server ${url.host} redirects (HTTP ${status})${where}, which is not followed.`,
    {
      status,
      requestId: requestIdHeaders.map((name) => requestIdText(header(name))).find((id) => id !== undefined),
      hint: 'Check the configured address; the network may want a sign-in of its own in a browser.',
    },
  )
}
