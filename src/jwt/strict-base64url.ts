const alphabet = /^[A-Za-z0-9_-]*$/

/**
 * Decodes base64url without padding (RFC 7515 section 2); undefined for anything but the one canonical spelling of its
 * bytes, so that no two texts stand for one token.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  if (!alphabet.test(text) || text.length % 4 === 1) return undefined
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}
