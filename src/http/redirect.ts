import { parseUrl, SesameError, t } from '../kit/index.ts'
import { requestIdInHeaders } from './error-members.ts'
import type { PlainAnswer } from './fetch.ts'
import { foreignText } from './redaction/scrub.ts'

type Redirect = Pick<PlainAnswer, 'status' | 'header'>

/** Those that say where a GET goes on (RFC 9110 section 15.4). */
const following = [301, 302, 303, 307, 308]

/** Where a redirect leads, if that is another address of the same origin; undefined for every other answer. */
export function sameOriginTarget({ status, header }: Redirect, url: URL): URL | undefined {
  const target = following.includes(status) ? targetOf(header('location'), url) : undefined
  return target?.origin === url.origin && target.username === '' && target.password === ''
    ? target
    : undefined
}

function targetOf(location: string | undefined, url: URL): URL | undefined {
  return location === undefined ? undefined : parseUrl(location, url.href)
}

/**
 * The error for a redirect: a request that carries a secret, or expects one, may not follow one. Names the host it points to and
 * nothing else of the address.
 */
export function redirectFailure({ status, header }: Redirect, url: URL): SesameError {
  const target = targetOf(header('location'), url)
  const { host } = url
  const requestId = requestIdInHeaders(header)
  const message =
    target === undefined
      ? t('The server {host} redirects (HTTP {status}), which is not followed.', { host, status })
      : t('The server {host} redirects (HTTP {status}) to {target}, which is not followed.', {
          host,
          status,
          target: foreignText(target.host === '' ? target.protocol : target.host, 100),
        })
  return new SesameError('ERR_RESPONSE_INVALID', message, {
    status,
    requestId: requestId && foreignText(requestId, 128),
    hint: t('Check the configured address; the network may want a sign-in of its own in a browser.'),
  })
}
