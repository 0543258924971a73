import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { faults, startHttpServer } from '../../mocks/index.ts'
import { createBearerGuard, type VerifyBearerOptions } from '../../src/jwt/index.ts'
import { openFetch } from '../http/support/open-fetch.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import {
  audience,
  goodClaims,
  issuedAt,
  issuer,
  jwkSet,
  makeKey,
  signToken,
} from '../support/token-issuer.ts'
import { type Framework, frameworks, type Service, startService } from './support/guarded-services.ts'

const key = makeKey()
const good = signToken(key)

let service: Service | undefined
afterEach(() => service?.close())

interface Guarded {
  service: Service
  clock: FakeClock
  errors: unknown[]
}

async function guarded(framework: Framework, options: Partial<VerifyBearerOptions> = {}): Promise<Guarded> {
  const clock = fakeClock(issuedAt)
  const errors: unknown[] = []
  const keys = options.jwks === undefined ? { jwks: jwkSet(key) } : {}
  const guard = createBearerGuard(
    { issuer, audience, ...keys, onError: (error) => errors.push(error), ...options },
    { clock, fetch: openFetch() },
  )
  service = await startService(framework, guard)
  return { service, clock, errors }
}

async function get({ url }: Service, headers: Record<string, string>) {
  const response = await fetch(url, { headers })
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    retryAfter: response.headers.get('retry-after'),
    text: await response.text(),
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe.each(frameworks)('a service on %s', (framework) => {
  test('sees the claims of a good token', async () => {
    const { service } = await guarded(framework)
    const { status, text, challenge } = await get(service, bearer(good))
    expect({ status, body: JSON.parse(text), challenge }).toEqual({
      status: 200,
      body: { sub: '1', alg: 'RS256' },
      challenge: null,
    })
    expect((await get(service, { authorization: `bearer  ${good}` })).status).toBe(200)
    expect(service.passed).toBe(2)
  })

  test('asks for a token without an error code where there is none (RFC 6750 section 3.1)', async () => {
    const { service } = await guarded(framework, { realm: 'orders' })
    for (const headers of [{}, { authorization: 'Basic dTpw' }, { cookie: `access_token=${good}` }] as Record<
      string,
      string
    >[]) {
      expect(await get(service, headers)).toMatchObject({
        status: 401,
        challenge: 'Bearer realm="orders"',
        text: '',
      })
    }
    expect(service.passed).toBe(0)
  })

  test('does not read the token from the address', async () => {
    const { service } = await guarded(framework)
    const inQuery = { ...service, url: `${service.url}?access_token=${good}` }
    expect(await get(inQuery, {})).toMatchObject({ status: 401, challenge: 'Bearer realm="api"' })
    const twice = await get(inQuery, bearer(good))
    expect(twice).toMatchObject({ status: 400 })
    expect(twice.challenge).toBe(
      'Bearer realm="api", error="invalid_request", error_description="More than one access token"',
    )
    expect(service.passed).toBe(0)
  })

  test.each([
    ['expired', signToken(key, { ...goodClaims, exp: goodClaims.iat - 300 }), 'The token expired'],
    ['for another', signToken(key, { ...goodClaims, aud: 'api2' }), 'The token is for another audience'],
    ['tampered', good.replace(/\.[^.]{9}/, '.eyJpc3Mi4'), 'The token is malformed'],
    ['by another key', signToken({ ...makeKey(), kid: key.kid }), 'The signature is not valid'],
    ['unsigned', `${good.slice(0, good.lastIndexOf('.'))}.`, 'The signature is not valid'],
    ['no JWT', 'mF_9.B5f-4.1JqM', 'The token is malformed'],
    ['opaque', '2YotnFZFEjr1zCsicMWpAA==', 'The token is malformed'],
  ])('refuses a token that is %s', async (_what, token, description) => {
    const { service } = await guarded(framework)
    const { status, challenge, text } = await get(service, bearer(token))
    expect(status).toBe(401)
    expect(challenge).toBe(`Bearer realm="api", error="invalid_token", error_description="${description}"`)
    expect(JSON.parse(text)).toEqual({ error: 'invalid_token', error_description: description })
    expect(service.passed).toBe(0)
  })

  test.each(['Bearer', 'Bearer ', `Bearer ${good} ${good}`, `Bearer ${good}, Bearer ${good}`, 'Bearer "x"'])(
    'a malformed header is 400 (%.20s…)',
    async (authorization) => {
      const { service } = await guarded(framework)
      const { status, challenge } = await get(service, { authorization })
      expect(status).toBe(400)
      expect(challenge).toMatch(/^Bearer realm="api", error="invalid_request", error_description="[\w ]+"$/)
    },
  )

  test('two Authorization headers are 400', async () => {
    const { service } = await guarded(framework)
    const { hostname, port, pathname } = new URL(service.url)
    const status = await new Promise((resolve, reject) => {
      const headers = ['Host', 'x', 'Authorization', `Bearer ${good}`, 'Authorization', `Bearer ${good}`]
      httpRequest({ hostname, port, path: pathname, headers: headers as never }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(400)
    expect(service.passed).toBe(0)
  })

  test('403 names the scope that is missing', async () => {
    const { service } = await guarded(framework, { scope: 'orders:read orders:write' })
    const withScope = (claims: object) => bearer(signToken(key, { ...goodClaims, ...claims }))
    for (const claims of [{}, { scope: 'orders:read' }, { scope: 'orders:readorders:write' }, { scp: 7 }]) {
      const { status, challenge } = await get(service, withScope(claims))
      expect(status).toBe(403)
      expect(challenge).toBe(
        'Bearer realm="api", error="insufficient_scope", error_description="The token lacks a required scope", scope="orders:read orders:write"',
      )
    }
    expect(service.passed).toBe(0)
    for (const claims of [
      { scope: 'a orders:write orders:read' },
      { scope: ['orders:read', 'orders:write'] },
      { scp: 'orders:read orders:write' },
      { scp: ['orders:write', 'orders:read'] },
    ])
      expect((await get(service, withScope(claims))).status).toBe(200)
  })

  test('[case 74] without keys nothing passes: 503; with keys once fetched it goes on', async () => {
    const route = 'GET /jwks.json'
    const issuerServer = await startHttpServer({
      routes: { [route]: () => ({ status: 200, body: jwkSet(key) }) },
    })
    onTestFinished(() => issuerServer.close())
    issuerServer.fault(route, faults.internalErrorHtml)
    const { service, clock, errors } = await guarded(framework, { jwks: `${issuerServer.url}/jwks.json` })
    const refused = await get(service, bearer(good))
    expect(refused).toMatchObject({ status: 503, retryAfter: '30', challenge: null, text: '' })
    expect(errors).toEqual([expect.objectContaining({ code: 'ERR_SERVER' })])
    expect((await get(service, {})).status).toBe(401)
    clock.advance(30_000)
    expect((await get(service, bearer(good))).status).toBe(200)
    issuerServer.fault(route, { kind: 'reset' }, { times: Infinity })
    clock.advance(700_000)
    expect((await get(service, bearer(good))).status).toBe(200)
    expect(service.passed).toBe(2)
  })

  test('a replay guard that fails refuses the request too', async () => {
    const replayGuard = { seen: () => Promise.reject(new Error('no database')) }
    const { service, errors } = await guarded(framework, { replayGuard })
    const token = signToken(key, { ...goodClaims, jti: 'a' })
    expect((await get(service, bearer(token))).status).toBe(503)
    expect(errors).toEqual([new Error('no database')])
    expect(service.passed).toBe(0)
  })
})

describe('a guard that cannot work', () => {
  const world = { clock: fakeClock(), fetch: () => Promise.reject(new Error('no network here')) }
  test.each<[string, Partial<VerifyBearerOptions>, string]>([
    ['no audience', { audience: '' }, 'ERR_USAGE'],
    ['an insecure address', { jwks: 'http://id.example.com/jwks' }, 'ERR_INSECURE_URL'],
    ['a broken key', { jwks: undefined as never, publicKey: 'key' }, 'ERR_USAGE'],
    ['a realm with quotes', { realm: 'a"b' }, 'ERR_USAGE'],
    ['an empty scope', { scope: '' }, 'ERR_USAGE'],
    ['a scope with quotes', { scope: ['a"'] }, 'ERR_USAGE'],
  ])('is an error at once: %s', (_what, options, code) => {
    expect(() => createBearerGuard({ issuer, audience, jwks: jwkSet(key), ...options }, world)).toThrow(
      expect.objectContaining({ code }),
    )
  })
})
