import { describe, expect, test } from 'vitest'
import { createReplayGuard, verifyJwt } from '../../src/jwt/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { fakeClock } from '../support/fake-clock.ts'
import {
  audience,
  goodClaims,
  issuedAt,
  issuer,
  jwkSet,
  makeKey,
  signToken,
} from '../support/token-issuer.ts'

const key = makeKey()

function openVerifier(maxEntries?: number) {
  const clock = fakeClock(issuedAt)
  const replayGuard = createReplayGuard({ clock, ...(maxEntries !== undefined && { maxEntries }) })
  const world = { clock, fetch: () => Promise.reject(new Error('no network here')) }
  const use = (claims: Record<string, unknown>, signer = key) =>
    verifyJwt(
      signToken(signer, { ...goodClaims, ...claims }),
      { issuer: [issuer, 'https://b.example'], audience, jwks: jwkSet(key), replayGuard },
      world,
    )
  return { use, clock }
}

describe('the replay guard', () => {
  test('accepts a token once, and another of the same issuer, and the same id of another issuer', async () => {
    const { use } = openVerifier()
    await use({ jti: 'a' })
    expect(await failureOf(use({ jti: 'a' }))).toMatchObject({ reason: 'replayed' })
    await use({ jti: 'b' })
    await use({ jti: 'a', iss: 'https://b.example' })
  })

  test('of many at once lets one through', async () => {
    const { use } = openVerifier()
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => use({ jti: 'a' })))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('refuses a token without jti', async () => {
    expect(await failureOf(openVerifier().use({}))).toMatchObject({ reason: 'missing-claim' })
  })

  test('a token that fails is not used up', async () => {
    const { use, clock } = openVerifier()
    const future = { jti: 'a', nbf: goodClaims.iat + 600 }
    expect(await failureOf(use(future))).toMatchObject({ reason: 'not-yet-valid' })
    expect(await failureOf(use({ jti: 'a' }, { ...makeKey(), kid: key.kid }))).toMatchObject({
      reason: 'signature',
    })
    clock.advance(600_000)
    await use(future)
  })

  test('is bounded, forgets what has expired, and nothing that could still be used', async () => {
    const { use, clock } = openVerifier(3)
    const exp = (seconds: number) => ({ exp: goodClaims.iat + seconds })
    await use({ jti: 'a', ...exp(10) })
    await use({ jti: 'b', ...exp(20) })
    await use({ jti: 'c', ...exp(3600) })
    expect(await failureOf(use({ jti: 'd' }))).toMatchObject({ code: 'ERR_REFUSED' })
    clock.advance(309_000)
    expect(await failureOf(use({ jti: 'a', ...exp(10) }))).toMatchObject({ reason: 'replayed' })
    expect(await failureOf(use({ jti: 'd' }))).toMatchObject({ code: 'ERR_REFUSED' })
    clock.advance(1_000)
    await use({ jti: 'd' })
    expect(await failureOf(use({ jti: 'c', ...exp(3600) }))).toMatchObject({ reason: 'replayed' })
  })
})
