import { describe, expect, test } from 'vitest'
import { decodeJwt } from '../../src/jwt/index.ts'
import { encode, goodClaims, makeKey, signToken } from '../support/token-issuer.ts'

/** The access token of an IdentityServer with `AccessTokenLifetime = 5`, as its documentation's quickstart makes it. */
const identityServerToken = [
  { alg: 'RS256', kid: '8e3e61f5ee2d800ceb166a94dc873164', typ: 'JWT' },
  { nbf: 1525578715, exp: 1525578720, iss: 'http://localhost:5000', aud: ['api1'], scope: ['api1'] },
]
  .map(encode)
  .join('.')

describe('decodeJwt', () => {
  test('gives header and claims, whatever the signature is worth', () => {
    const key = makeKey()
    expect(decodeJwt(signToken(key))).toEqual({
      header: { alg: 'RS256', kid: key.kid, typ: 'JWT' },
      claims: goodClaims,
    })
    expect(decodeJwt(`${identityServerToken}.AAAA`).claims).toMatchObject({ exp: 1525578720, aud: ['api1'] })
    expect(decodeJwt(`${identityServerToken}.`).header.alg).toBe('RS256')
  })

  test('claims are not trusted to have a type', () => {
    const { claims } = decodeJwt(`${encode({})}.${encode({ exp: 'soon', aud: null })}.`)
    expect(claims).toEqual({ exp: 'soon', aud: null })
  })

  test.each([
    '',
    'token',
    'a.b',
    'a.b.c',
    `${identityServerToken}`,
    `${identityServerToken}.A`,
    'e30.e30.e30.e30',
  ])('"%.40s" is no JWT', (text) => {
    expect(() => decodeJwt(text)).toThrow(/^This is not a JWT: /)
  })

  test('names of the object prototype are plain members', () => {
    const { claims } = decodeJwt(`${encode({})}.${encode('{"constructor":1,"toString":2}')}.`)
    expect(Object.keys(claims)).toEqual(['constructor', 'toString'])
  })
})
