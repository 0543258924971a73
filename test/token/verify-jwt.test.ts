import { createHmac, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeServerTls } from '../../mocks/index.ts'
import {
  type Jwk,
  TokenInvalidError,
  type TokenInvalidReason,
  type VerifyJwtOptions,
  verifyJwt,
  verifyPinnedJwt,
} from '../../src/token/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { fakeClock } from '../support/fake-clock.ts'
import {
  audience,
  encode,
  goodClaims,
  issuedAt,
  issuer,
  jwkSet,
  type KeyKind,
  makeKey,
  issuedAtSeconds as now,
  signToken,
} from './support/token-issuer.ts'

const key = makeKey()
const requests: string[] = []
const world = {
  clock: fakeClock(issuedAt),
  fetch: async (url: string) => {
    requests.push(url)
    throw new Error('no network here')
  },
}

type Overrides = Partial<VerifyJwtOptions>

function verify(token: string, options: Overrides = {}) {
  const keys = 'publicKey' in options || 'jwks' in options ? {} : { jwks: jwkSet(key) }
  return verifyJwt(token, { issuer, audience, ...keys, ...options }, world)
}

/** Why a token is refused; the message must not hold the token or its signature. */
async function refusalOf(token: string, options: Overrides = {}): Promise<TokenInvalidReason> {
  const error = await failureOf(verify(token, options))
  if (!(error instanceof TokenInvalidError)) throw error
  expect(error.code).toBe('ERR_TOKEN_INVALID')
  for (const part of token.split('.')) if (part.length > 20) expect(error.message).not.toContain(part)
  expect(error.message).toMatch(/^[^\n]{10,500}$/)
  return error.reason
}

