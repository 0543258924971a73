import { headerPairs, onlyHost } from '../loopback/index.ts'

/** What of a request decides whether it is answered, as it came over the wire. */
export interface RequestFacts {
  method: string
  /** The request target: nothing but a path, for a client that speaks to this server (RFC 9112 section 3.2). */
  target: string
  /** Names and values in turn, duplicates included, as in Node's `rawHeaders`. */
  rawHeaders: readonly string[]
}

export interface RequestRefusal {
  status: 400 | 403 | 404 | 405
  code: 'BadRequest' | 'Forbidden' | 'NotFound' | 'MethodNotAllowed'
  message: string
}

/** For clients that still have the address of an earlier run; it says nothing that others could use. */
const unknownAddress =
  'There are no credentials at this address. The address is new at each start of the server: take the one that it has printed.'

/** The names of this machine that clients use. Behind any other name stands a page that rebinds DNS. */
const hostPattern = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d+))?$/i

/** No SDK sends these; every browser sends at least one of them for what a page asks (Fetch, Referrer Policy). */
const pageHeader = /^(?:origin|referer|access-control-request-.+)$/

/** What would make a request carry more than a GET does: a body, another protocol, a second request inside. */
const framingHeader = /^(?:transfer-encoding|upgrade|expect|trailer)$/

/**
 * Why a request gets nothing, or undefined for one that may have the credentials. The path is looked at last, so
 * that nothing can be learnt about it by a request that would be refused anyway. Without a port of its own (a Unix socket) the server
 * is asked by way of the ports that others forward to it.
 */
export function refuseRequest(
  { method, target, rawHeaders }: RequestFacts,
  { port, isSecretPath }: { port: number | undefined; isSecretPath: (target: string) => boolean },
): RequestRefusal | undefined {
  const headers = headerPairs(rawHeaders)
  return (
    refuseHost(onlyHost(rawHeaders), port) ??
    refusePage(headers) ??
    (method === 'GET' ? undefined : refusal(405, 'MethodNotAllowed', 'Only GET is answered here.')) ??
    refuseFraming(headers, target) ??
    (isSecretPath(target) ? undefined : refusal(404, 'NotFound', unknownAddress))
  )
}

/** What a process of another user gets, whatever it asks. */
export function refuseOtherUser(): RequestRefusal {
  return refusal(403, 'Forbidden', 'This server answers to processes of its own user only.')
}

/** Python's client leaves the port out of its Host header, so both forms are good; another port never is. */
function refuseHost(host: string | undefined, port: number | undefined): RequestRefusal | undefined {
  if (host === undefined) return refusal(400, 'BadRequest', 'Exactly one Host header is needed.')
  const match = hostPattern.exec(host)
  const isOther = port !== undefined && match?.[1] !== undefined && match[1] !== String(port)
  if (match === null || isOther)
    return refusal(403, 'Forbidden', 'This server answers to loopback addresses only.')
  return undefined
}

function refusePage(headers: readonly (readonly [string, string])[]): RequestRefusal | undefined {
  const fromPage = headers.some(
    ([name, value]) => pageHeader.test(name) || (name === 'sec-fetch-site' && value !== 'none'),
  )
  return fromPage ? refusal(403, 'Forbidden', 'Web pages are not answered.') : undefined
}

function refuseFraming(
  headers: readonly (readonly [string, string])[],
  target: string,
): RequestRefusal | undefined {
  const framed = headers.some(
    ([name, value]) => framingHeader.test(name) || (name === 'content-length' && value !== '0'),
  )
  if (framed || !target.startsWith('/'))
    return refusal(400, 'BadRequest', 'A plain request for a path, without a body, is expected.')
  return undefined
}

function refusal(
  status: RequestRefusal['status'],
  code: RequestRefusal['code'],
  message: string,
): RequestRefusal {
  return { status, code, message }
}
