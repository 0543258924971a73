import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HttpServer, startHttpServer } from '../../mocks/index.ts'
import { audience, encode, issuer, jwkSet, makeKey, signToken } from '../jwt/support/token-issuer.ts'
import { recordSecrets } from '../support/record.ts'
import { type Finished, makeHome, type RunOptions, runSesame } from '../support/sesame.ts'

const key = makeKey()
const now = Math.floor(Date.now() / 1000)
const claims = {
  iss: issuer,
  aud: [audience],
  sub: '1',
  iat: now,
  exp: now + 3600,
  name: 'Zoë \u009b31m\u202e',
}
const good = signToken(key, claims)

let home: { home: string; remove(): void }
let directory: string
let server: HttpServer<'GET /jwks.json'>
beforeAll(async () => {
  home = makeHome()
  directory = mkdtempSync(join(home.home, 'files-'))
  server = await startHttpServer({ routes: { 'GET /jwks.json': () => ({ status: 200, body: jwkSet(key) }) } })
  file('jwks.json', JSON.stringify(jwkSet(key)))
  file('key.pem', String(key.publicKey.export({ type: 'spki', format: 'pem' })))
  file('private.pem', String(key.privateKey.export({ type: 'pkcs8', format: 'pem' })))
  file('token', `${good}\n`)
})
afterAll(async () => {
  recordSecrets([{ kind: 'id-token', value: good }])
  await server.close()
  rmSync(directory, { recursive: true })
  home.remove()
})

function file(name: string, text: string): string {
  writeFileSync(join(directory, name), text)
  return join(directory, name)
}

const at = (name: string) => join(directory, name)
const run = (words: readonly string[], options: Partial<RunOptions> = {}) =>
  runSesame(['token', ...words], { home: home.home, ...options })
const verify = (input: string, ...words: string[]) => run(['verify', ...words], { input })
const who = ['--issuer', issuer, '--audience', audience]
const pinned = () => [...who, '--public-key', at('key.pem')]

/** stdout stays empty, stderr is one or two lines without the token. */
function expectFailure({ code, stdout, stderr }: Finished, expected: number, token: string, words: RegExp) {
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
  expect(stderr).toMatch(words)
  expect(stderr).toMatch(/^sesame: [^\n]+\n(?:[^\n]+\n)?$/)
  for (const part of token.split('.')) if (part.length > 20) expect(stderr).not.toContain(part)
}