/** Work, not time: other processes on a busy machine do not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const withClaims = (claims: Record<string, unknown>) => signToken(key, { ...goodClaims, ...claims })
const withHeader = (header: Record<string, unknown>) => signToken(key, goodClaims, header)

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

describe('[case 72] the type', () => {
  test.each<[string | undefined, string | undefined]>([
    ['JWT', undefined],
    ['jwt', undefined],
    ['application/jwt', undefined],
    [undefined, undefined],
    ['at+jwt', 'at+jwt'],
    ['application/at+jwt', 'at+jwt'],
    ['AT+JWT', 'application/at+jwt'],
    ['JWT', 'JWT'],
  ])('%s is accepted where %s is wanted', async (typ, wanted) => {
    await verify(withHeader({ typ }), wanted === undefined ? {} : { typ: wanted })
  })

  test.each<[unknown, string | undefined]>([
    ['at+jwt', undefined],
    ['application/at+jwt', 'JWT'],
    ['JWT', 'at+jwt'],
    [undefined, 'at+jwt'],
    [undefined, 'JWT'],
    ['logout+jwt', undefined],
    ['dpop+jwt', 'at+jwt'],
    ['', undefined],
    [['JWT'], undefined],
    [null, undefined],
  ])('%j is refused where %s is wanted', async (typ, wanted) => {
    expect(await refusalOf(withHeader({ typ }), wanted === undefined ? {} : { typ: wanted })).toBe('type')
  })

  test('a server-side token is no JWT', async () => {
    expect(await refusalOf(`SST-${'1a2e5e90b045cd14'.repeat(4)}`)).toBe('malformed')
  })
})

describe('[case 73] form', () => {
  const good = signToken(key)
  const [header = '', claims = '', signature = ''] = good.split('.')

  test.each<[string, string, TokenInvalidReason]>([
    ['unknown crit', withHeader({ crit: ['exp'], exp: 1 }), 'unsupported'],
    ['empty crit', withHeader({ crit: [] }), 'unsupported'],
    ['b64 false', withHeader({ b64: false, crit: ['b64'] }), 'unsupported'],
    ['b64 without crit', withHeader({ b64: false }), 'unsupported'],
    ['zip', withHeader({ zip: 'DEF' }), 'unsupported'],
    ['a nested JWT', withHeader({ cty: 'JWT' }), 'unsupported'],
    ['an encrypted token', `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`, 'unsupported'],
    ['JSON serialisation', JSON.stringify({ payload: claims, protected: header, signature }), 'malformed'],
    ['two parts', `${header}.${claims}`, 'malformed'],
    ['four parts', `${good}.${signature}`, 'malformed'],
    ['six parts', `${good}.a.b.c`, 'malformed'],
    ['an empty text', '', 'malformed'],
    ['dots only', '..', 'malformed'],
    ['a leading space', ` ${good}`, 'malformed'],
    ['a newline at the end', `${good}\n`, 'malformed'],
    ['a newline inside', `${header}.\n${claims}.${signature}`, 'malformed'],
    ['padding', `${header}.${claims}.${signature}==`, 'malformed'],
    [
      'plain base64',
      `${header}.${Buffer.from('{"a":"~~~???"}').toString('base64')}.${signature}`,
      'malformed',
    ],
    ['NUL', `${header}.${claims}.${signature}\0`, 'malformed'],
    ['a homoglyph', good.replace('e', 'е'), 'malformed'],
    ['claims that are a list', signToken(key, '[1]'), 'malformed'],
    ['claims that are null', signToken(key, 'null'), 'malformed'],
    ['claims that are a text', signToken(key, '"text"'), 'malformed'],
    ['broken JSON', signToken(key, '{"iss":'), 'malformed'],
    ['a byte order mark', signToken(key, `\ufeff${JSON.stringify(goodClaims)}`), 'malformed'],
    ['a claim twice', signToken(key, JSON.stringify(goodClaims).replace('{', '{"sub":"2",')), 'malformed'],
    [
      'a claim twice, once escaped',
      signToken(key, JSON.stringify(goodClaims).replace('{', '{"\\u0073ub":"2",')),
      'malformed',
    ],
    [
      'a nested member twice',
      signToken(key, JSON.stringify(goodClaims).replace('{', '{"a":[{"b":1,"b":2}],')),
      'malformed',
    ],
    ['a header member twice', signToken(key, goodClaims, '{"alg":"none","alg":"RS256"}'), 'malformed'],
    [
      '__proto__',
      signToken(key, JSON.stringify(goodClaims).replace('{', '{"__proto__":{"admin":true},')),
      'malformed',
    ],
    ['deep nesting', signToken(key, `{"a":${'['.repeat(9000)}${']'.repeat(9000)}}`), 'malformed'],
    ['an unfinished text of quotes', signToken(key, `{"${'\\"'.repeat(20_000)}`), 'malformed'],
  ])('%s is refused', async (_what, token, reason) => {
    const startMs = cpuMs()
    expect(await refusalOf(token)).toBe(reason)
    expect(cpuMs() - startMs).toBeLessThan(1000)
  })

  test('bytes that are no UTF-8 are refused', async () => {
    const bytes = Buffer.concat([Buffer.from('{"iss":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])
    expect(await refusalOf(`${header}.${bytes.toString('base64url')}.${signature}`)).toBe('malformed')
  })

  test('a second spelling of the same bytes is refused', async () => {
    // A signature of 256 bytes leaves four bits of the last character unused.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(signature.at(-1) ?? '')
    const twin = signature.slice(0, -1) + alphabet[last + 1]
    expect(Buffer.from(twin, 'base64url')).toEqual(Buffer.from(signature, 'base64url'))
    expect(await refusalOf(`${header}.${claims}.${twin}`)).toBe('malformed')
  })

  test.each([
    ['claims', `${header}.${'A'.repeat(10_000_000)}.${signature}`],
    ['dots', '.'.repeat(10_000_000)],
    ['nothing known', 'e'.repeat(10_000_000)],
    ['65537 characters', good.padEnd(65_537, 'A')],
  ])('10 MB of %s are refused at once', async (_what, token) => {
    const startMs = cpuMs()
    const error = await failureOf(verify(token))
    expect(cpuMs() - startMs).toBeLessThan(100)
    expect(error).toMatchObject({ reason: 'malformed' })
    expect(error.message.length).toBeLessThan(100)
  })

  test.each([undefined, null, 1, {}, ['a.b.c'], Buffer.from('a.b.c')])('%j is no text', async (token) => {
    expect(await failureOf(verify(token as never))).toMatchObject({ reason: 'malformed' })
  })
})

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
