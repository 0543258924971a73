import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeJwt, TokenInvalidError, verifyJwt } from '../../src/jwt/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import {
  audience,
  encode,
  goodClaims,
  issuedAt,
  issuer,
  jwkSet,
  makeKey,
  signToken,
} from '../support/token-issuer.ts'

const key = makeKey('P-256')
const good = signToken(key, goodClaims, { alg: 'ES256' })
const world = { clock: fakeClock(issuedAt), fetch: () => Promise.reject(new Error('no network here')) }
const options = { issuer, audience, jwks: jwkSet(key), algorithms: ['ES256'] }

async function outcomeOf(token: string): Promise<string> {
  try {
    await verifyJwt(token, options, world)
    return 'accepted'
  } catch (error) {
    if (error instanceof TokenInvalidError) return error.reason
    throw error
  }
}

/** Anything else than the one error type fails the property. */
const refused = async (token: string) => (await outcomeOf(token)) !== 'accepted'

describe('[case 68] [case 73] altered tokens', () => {
  test('the token itself is good', async () => expect(await outcomeOf(good)).toBe('accepted'))

  test('any bit flipped is refused', async () => {
    const bit = fc.record({ at: fc.nat(good.length - 1), mask: fc.nat(7).map((n) => 1 << n) })
    await fc.assert(
      fc.asyncProperty(bit, async ({ at, mask }) => {
        const bytes = Buffer.from(good)
        bytes[at] = (bytes[at] ?? 0) ^ mask
        return await refused(bytes.toString('latin1'))
      }),
      { numRuns: 400 },
    )
  })

  test('anything inserted, removed or swapped is refused', async () => {
    const place = fc.nat(good.length)
    await fc.assert(
      fc.asyncProperty(place, place, fc.string({ maxLength: 5 }), async (a, b, text) => {
        const [from, to] = a < b ? [a, b] : [b, a]
        const altered = good.slice(0, from) + text + good.slice(to)
        return altered === good || (await refused(altered))
      }),
      { numRuns: 400 },
    )
  })

  test('other claims or headers under the same signature are refused', async () => {
    const [header, claims, signature] = good.split('.')
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const other = encode(JSON.stringify(value))
        return (
          (other === claims || (await refused(`${header}.${other}.${signature}`))) &&
          (await refused(`${other}.${claims}.${signature}`))
        )
      }),
      { numRuns: 200 },
    )
  })

  test('signed claims of any kind end in claims or in the one error', async () => {
    const claim = fc.constantFrom('iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'azp', 'sub', 'other')
    await fc.assert(
      fc.asyncProperty(fc.dictionary(claim, fc.jsonValue()), async (changes) => {
        const outcome = await outcomeOf(signToken(key, { ...goodClaims, ...changes }, { alg: 'ES256' }))
        if (['iss', 'aud', 'exp'].some((name) => Object.hasOwn(changes, name)))
          expect(outcome).not.toBe('accepted')
      }),
      { numRuns: 300 },
    )
  })

  test('texts of any kind are no JWT, or decode to two objects', () => {
    const part = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.jsonValue().map((value) => encode(JSON.stringify(value))),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        try {
          const { header, claims } = decodeJwt(parts.join('.'))
          expect([typeof header, typeof claims]).toEqual(['object', 'object'])
        } catch (error) {
          expect(error).toBeInstanceOf(TokenInvalidError)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
