import { parseSecureUrl, printable, SesameError, t } from '../kit/index.ts'

/** A request as it goes over the wire. */
export interface OutgoingRequest {
  method: string
  url: URL
  /** Names in lower case. */
  headers: [string, string][]
  body: Buffer | undefined
}

/** What the caller may not choose: framing is undici's, the User-Agent is ours. */
const reserved = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
])

/**
 * Reads the arguments of a `fetch` call. Bodies are strings, `URLSearchParams` and bytes.
 *
 * @throws SesameError ERR_INSECURE_URL, or ERR_USAGE for a header or body that cannot be sent (its value is not quoted)
 */
export function outgoingRequest(url: string, init: RequestInit, userAgent: string): OutgoingRequest {
  const { body, contentType } = bodyOf(init.body)
  const headers = headerPairs(init.headers).filter(([name]) => !reserved.has(name))
  const has = (wanted: string) => headers.some(([name]) => name === wanted)
  if (!has('accept')) headers.push(['accept', '*/*'])
  if (contentType !== undefined && !has('content-type')) headers.push(['content-type', contentType])
  headers.push(['accept-encoding', 'gzip, deflate, br'], ['user-agent', userAgent])
  return {
    method: (init.method ?? 'GET').toUpperCase(),
    url: parseSecureUrl(url, t('The request address')),
    headers,
    body,
  }
}

function bodyOf(body: RequestInit['body']): { body: Buffer | undefined; contentType?: string } {
  if (body === undefined || body === null) return { body: undefined }
  if (typeof body === 'string') return { body: Buffer.from(body), contentType: 'text/plain;charset=UTF-8' }
  if (body instanceof URLSearchParams) {
    return {
      body: Buffer.from(body.toString()),
      // The type has no parameters, and some servers compare it to the letter.
      contentType: 'application/x-www-form-urlencoded',
    }
  }
  if (body instanceof ArrayBuffer) return { body: Buffer.from(body) }
  if (ArrayBuffer.isView(body)) return { body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) }
  throw new SesameError('ERR_USAGE', t('A request body must be text, form parameters or bytes.'))
}

function headerPairs(headers: RequestInit['headers']): [string, string][] {
  if (!headers) return []
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers)
  return entries.map(([name, value]) => checkedHeader(String(name), String(value)))
}

/** Checked here, since the errors of the layers below quote the value. */
function checkedHeader(name: string, value: string): [string, string] {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
    throw new SesameError(
      'ERR_USAGE',
      t('"{name}" cannot be the name of a header.', { name: printable(name, 60) }),
    )
  }
  const trimmed = value.trim()
  if (/[^\t\x20-\x7e\x80-\xff]/.test(trimmed)) {
    throw new SesameError(
      'ERR_USAGE',
      t('The value of the header {name} holds characters that HTTP does not allow.', { name }),
    )
  }
  return [name.toLowerCase(), trimmed]
}

/**
 * Our connections check certificates whatever the environment says; who has turned the checks off expects something else, and
 * is reported. `value`: NODE_TLS_REJECT_UNAUTHORIZED. @throws SesameError ERR_TLS for `0`
 */
export function refuseUncheckedTls(value: string | undefined): void {
  if (value !== '0') return
  throw new SesameError(
    'ERR_TLS',
    t('NODE_TLS_REJECT_UNAUTHORIZED=0 turns certificate checks off; sesame sends no secrets that way.'),
    { hint: t('Unset it; for a private CA, set SESAME_CA_FILE to its certificate.') },
  )
}
