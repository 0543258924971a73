import { inspect } from 'node:util'

/**
 * The spellings in which a secret can turn up in a text: as it is, percent-encoded, JSON-escaped, as
 * `util.inspect` prints it, base64 and
 * base64url (also amid other bytes, hence three alignments), hex. All are at least as long as the secret, but for the
 * inner parts of base64, which are longer than it by a quarter.
 */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const wellFormed = bytes.toString()
  const encoded = encodeURIComponent(wellFormed)
  const strict = new URLSearchParams([['', wellFormed]]).toString().slice(1)
  const json = JSON.stringify(secret).slice(1, -1)
  const hex = bytes.toString('hex')
  const base64 = [0, 1, 2].map((offset) => base64Core(bytes, offset))
  return [
    ...new Set([
      secret,
      ...[encoded, strict, strict.replaceAll('+', '%20')].flatMap((form) => [form, lowerEscapes(form)]),
      json,
      inspect(secret, { maxStringLength: null }).slice(1, -1),
      json.replaceAll('/', '\\/'),
      JSON.stringify(json).slice(1, -1),
      ...base64.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]),
      ...base64.map((form) => encodeURIComponent(form)),
      hex,
      hex.toUpperCase(),
    ]),
  ]
}

/** Those base64 characters that are the secret's alone, when it stands `offset` bytes into a group of three. */
function base64Core(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const firstOwn = Math.ceil((offset * 8) / 6)
  const lastOwn = Math.floor(((offset + bytes.length) * 8) / 6)
  return text.slice(firstOwn, lastOwn)
}

function lowerEscapes(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (triple) => triple.toLowerCase())
}
