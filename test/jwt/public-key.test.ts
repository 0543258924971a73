import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeServerTls } from '../../mocks/index.ts'
import { type Jwk, verifyPinnedJwt } from '../../src/jwt/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { goodClaims, issuer, makeKey, issuedAtSeconds as now, signToken } from '../support/token-issuer.ts'
import { key, refusalOf, verify, withHeader, world } from './support/verifier.ts'

describe('a pinned key', () => {
  const spki = String(key.publicKey.export({ type: 'spki', format: 'pem' }))

  test.each<[string, string | Jwk]>([
    ['SPKI in PEM', spki],
    ['SPKI with spaces around', `\n${spki}\n`],
    ['PKCS#1 in PEM', String(key.publicKey.export({ type: 'pkcs1', format: 'pem' }))],
    ['a JWK', key.jwk],
    ['a JWK as text', JSON.stringify(key.jwk)],
    ['a JWK Set as text', JSON.stringify({ keys: [makeKey().jwk, key.jwk] })],
  ])('may be %s', async (_form, publicKey) => {
    expect((await verify(signToken(key), { publicKey })).claims).toEqual(goodClaims)
    expect(await refusalOf(signToken({ ...makeKey(), kid: key.kid }), { publicKey })).toBe('signature')
  })

  test('may be an X.509 certificate, and then is its key', async () => {
    const { cert, key: pem } = makeServerTls('expired')
    const privateKey = createPrivateKey(pem)
    const own = { ...makeKey('P-256'), privateKey }
    const options = { publicKey: cert, algorithms: ['ES256'] }
    await verify(signToken(own, goodClaims, { alg: 'ES256' }), options)
    expect(await refusalOf(signToken(makeKey('P-256'), goodClaims, { alg: 'ES256' }), options)).toBe(
      'signature',
    )
  })

  test('a single one holds for every key id, one of a set only for its own', async () => {
    const token = withHeader({ kid: 'another' })
    await verify(token, { publicKey: key.jwk })
    expect(await refusalOf(token, { publicKey: { keys: [key.jwk] } })).toBe('no-key')
  })

  const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
  test.each<[string, string | Jwk]>([
    ['a private key', String(key.privateKey.export({ type: 'pkcs8', format: 'pem' }))],
    ['a private JWK', { ...key.privateKey.export({ format: 'jwk' }) }],
    ['a symmetric JWK', { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0' }],
    ['RSA with 1024 bits', String(small.publicKey.export({ type: 'spki', format: 'pem' }))],
    ['a key for another algorithm', makeKey('P-256').jwk],
    ['a key for encryption', { ...key.jwk, use: 'enc' }],
    ['a broken JWK', { kty: 'RSA', n: '!', e: 'AQAB' }],
    ['RSA with the exponent 1', { ...key.jwk, e: 'AQ' }],
    ['broken PEM', spki.replace(/[A-Z]/g, 'A')],
    ['two PEM blocks', `${spki}\n${spki}`],
    ['an empty text', ''],
    ['prose', 'my key'],
    ['broken JSON', '{"kty":'],
    ['an empty set', '{"keys":[]}'],
  ])('%s is a mistake of the caller', async (_what, publicKey) => {
    const error = await failureOf(verify(signToken(key), { publicKey }))
    expect(error.code).toBe('ERR_USAGE')
    expect(error.message).toMatch(/^The public key .{5,80}\.$/)
  })

  test('of one application says who issued a token: issuer and audience may be left open', async () => {
    const options = { publicKey: spki }
    const bare = { exp: now + 60, jti: 'j' }
    expect((await verifyPinnedJwt(signToken(key, bare), options, world)).claims).toEqual(bare)
    await expect(verifyPinnedJwt(signToken(key, bare), { ...options, issuer }, world)).rejects.toMatchObject({
      reason: 'missing-claim',
    })
    await expect(verifyPinnedJwt(signToken(makeKey(), bare), options, world)).rejects.toMatchObject({
      reason: 'signature',
    })
    await expect(
      verifyPinnedJwt(signToken(key, { ...bare, exp: now - 301 }), options, world),
    ).rejects.toMatchObject({ reason: 'expired' })
  })
})