describe('sesame token verify', () => {
  test.each([
    ['standard input', (words: string[]) => verify(`${good}\n`, ...words)],
    ['-', (words: string[]) => verify(good, '-', ...words)],
    ['--file', (words: string[]) => verify('', '--file', at('token'), ...words)],
  ])('prints the claims of a good token from %s', async (_where, runWith) => {
    const { code, stdout, stderr } = await runWith(pinned())
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual(claims)
    expect(stdout).toMatch(/^\{[^\n]+\}\n$/)
    expect(stdout).not.toMatch(/[\u0080-\u009f\u202e]/)
  })

  test('takes keys from a file, from an address, and pinned', async () => {
    const byFile = await verify(good, ...who, '--jwks', at('jwks.json'))
    const byUrl = await verify(good, ...who, '--jwks', `${server.url}/jwks.json`)
    const byJwk = await verify(good, ...who, '--public-key', file('jwk.json', JSON.stringify(key.jwk)))
    for (const { code, stdout } of [byFile, byUrl, byJwk])
      expect([code, JSON.parse(stdout)]).toEqual([0, claims])
  })

  test('takes other algorithms, types and tolerances when they are named', async () => {
    const ec = makeKey('P-256')
    const token = signToken(ec, { ...claims, exp: now - 100 }, { alg: 'ES256', typ: 'at+jwt' })
    const keys = ['--jwks', file('both.json', JSON.stringify(jwkSet(key, ec)))]
    const named = [...who, ...keys, '--algorithms', 'RS256,ES256', '--typ', 'at+jwt']
    expect((await verify(token, ...named)).code).toBe(0)
    expectFailure(await verify(token, ...named, '--clock-tolerance', '60'), 1, token, /expired at/)
    expect((await verify(token, ...named, '--clock-tolerance', '1h')).code).toBe(0)
    expectFailure(await verify(token, ...who, ...keys, '--algorithms', 'ES256'), 1, token, /type/)
    expectFailure(await verify(token, ...who, ...keys, '--typ', 'at+jwt'), 1, token, /ES256/)
  })

  test.each<[string, string, RegExp]>([
    ['expired', signToken(key, { ...claims, exp: now - 301 }), /expired at/],
    ['for another', signToken(key, { ...claims, aud: 'api2' }), /"api2", not for "api1"/],
    ['from another issuer', signToken(key, { ...claims, iss: `${issuer}/` }), /issuer/],
    ['signed by another key', signToken({ ...makeKey(), kid: key.kid }, claims), /signature/],
    ['unsigned', `${encode({ alg: 'none' })}.${encode(claims)}.`, /none/],
    ['an HMAC', signToken(key, claims).replace(/^[^.]+/, encode({ alg: 'HS256' })), /HS256/],
    ['an access token', signToken(key, claims, { typ: 'at+jwt' }), /at\+jwt/],
    ['no JWT', 'SST-1a2e5e90b045cd149017d6ea1ede7775bc6e1a578c671d7b', /not a JWT/],
    ['cut short', good.slice(0, -10), /JWT|signature/],
    ['two tokens', `${good}\n${good}`, /not a JWT/],
    ['10 MB', 'x'.repeat(10_000_000), /longer than 64 kB/],
  ])('[case 75] a token that is %s: exit 1, no claims', async (_what, token, words) => {
    expectFailure(await verify(token, ...pinned()), 1, token, words)
    expectFailure(await verify(token, ...who, '--jwks', `${server.url}/jwks.json`), 1, token, words)
  })

  test.each(['', '\n', ' \t\r\n'])('[case 75] no token (%j): exit 2, no claims', async (input) => {
    expectFailure(await verify(input, ...pinned()), 2, good, /no token/)
    expectFailure(await verify('', '--file', file('empty', input), ...pinned()), 2, good, /no token/)
  })

  test.each<[string, () => string[], RegExp]>([
    ['no options', () => [], /--issuer and --audience/],
    ['no audience', () => ['--issuer', issuer, '--public-key', at('key.pem')], /--audience/],
    ['no issuer', () => ['--audience', audience, '--public-key', at('key.pem')], /--issuer/],
    ['no keys', () => who, /--jwks FILE or URL/],
    ['two sources of keys', () => [...pinned(), '--jwks', at('jwks.json')], /does not go with/],
    ['a private key', () => [...who, '--public-key', at('private.pem')], /private key/],
    ['a key file that is not there', () => [...who, '--public-key', at('none')], /ENOENT/],
    ['a directory as key', () => [...who, '--public-key', directory], /EISDIR/],
    ['a PEM file as JWK Set', () => [...who, '--jwks', at('key.pem')], /holds no JWK Set/],
    ['a key for another algorithm', () => [...pinned(), '--algorithms', 'ES256'], /not for ES256/],
    ['plain http', () => [...who, '--jwks', 'http://id.example.com/jwks'], /https/],
    ['an unknown algorithm', () => [...pinned(), '--algorithms', 'RS256,HS256'], /HS256/],
    ['none as algorithm', () => [...pinned(), '--algorithms', 'none'], /none/],
    ['a tolerance in words', () => [...pinned(), '--clock-tolerance', 'long'], /clock-tolerance/],
    ['a tolerance of years', () => [...pinned(), '--clock-tolerance', '99999999'], /clockTolerance/],
    ['no file', () => [...pinned(), '--file', at('none')], /ENOENT/],
    ['a file and -', () => [...pinned(), '-', '--file', at('token')], /either/],
    ['an unknown profile', () => ['--profile', 'nobody'], /no profile nobody/],
    ['a profile and --jwks', () => ['--profile', 'nobody', '--jwks', at('jwks.json')], /does not go/],
  ])('[case 71] [case 75] %s: exit 2, nothing is verified', async (_what, words, message) => {
    expectFailure(await verify(good, ...words()), 2, good, message)
  })

  test('[case 92] a token on the command line is refused and not repeated', async () => {
    expectFailure(await verify('', good, ...pinned()), 2, good, /command line/)
    for (const option of ['--token', '-t', '--jwt'])
      expectFailure(await verify('', `${option}=${good}`, ...pinned()), 2, good, /is not an option/)
    const { signature } = { signature: good.split('.')[2] ?? '' }
    expect((await verify('', good, 'x', ...pinned())).stderr).not.toContain(signature)
  })

  test('an IDaaS profile pins the key of its application; issuer and audience may be left out', async () => {
    const own = makeHome()
    const profile = { kind: 'idaas', idaasUrl: 'https://idp.example.com', applicationUuid: 'u', appKey: 'k' }
    const configure = (more: object) => {
      const config = { version: 1, profiles: { api: { ...profile, ...more } } }
      writeFileSync(join(own.home, '.config', 'sesame', 'config.json'), JSON.stringify(config), {
        mode: 0o600,
      })
    }
    const verifyOwn = (token: string, ...words: string[]) =>
      runSesame(['token', 'verify', '--profile', 'api', ...words], { home: own.home, input: token })
    try {
      mkdirSync(join(own.home, '.config', 'sesame'), { recursive: true, mode: 0o700 })
      configure({})
      expectFailure(await verifyOwn(good), 2, good, /Profile api has no public key yet/)
      expect((await verifyOwn(good, '--public-key', at('key.pem'))).code).toBe(0)
      configure({ publicKey: JSON.stringify(key.jwk) })
      const bare = signToken(key, { exp: now + 60, jti: 'j' })
      const { code, stdout } = await verifyOwn(bare)
      expect([code, JSON.parse(stdout)]).toEqual([0, { exp: now + 60, jti: 'j' }])
      expectFailure(await verifyOwn(bare, '--issuer', issuer), 1, bare, /no claim "iss"/)
      const foreign = signToken(makeKey(), claims)
      expectFailure(await verifyOwn(foreign), 1, foreign, /signature/)
    } finally {
      own.remove()
    }
  })

  test('a profile of another kind pins no key', async () => {
    const configured = await runSesame(
      [
        'configure',
        '--profile',
        'dev',
        '--signin-url',
        'https://signin-cn-shanghai.alibabacloudsso.com/acme/login',
      ],
      { home: home.home },
    )
    expect(configured.code).toBe(0)
    expectFailure(await verify(good, '--profile', 'dev'), 2, good, /Profile dev pins no key/)
  })

  test('keys that cannot be had: exit 6', async () => {
    server.fault('GET /jwks.json', { kind: 'status', status: 500, body: '<html>' })
    expectFailure(
      await verify(good, ...who, '--jwks', `${server.url}/jwks.json`),
      6,
      good,
      /Cannot fetch the JSON Web Key Set/,
    )
    expectFailure(await verify(good, ...who, '--jwks', 'http://127.0.0.1:9/jwks'), 6, good, /127\.0\.0\.1/)
  })

  test('[case 76] the debug log holds no token', async () => {
    const options = { input: good, env: { DEBUG: '*' } }
    const { code, stderr } = await run(['verify', ...who, '--jwks', `${server.url}/jwks.json`], options)
    expect(code).toBe(0)
    expect(stderr).toContain('GET ')
    for (const part of good.split('.').slice(1)) expect(stderr).not.toContain(part)
  })
})

