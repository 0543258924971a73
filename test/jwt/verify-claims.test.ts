import { describe, expect, test } from 'vitest'
import type { TokenInvalidReason } from '../../src/jwt/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import {
  audience,
  goodClaims,
  issuedAt,
  issuer,
  jwkSet,
  issuedAtSeconds as now,
  signToken,
} from '../support/token-issuer.ts'
import { key, type Overrides, refusalOf, verify, withClaims } from './support/verifier.ts'

describe('[case 70] times', () => {
  test.each<[string, Record<string, unknown>, TokenInvalidReason]>([
    ['no exp', { exp: undefined }, 'missing-claim'],
    ['exp null', { exp: null }, 'missing-claim'],
    ['exp as text', { exp: String(now + 60) }, 'invalid-claim'],
    ['exp 1e20', { exp: 1e20 }, 'invalid-claim'],
    ['exp in milliseconds', { exp: (now + 60) * 1000 }, 'invalid-claim'],
    ['exp negative', { exp: -1 }, 'invalid-claim'],
    ['exp as list', { exp: [now + 60] }, 'invalid-claim'],
    ['exp 0', { exp: 0 }, 'expired'],
    ['exp beyond the tolerance', { exp: now - 300 }, 'expired'],
    ['nbf in the future', { nbf: now + 301 }, 'not-yet-valid'],
    ['iat in the future', { iat: now + 301 }, 'not-yet-valid'],
    ['nbf as text', { nbf: 'now' }, 'invalid-claim'],
    ['iat null', { iat: null }, 'invalid-claim'],
  ])('%s is refused', async (_what, claims, reason) => {
    expect(await refusalOf(withClaims(claims))).toBe(reason)
  })

  test('exp 1e400 is no number of seconds', async () => {
    const claims = JSON.stringify(goodClaims).replace(/"exp":\d+/, '"exp":1e400')
    expect(await refusalOf(signToken(key, claims))).toBe('invalid-claim')
  })

  test.each([
    { exp: now - 299 },
    { exp: now + 0.5 },
    { nbf: now + 300 },
    { iat: now + 300 },
    { iat: undefined },
    { nbf: now - 1e6 },
  ])('%j is within the tolerance of 300 s', async (claims) => {
    await verify(withClaims(claims))
  })

  test('the tolerance is the caller’s, and the instant of judging too', async () => {
    expect(await refusalOf(withClaims({ exp: now }), { clockTolerance: 0 })).toBe('expired')
    await verify(withClaims({ exp: now + 1 }), { clockTolerance: 0 })
    expect(await refusalOf(withClaims({ nbf: now + 1 }), { clockTolerance: 0 })).toBe('not-yet-valid')
    await verify(withClaims({ exp: now - 3599 }), { clockTolerance: 3600 })
    const later = new Date(issuedAt.getTime() + 3600_000 + 300_000)
    expect(await refusalOf(signToken(key), { now: later })).toBe('expired')
    await verify(signToken(key), { now: new Date(later.getTime() - 1) })
  })
})

describe('[case 71] issuer and audience', () => {
  test.each<[string, Overrides]>([
    ['no issuer', { issuer: undefined as never }],
    ['an empty issuer', { issuer: '' }],
    ['no issuers', { issuer: [] }],
    ['no audience', { audience: undefined as never }],
    ['an empty audience', { audience: [''] }],
    ['no keys', { jwks: undefined as never }],
    ['two sources of keys', { jwks: jwkSet(key), publicKey: key.jwk }],
    ['algorithm none', { algorithms: ['none'] }],
    ['no algorithm', { algorithms: [] }],
    ['an endless tolerance', { clockTolerance: Infinity }],
    ['a negative tolerance', { clockTolerance: -1 }],
    ['a tolerance that is no number', { clockTolerance: NaN }],
    ['a broken date', { now: new Date(NaN) }],
    ['an empty type', { typ: '' }],
  ])('%s is a mistake of the caller', async (_what, options) => {
    const error = await failureOf(verify(signToken(key), options))
    expect(error.code).toBe('ERR_USAGE')
  })

  test.each([
    `${issuer}/`,
    issuer.toUpperCase(),
    'https://id.example.com.evil.example',
    'http://id.example.com',
    '',
  ])('the issuer "%s" is another one', async (iss) => {
    expect(await refusalOf(withClaims({ iss }))).toBe('issuer')
    expect(await refusalOf(signToken(key), { issuer: iss || 'x' })).toBe('issuer')
  })

  test('both issuers are named in the message', async () => {
    const { message } = await failureOf(verify(withClaims({ iss: `${issuer}/` })))
    expect(message).toContain(`"${issuer}/"`)
    expect(message).toContain(`"${issuer}"`)
  })

  test.each<[unknown, TokenInvalidReason]>([
    ['api2', 'audience'],
    [[], 'audience'],
    [['api2', 'API1'], 'audience'],
    ['api1 ', 'audience'],
    [undefined, 'missing-claim'],
    [['api1', 1], 'invalid-claim'],
    [{ api1: true }, 'invalid-claim'],
    [1, 'invalid-claim'],
  ])('the audience %j is not api1', async (aud, reason) => {
    expect(await refusalOf(withClaims({ aud }))).toBe(reason)
  })

  test('one audience of several is enough, and one issuer of several', async () => {
    await verify(withClaims({ aud: [`${issuer}/resources`, audience] }))
    await verify(signToken(key), { audience: ['other', audience], issuer: ['https://other.example', issuer] })
  })

  test('azp counts when it is asked for, and must be there with several audiences', async () => {
    const authorizedParty = 'client'
    await verify(withClaims({ azp: 'other' }))
    await verify(withClaims({ azp: 'client' }), { authorizedParty })
    await verify(signToken(key), { authorizedParty })
    for (const claims of [
      { azp: 'other' },
      { aud: [audience, 'api2'] },
      { aud: [audience, 'api2'], azp: 'other' },
    ])
      expect(await refusalOf(withClaims(claims), { authorizedParty })).toBe('authorized-party')
    expect(await refusalOf(withClaims({ azp: ['client'] }), { authorizedParty })).toBe('invalid-claim')
  })

  test.each(['iss', 'sub', 'jti'])('%s must be a text', async (name) => {
    expect(await refusalOf(withClaims({ [name]: 1 }))).toBe('invalid-claim')
  })

  test('claims that are required must be there, and not by inheritance', async () => {
    await verify(withClaims({ client_id: 'c' }), { requiredClaims: ['client_id', 'iat'] })
    for (const name of ['client_id', 'toString', 'constructor'])
      expect(await refusalOf(signToken(key), { requiredClaims: [name] })).toBe('missing-claim')
  })
})
