/**
 * The forms of a secret that undoing escapes does not lead back to the secret itself: base64 and base64url, also amid other
 * bytes (hence three alignments), and hex as text and as `util.inspect` prints a Buffer.
 */
export function secretForms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const base64 = [0, 1, 2].map((offset) => base64Core(bytes, offset))
  const hex = bytes.toString('hex')
  return [
    ...new Set([
      secret,
      ...base64.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]),
      hex,
      hex.toUpperCase(),
      hex.replace(/..(?=.)/g, '$& '),
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
