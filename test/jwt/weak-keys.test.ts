import { createHash, createPublicKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Jwk, verifyPinnedJwt } from '../../src/jwt/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { encode, goodClaims, jwkSet, makeKey, signToken } from '../support/token-issuer.ts'
import { encodePoint, negated, type Point, prime, smallOrderPoints, times } from './support/edwards.ts'
import { cpuMs, key, refusalOf, verify, world } from './support/verifier.ts'

const points = smallOrderPoints()
/** Every spelling of every point: as it is, with the other sign where x is 0, and with y + p where that fits 255 bits. */
const spellings = points.flatMap((point) => {
  const signs = point.x === 0n ? [0n, 1n] : [point.x & 1n]
  const ys = [point.y, point.y + prime].filter((y) => y < 2n ** 255n)
  return signs.flatMap((sign) => ys.map((y) => ({ point, bytes: encodePoint(y, sign) })))
})

const jwkOf = (bytes: Buffer): Jwk => ({ kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') })

/**
 * A token that no key has signed: with A of small order, S = 0 and R = -hA hold for every message, once the eighth part of the hashes
 * is found that fits R.
 */
function forge(point: Point, publicKey: Buffer): string {
  for (let i = 0; ; i++) {
    const input = `${encode({ alg: 'EdDSA' })}.${encode({ ...goodClaims, sub: 'admin', i })}`
    for (let multiple = 0n; multiple < 8n; multiple++) {
      const { x, y } = negated(times(multiple, point))
      const r = encodePoint(y, x & 1n)
      const hash = createHash('sha512').update(r).update(publicKey).update(input).digest().reverse()
      const matches = BigInt(`0x${hash.toString('hex')}`) % 8n === multiple
      if (matches) return `${input}.${Buffer.concat([r, Buffer.alloc(32)]).toString('base64url')}`
    }
  }
}

describe('[case 118] Ed25519 keys of small order', () => {
  test('there are eight points, and more spellings than points', () => {
    expect(new Set(points.map(({ y }) => y)).size).toBe(5)
    expect(points).toHaveLength(8)
    expect(new Set(spellings.map(({ bytes }) => bytes.toString('hex'))).size).toBe(spellings.length)
    expect(spellings.length).toBeGreaterThan(8)
  })

  test.each(spellings)('$bytes verifies no forgery', async ({ point, bytes }) => {
    const jwk = jwkOf(bytes)
    const token = forge(point, bytes)
    const algorithms = ['EdDSA']
    expect(await refusalOf(token, { jwks: { keys: [jwk, makeKey('Ed25519').jwk] }, algorithms })).toBe(
      'signature',
    )
    const pem = createPublicKey({ key: jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    for (const publicKey of [jwk, JSON.stringify(jwk), String(pem), { keys: [jwk] }]) {
      for (const call of [
        verify(token, { publicKey, algorithms }),
        verifyPinnedJwt(token, { publicKey: publicKey as Jwk, algorithms }, world),
      ])
        expect(await failureOf(call)).toMatchObject({
          code: 'ERR_USAGE',
          message: expect.stringContaining('small order'),
        })
    }
  })

  test('a second spelling of any point, and what is no 32 bytes, are refused', async () => {
    for (let more = 2n; more < 19n; more++) {
      const error = await failureOf(
        verify(signToken(key), { publicKey: jwkOf(encodePoint(prime + more, 0n)), algorithms: ['EdDSA'] }),
      )
      expect(error.code).toBe('ERR_USAGE')
    }
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(31, 7), Buffer.alloc(33, 7)])
      expect(
        await failureOf(verify(signToken(key), { publicKey: jwkOf(bytes), algorithms: ['EdDSA'] })),
      ).toMatchObject({ code: 'ERR_USAGE' })
  })
})

describe('[case 118] RSA keys that are none', () => {
  const n = Buffer.from(String(key.jwk.n), 'base64url')
  const withModulus = (bytes: Buffer): Jwk => ({ ...key.jwk, n: bytes.toString('base64url') })
  const even = Buffer.from(n)
  even[255] = (even.at(-1) ?? 0) & 0xfe

  test.each<[string, Jwk]>([
    ['exponent 1', { ...key.jwk, e: 'AQ' }],
    ['exponent 2', { ...key.jwk, e: 'Ag' }],
    ['an even exponent', { ...key.jwk, e: 'AQAC' }],
    ['an exponent of 257 bits', { ...key.jwk, e: Buffer.alloc(33, 1).toString('base64url') }],
    ['2047 bits behind zeros', withModulus(Buffer.concat([Buffer.alloc(8), n.subarray(1)]))],
    ['an even modulus', withModulus(even)],
    ['17,000 bits', withModulus(Buffer.alloc(2125, 0xff))],
  ])('%s', async (_what, jwk) => {
    expect(await refusalOf(signToken(key), { jwks: { keys: [jwk, makeKey().jwk] } })).toBe('no-key')
    expect(await failureOf(verify(signToken(key), { publicKey: jwk }))).toMatchObject({ code: 'ERR_USAGE' })
  })
})

describe('[case 118] large sets of keys', () => {
  const own = makeKey('P-521')
  const few = Array.from({ length: 7 }, () => makeKey('P-521').jwk)
  // To make so many takes seconds. What tells keys apart is the key id, and each is imported for itself.
  const others = Array.from(
    { length: 1_099 },
    (_, i): Jwk => ({ ...few[i % 7], kty: 'EC', kid: `other-${i}` }),
  )
  const es512 = { alg: 'ES512' }
  const copies = (jwks: readonly Jwk[]) => jwks.map((jwk) => ({ ...jwk }))

  test('of 1,100 keys on P-521 only the one that a token names is imported', async () => {
    const jwks = { keys: copies([...others, own.jwk]) }
    const token = signToken(own, goodClaims, es512)
    await verify(token, { jwks: jwkSet(own), algorithms: ['ES512'] })
    const before = cpuMs()
    await verify(token, { jwks, algorithms: ['ES512'] })
    // Importing all of them takes two seconds.
    expect(cpuMs() - before).toBeLessThan(500)
  })

  test('without a key id a few are tried, whatever the set', async () => {
    const jwks = { keys: copies(others) }
    const token = signToken(own, goodClaims, { ...es512, kid: undefined })
    const before = cpuMs()
    expect(await refusalOf(token, { jwks, algorithms: ['ES512'] })).toBe('signature')
    expect(cpuMs() - before).toBeLessThan(500)
  })

  test('keys for other algorithms do not count as tried', async () => {
    const jwks = { keys: [...copies(others), key.jwk] }
    await verify(signToken(key, goodClaims, { kid: undefined }), { jwks })
  })

  test('one key id for all of them is no way around', async () => {
    const jwks = { keys: copies(others.map((jwk) => ({ ...jwk, kid: own.kid }))) }
    const before = cpuMs()
    expect(await refusalOf(signToken(own, goodClaims, es512), { jwks, algorithms: ['ES512'] })).toBe(
      'signature',
    )
    expect(cpuMs() - before).toBeLessThan(500)
  })

  test('more than 2,000 keys are no set', async () => {
    const jwks = { keys: Array.from({ length: 2_001 }, () => key.jwk) }
    expect(await failureOf(verify(signToken(key), { jwks }))).toMatchObject({
      code: 'ERR_USAGE',
      message: 'The public key holds more than 2000 keys.',
    })
  })
})
