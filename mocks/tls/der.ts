/** DER encoding, as much of it as an X.509 certificate needs (ITU-T X.690). */

/** One element: tag, length, contents. */
export function element(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(body.length)]), body])
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff)
  return [0x80 | octets.length, ...octets]
}

export const sequence = (...items: Uint8Array[]) => element(0x30, ...items)
export const set = (...items: Uint8Array[]) => element(0x31, ...items)
export const boolean = (value: boolean) => element(0x01, Buffer.from([value ? 0xff : 0]))
export const octetString = (bytes: Uint8Array) => element(0x04, bytes)
export const utf8String = (text: string) => element(0x0c, Buffer.from(text, 'utf8'))
/** Whole octets: no unused bits at the end. */
export const bitString = (bytes: Uint8Array, unusedBits = 0) =>
  element(0x03, Buffer.from([unusedBits]), bytes)
/** `[n]` around whole elements. */
export const explicit = (n: number, ...items: Uint8Array[]) => element(0xa0 | n, ...items)
/** `[n]` in place of a primitive element's own tag. */
export const implicit = (n: number, bytes: Uint8Array) => element(0x80 | n, bytes)

/** A non-negative integer, big-endian. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes[0] ?? 0
  return element(0x02, first >= 0x80 || bytes.length === 0 ? Buffer.from([0]) : Buffer.alloc(0), bytes)
}

/** `oid('2.5.4.3')` */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const octets = [first * 40 + second]
  for (const arc of rest) {
    const groups = [arc & 0x7f]
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128)) {
      groups.unshift((high & 0x7f) | 0x80)
    }
    octets.push(...groups)
  }
  return element(0x06, Buffer.from(octets))
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5). */
export function time(instant: Date): Buffer {
  const digits = `${instant.toISOString().slice(0, 19).replace(/\D/g, '')}Z`
  if (instant.getUTCFullYear() < 2050) return element(0x17, Buffer.from(digits.slice(2), 'ascii'))
  return element(0x18, Buffer.from(digits, 'ascii'))
}

export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
