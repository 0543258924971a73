import { SesameError } from '../errors.ts'
import { printable } from '../printable.ts'

/** What every token begins with. */
const mark = 'SST-'

/** Longer text is no token: it would not fit into an HTTP header anyway. */
const longestText = 8192

/** Nonce, tag, and the shortest content (`a|0`). */
const shortestSealed = 12 + 16 + 3

const serviceName = /^[A-Z0-9](?:[A-Z0-9._-]{0,62}[A-Z0-9])?$/
const lowerHex = /^[0-9a-f]+$/
const upperHex = /^[0-9A-F]+$/
const anyHex = /^[0-9a-fA-F]+$/

/** A token's text taken apart. */
export interface TokenText {
  /** Nonce, ciphertext and tag. */
  sealed: Buffer
  /** The service name in the prefix, if there is one. Nothing vouches for it: it is a label. */
  service?: string
}

/**
 * Reads `SST-<body>` and `SST-<SERVICE>-<body>`. A service name may hold hyphens, a body cannot, so the last hyphen
 * decides. A body of hexadecimal digits, all lower or all upper case, is hexadecimal; any other is standard base64 with
 * padding, and only in its one canonical spelling. Undefined for everything else.
 */
export function parseTokenText(text: unknown): TokenText | undefined {
  if (typeof text !== 'string' || text.length > longestText || !text.startsWith(mark)) return undefined
  const lastHyphen = text.lastIndexOf('-')
  const sealed = decodeBody(text.slice(lastHyphen + 1))
  if (sealed === undefined || sealed.length < shortestSealed) return undefined
  if (lastHyphen === mark.length - 1) return { sealed }
  const service = text.slice(mark.length, lastHyphen)
  return serviceName.test(service) ? { sealed, service } : undefined
}

/** Writes a token: `SST-<hex>`, or `SST-<SERVICE>-<hex>`. */
export function formatTokenText({ sealed, service }: TokenText): string {
  const body = sealed.toString('hex')
  return service === undefined ? mark + body : `${mark}${service}-${body}`
}

/**
 * The sealed bytes of a text that a revocation list holds. Whoever wrote it there took it for a token, so every
 * spelling that any reader might accept counts: mixed case, line breaks, loose padding, any prefix.
 */
export function decodeListedText(text: string): Buffer {
  const body = text.slice(text.lastIndexOf('-') + 1).replace(/\s+/g, '')
  return body.length % 2 === 0 && anyHex.test(body) ? Buffer.from(body, 'hex') : Buffer.from(body, 'base64')
}

/** A service name as tokens carry it, in upper case. @throws SesameError ERR_CONFIG */
export function normalizeServiceName(name: string): string {
  const upper = String(name).toUpperCase()
  if (serviceName.test(upper)) return upper
  throw new SesameError(
    'ERR_CONFIG',
    `"${printable(String(name), 70)}" cannot be a service name in tokens.`,
    {
      hint: 'Use up to 64 letters, digits, dots, hyphens and underscores, a letter or digit first and last.',
    },
  )
}

function decodeBody(body: string): Buffer | undefined {
  if (lowerHex.test(body) || upperHex.test(body)) {
    return body.length % 2 === 0 ? Buffer.from(body, 'hex') : undefined
  }
  const bytes = Buffer.from(body, 'base64')
  return bytes.toString('base64') === body ? bytes : undefined
}
