/*
 * Edwards25519 by its definition (RFC 8032 section 5.1), slow and independent of every library: for keys that no one may trust.
 */

export const prime = 2n ** 255n - 19n
const d = mod(-121_665n * inverse(121_666n))

/** Affine coordinates. */
export interface Point {
  x: bigint
  y: bigint
}

function mod(n: bigint): bigint {
  return ((n % prime) + prime) % prime
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let [b, e] = [mod(base), exponent]; e > 0n; e >>= 1n, b = mod(b * b))
    if (e & 1n) result = mod(result * b)
  return result
}

function inverse(n: bigint): bigint {
  return power(n, prime - 2n)
}

function add(p: Point, q: Point): Point {
  const product = mod(d * p.x * q.x * p.y * q.y)
  return {
    x: mod((p.x * q.y + p.y * q.x) * inverse(1n + product)),
    y: mod((p.y * q.y + p.x * q.x) * inverse(1n - product)),
  }
}

export const negated = ({ x, y }: Point): Point => ({ x: mod(-x), y })

export function times(scalar: bigint, point: Point): Point {
  let result: Point = { x: 0n, y: 1n }
  for (let i = 0n; i < scalar; i++) result = add(result, point)
  return result
}

/** x of a point with this y; undefined when there is none. */
function xOf(y: bigint): bigint | undefined {
  const square = mod((y * y - 1n) * inverse(d * y * y + 1n))
  const root = power(square, (prime + 3n) / 8n)
  const candidates = [root, mod(root * power(2n, (prime - 1n) / 4n))]
  return candidates.find((x) => mod(x * x) === square)
}

/** 32 bytes: y little-endian, and the sign bit. y may be more than the prime. */
export function encodePoint(y: bigint, sign: bigint): Buffer {
  const hex = (y | (sign << 255n)).toString(16).padStart(64, '0')
  return Buffer.from(hex, 'hex').reverse()
}

/** All points whose order divides eight, found from one that generates them. */
export function smallOrderPoints(): Point[] {
  for (let y = 2n; ; y++) {
    const x = xOf(y)
    if (x === undefined) continue
    const point = multiply(groupOrder, { x, y })
    const multiples = Array.from({ length: 8 }, (_, i) => times(BigInt(i), point))
    if (new Set(multiples.map((each) => `${each.x},${each.y}`)).size === 8) return multiples
  }
}

/** The prime order of the base point; times this, only the part of small order is left. */
const groupOrder = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n

function multiply(scalar: bigint, point: Point): Point {
  let result: Point = { x: 0n, y: 1n }
  for (let [p, n] = [point, scalar]; n > 0n; n >>= 1n, p = add(p, p)) if (n & 1n) result = add(result, p)
  return result
}