describe('sesame token inspect', () => {
  const inspect = (input: string, ...words: string[]) => run(['inspect', ...words], { input })

  test('shows header and claims with readable dates, and says that nothing is verified', async () => {
    const { code, stdout, stderr } = await inspect(`${good}\n`)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Header\n {2}alg {2}RS256\n/)
    expect(stdout).toMatch(/\n {2}exp +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(in 59 min\)\n/)
    expect(stdout).toContain(`aud   ["${audience}"]`)
    expect(stdout).toContain('Zoë \\u009b31m\\u202e')
    expect(stdout).not.toContain(good.split('.')[2]?.slice(0, 20))
    expect(stderr).toMatch(/^Nothing of this is verified/)
  })

  test('--json gives one object, for unsigned tokens too', async () => {
    const unsigned = `${encode({ alg: 'none' })}.${encode({ exp: 1, sub: { a: [null] } })}.`
    const { code, stdout } = await inspect(unsigned, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ header: { alg: 'none' }, claims: { exp: 1, sub: { a: [null] } } })
    expect((await inspect(unsigned)).stdout).toContain('1970-01-01T00:00:01Z')
  })

  test('a file does as well', async () => {
    expect((await inspect('', '--file', at('token'))).stdout).toContain('RS256')
  })

  test.each(['token', 'a.b.c', '{}', `${encode({})}.${encode('[]')}.`, 'x'.repeat(200_000)])(
    'what is no JWT is exit 1 (%.30s)',
    async (text) => {
      expectFailure(await inspect(text), 1, text, /not a JWT/)
    },
  )

  test('nothing to look at is exit 2', async () => {
    expectFailure(await inspect(''), 2, good, /no token/)
    expectFailure(await inspect('', good), 2, good, /command line/)
  })
})

test('sesame token alone says what there is', async () => {
  expectFailure(await run([]), 2, good, /inspect, verify/)
})
