import { createHmac, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../http/support/open-fetch.ts'
import { encode, goodClaims, jwkSet, type KeyKind, makeKey, signToken } from '../support/token-issuer.ts'
import { key, refusalOf, requests, verify, withClaims, withHeader } from './support/verifier.ts'

describe('a good token', () => {
  test('gives its claims and its header', async () => {
    expect(await verify(signToken(key))).toEqual({
      claims: goodClaims,
      header: { alg: 'RS256', kid: key.kid, typ: 'JWT' },
    })
  })

  test.each<[string, KeyKind]>([
    ['RS256', 'RSA'],
    ['RS384', 'RSA'],
    ['RS512', 'RSA'],
    ['PS256', 'RSA'],
    ['PS384', 'RSA'],
    ['PS512', 'RSA'],
    ['ES256', 'P-256'],
    ['ES384', 'P-384'],
    ['ES512', 'P-521'],
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'Ed25519'],
  ])('may be signed with %s, when that is accepted', async (alg, kind) => {
    const own = kind === 'RSA' ? key : makeKey(kind)
    const token = signToken(own, goodClaims, { alg })
    const { claims } = await verify(token, { jwks: jwkSet(own), algorithms: ['ES256', alg] })
    expect(claims).toEqual(goodClaims)
    if (alg !== 'RS256') expect(await refusalOf(token, { jwks: jwkSet(own, key) })).toBe('algorithm')
  })

  test('is verified with keys only: neither file nor network is touched', () => {
    expect(requests).toEqual([])
  })
})

test.each(['ES256', 'EdDSA', 'PS512'])(
  '[case 174] %s is named to those who accept RS256 only',
  async (alg) => {
    const error = await failureOf(
      verify(signToken(key, goodClaims, { alg: 'RS256' }).replace(/^[^.]+/, encode({ alg }))),
    )
    expect(error.hint).toBe(
      `If its issuer signs with ${alg}, accept it by name: --algorithms ${alg} (library: algorithms: ['${alg}']).`,
    )
  },
)

test.each(['none', 'HS256', 'nonsense'])('[case 174] %s is suggested to no one', async (alg) => {
  const error = await failureOf(verify(`${encode({ alg })}.${encode(goodClaims)}.AAAA`))
  expect(error.hint).toBeUndefined()
})

describe('[case 68] the algorithm is the verifier’s choice', () => {
  const pem = key.publicKey.export({ type: 'spki', format: 'pem' })
  const der = key.publicKey.export({ type: 'spki', format: 'der' })

  test.each(['none', 'None', 'NONE', 'nOnE', ''])(
    'alg "%s" is refused, with and without a signature',
    async (alg) => {
      const input = `${encode({ alg, typ: 'JWT' })}.${encode(goodClaims)}`
      for (const token of [`${input}.`, `${input}.${signToken(key).split('.')[2]}`])
        expect(await refusalOf(token)).toBe('algorithm')
    },
  )

  test.each<[string, string | Buffer]>([
    ['PEM', pem],
    ['PEM without its last newline', String(pem).trimEnd()],
    ['DER', der],
    ['JWK', JSON.stringify(key.jwk)],
  ])('HS256 with the public %s as secret is refused', async (_form, secret) => {
    const input = `${encode({ alg: 'HS256', typ: 'JWT', kid: key.kid })}.${encode(goodClaims)}`
    const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
    expect(await refusalOf(token)).toBe('algorithm')
    expect(await refusalOf(token, { publicKey: String(pem) })).toBe('algorithm')
    const error = await failureOf(verify(token, { algorithms: ['RS256', 'HS256'] }))
    expect(error.code).toBe('ERR_USAGE')
  })

  test.each(['PS256', 'RS512', 'RS384'])(
    '%s by the right key is refused when only RS256 is accepted',
    async (alg) => {
      expect(await refusalOf(signToken(key, goodClaims, { alg }))).toBe('algorithm')
    },
  )

  test('a key that names its algorithm is good for that one only', async () => {
    const jwks = { keys: [{ ...key.jwk, alg: 'RS256' }] }
    const token = signToken(key, goodClaims, { alg: 'PS256' })
    expect(await refusalOf(token, { jwks, algorithms: ['RS256', 'PS256'] })).toBe('no-key')
  })

  test('an ES256 signature of zeros, in DER, or cut short is refused', async () => {
    const ec = makeKey('P-256')
    const [header, claims, good = ''] = signToken(ec, goodClaims, { alg: 'ES256' }).split('.')
    const options = { jwks: jwkSet(ec), algorithms: ['ES256'] }
    const inDer = sign('sha256', Buffer.from(`${header}.${claims}`), ec.privateKey)
    const half = Buffer.from(good, 'base64url').subarray(0, 32)
    for (const signature of [Buffer.alloc(64), inDer, half, Buffer.alloc(0), Buffer.alloc(1)]) {
      const token = `${header}.${claims}.${signature.toString('base64url')}`
      expect(await refusalOf(token, options)).toBe('signature')
    }
    const options256 = { ...options, algorithms: ['ES256', 'ES384'] }
    expect(await refusalOf(signToken(ec, goodClaims, { alg: 'ES384' }), options256)).toBe('no-key')
  })

  test('an empty signature, and that of another token, are refused', async () => {
    const [header, claims] = signToken(key).split('.')
    const [, , other] = withClaims({ sub: '2' }).split('.')
    expect(await refusalOf(`${header}.${claims}.`)).toBe('signature')
    expect(await refusalOf(`${header}.${claims}.${other}`)).toBe('signature')
  })
})

describe('[case 69] keys come from the configuration only', () => {
  const intruder = makeKey()
  const tricks: Record<string, unknown>[] = [
    { jwk: intruder.jwk },
    { jku: 'http://127.0.0.1:1/jwks.json' },
    { x5u: 'http://127.0.0.1:1/chain.pem' },
    { x5c: ['MIIB'] },
    { jwk: { kty: 'oct', k: '' }, x5t: 'AA' },
  ]

  test.each(tricks)('%j in the header changes nothing', async (header) => {
    requests.length = 0
    expect(await refusalOf(signToken(intruder, goodClaims, { ...header, kid: key.kid }))).toBe('signature')
    expect((await verify(withHeader(header))).claims).toEqual(goodClaims)
    expect(requests).toEqual([])
  })

  test.each([
    'https://evil.example/jwks.json',
    '../../../../dev/null',
    '/etc/passwd',
    "' OR '1'='1",
    '__proto__',
    'constructor',
    'x'.repeat(30_000),
    '',
  ])('a key id such as %.30s is only compared', async (kid) => {
    requests.length = 0
    expect(await refusalOf(signToken(intruder, goodClaims, { kid }))).toBe('no-key')
    expect(requests).toEqual([])
  })

  test('a key id of a megabyte, and one that is no text, are refused', async () => {
    expect(await refusalOf(withHeader({ kid: 'x'.repeat(1_000_000) }))).toBe('malformed')
    for (const kid of [1, null, {}, ['key-1']]) expect(await refusalOf(withHeader({ kid }))).toBe('malformed')
  })
})
