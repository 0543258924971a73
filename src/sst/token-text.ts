import { printable, SesameError, t } from '../kit/index.ts'
import { nonceLength, tagLength } from './sealed-form.ts'

/** What every token begins with. */
const mark = 'SST-'

/** Longer text is no token. The Go library knows no limit; an HTTP header of more is refused by every common server. */
const longestText = 65_536

/** The most sealed bytes that a text can hold. */
export const longestSealed = (longestText / 4) * 3

/** The shortest content is `a|0`. */
const shortestSealed = nonceLength + 3 + tagLength

/** Longer names are a mistake, not a label. */
const longestServiceName = 1024
/** What needs no closer look. */
const plainServiceName = /^[A-Z0-9._-]+$/
const control = /[\u0000-\u001f\u007f-\u009f]/
const anyHex = /^[0-9a-fA-F]+$/

/**
 * Reads `SST-<body>` and `SST-<SERVICE>-<body>`: writes the sealed bytes (nonce, ciphertext, tag) to the beginning of
 * `target`, which must hold `longestSealed`, and returns how many they are; 0 for what is no token. The Go library takes any service
 * name, in upper case; it may hold hyphens, a body cannot, so the last hyphen decides. A body of hexadecimal digits, all lower or
 * all upper case, is hexadecimal; any other is standard base64 with padding, in its one canonical spelling.
 */
export function readTokenText(text: unknown, target: Buffer): number {
  if (typeof text !== 'string' || text.length > longestText || !text.startsWith(mark)) return 0
  const lastHyphen = text.lastIndexOf('-')
  const length = decodeBody(text, lastHyphen + 1, target)
  if (length < shortestSealed) return 0
  const isNamed = lastHyphen >= mark.length
  return !isNamed || isLabel(text.slice(mark.length, lastHyphen)) ? length : 0
}

/** The service name in the prefix of a token. Nothing vouches for it: it is a label. */
export function serviceNameIn(text: string): string | undefined {
  const lastHyphen = text.lastIndexOf('-')
  return lastHyphen < mark.length ? undefined : text.slice(mark.length, lastHyphen)
}

/** Writes a token: `SST-<hex>`, or `SST-<SERVICE>-<hex>`. */
export function formatTokenText(sealed: Buffer, service?: string): string {
  const body = sealed.toString('hex')
  return service === undefined ? mark + body : `${mark}${service}-${body}`
}

/**
 * The sealed bytes of a text that a revocation list holds. The program that wrote it there took it for a token, so every
 * spelling that any reader might accept counts: mixed case, line breaks, loose padding, any prefix.
 */
export function decodeListedText(text: string): Buffer {
  const body = text.slice(text.lastIndexOf('-') + 1).replace(/\s+/g, '')
  return body.length % 2 === 0 && anyHex.test(body) ? Buffer.from(body, 'hex') : Buffer.from(body, 'base64')
}

/** A service name as tokens carry it, in upper case. @throws SesameError ERR_CONFIG */
export function normalizeServiceName(name: string): string {
  const upper = upperCase(String(name))
  if (isLabel(upper)) return upper
  throw new SesameError(
    'ERR_CONFIG',
    t('"{name}" cannot be a service name in tokens.', { name: printable(String(name), 70) }),
    {
      hint: t('Use up to {count} characters, none of them a control character.', {
        count: longestServiceName,
      }),
    },
  )
}

function isLabel(label: string): boolean {
  if (label === '' || label.length > longestServiceName) return false
  return (
    plainServiceName.test(label) ||
    (!control.test(label) && label.isWellFormed() && upperCase(label) === label)
  )
}

/** As Go does it: character by character. One whose upper case is several (ß) stays. */
function upperCase(text: string): string {
  return Array.from(text, (char) => {
    const upper = char.toUpperCase()
    return Array.from(upper).length === 1 ? upper : char
  }).join('')
}

function decodeBody(text: string, from: number, target: Buffer): number {
  const length = decodeHex(text, from, target)
  if (length >= 0) return length
  const body = text.slice(from)
  if (anyHex.test(body)) return 0
  const bytes = target.write(body, 'base64')
  return target.toString('base64', 0, bytes) === body ? bytes : 0
}

const lowerLetter = 0x10
const upperLetter = 0x20
const noDigit = 0x40

/** For each ASCII character the value of the digit, and whether it is a letter and of which case. */
const digits = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  if (/[0-9]/.test(char)) return Number(char)
  if (/[a-f]/.test(char)) return Number.parseInt(char, 16) | lowerLetter
  return /[A-F]/.test(char) ? Number.parseInt(char, 16) | upperLetter : noDigit
})

/**
 * Decodes the hexadecimal digits from a place of a text to its end, and returns the number of bytes; -1 when something else is
 * among the characters, their number is odd, or letters of both cases are: no encoder writes mixed case, and it would let
 * single bits of a token be turned over. By hand, since telling these from each other beforehand costs more than decoding.
 */
function decodeHex(text: string, from: number, target: Uint8Array): number {
  let length = 0
  let seen = (text.length - from) & 1 ? noDigit : 0
  for (let at = from; at + 1 < text.length; at += 2) {
    const high = digits[text.charCodeAt(at)] ?? noDigit
    const low = digits[text.charCodeAt(at + 1)] ?? noDigit
    seen |= high | low
    target[length++] = ((high & 15) << 4) | (low & 15)
  }
  return seen & noDigit || (seen & (lowerLetter | upperLetter)) === (lowerLetter | upperLetter) ? -1 : length
}
