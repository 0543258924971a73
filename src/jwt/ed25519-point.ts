/**
 * The points whose order divides eight, by their y-coordinate: little-endian, without the sign bit of x. Whoever has such a
 * point as public key accepts signatures that nobody made (RFC 8725 section 3.2).
 */
const smallOrder: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/** True for 32 bytes that are no spelling of a point that RFC 8032 section 5.1.3 takes, or one of small order. */
export function isWeakPoint(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return true
  const y = Buffer.from(publicKey)
  y[31] = (y[31] ?? 0) & 0x7f
  return isAtLeastPrime(y) || smallOrder.has(y.toString('hex'))
}

/** y >= 2^255 - 19: a second spelling of y - p, among them two of the points above. */
function isAtLeastPrime(y: Buffer): boolean {
  return y[31] === 0x7f && y.subarray(1, 31).every((byte) => byte === 0xff) && (y[0] ?? 0) >= 0xed
}
