import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type HttpServer, startHttpServer } from '../../../mocks/index.ts'
import { refreshTokens, revokeTokens, runDeviceFlow } from '../../../src/identity/index.ts'
import { createOidcDialect } from '../../../src/identity/oidc/device-dialect.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { discover, makeContext, signInByDevice } from './at-provider.ts'
import { type ForgingProvider, startForgingProvider } from './forging-provider.ts'

type Route = 'GET /.well-known/openid-configuration' | 'GET /jwks' | 'GET /moved'

let op: ForgingProvider
/** A server at another address, which gets none of the requests. */
let other: HttpServer<Route>
beforeAll(async () => {
  op = await startForgingProvider()
  other = await startHttpServer<Route>({ routes: {} as never })
})
afterEach(() => {
  op.clear()
  op.requests.length = 0
})
afterAll(async () => {
  expect(other.requests).toEqual([])
  await op.close()
  await other.close()
})

const discovery = 'GET /.well-known/openid-configuration'
const jwks = 'GET /jwks'
const documents = [discovery, jwks] as const
const target = { [discovery]: '/.well-known/openid-configuration', [jwks]: '/jwks' }
const calls = (path: string) => op.requests.filter((request) => request.path === path).length

describe.each(documents)('[case 170] %s behind a redirect', (route) => {
  const path = target[route]

  test.each([301, 302, 303, 307, 308])('of status %i to the same origin is followed', async (status) => {
    op.answerWith({ id_token: await op.sign(op.claims()) })
    op.fault(route, { kind: 'redirect', to: `${path}?moved`, status })
    const { tokens } = await signInByDevice(op.issuer)
    expect(tokens.idToken?.userName).toBe('user-1')
    expect(calls(path)).toBe(2)
  })

  test('three are followed, with no header that the first request did not have', async () => {
    op.answerWith({ id_token: await op.sign(op.claims()) })
    for (const to of [`${op.url}${path}`, path, `${path}?moved`]) op.fault(route, { kind: 'redirect', to })
    await signInByDevice(op.issuer)
    const asked = op.requests.filter((request) => request.path === path)
    expect(asked).toHaveLength(4)
    expect(new Set(asked.map(({ headers }) => Object.keys(headers).sort().join())).size).toBe(1)
    expect(asked[0]?.headers).not.toHaveProperty('authorization')
  })

  test('a fourth is not', async () => {
    op.answerWith({ id_token: await op.sign(op.claims()) })
    for (let time = 0; time < 4; time++) op.fault(route, { kind: 'redirect', to: path })
    await expect(signInByDevice(op.issuer)).rejects.toThrow(/redirects \(HTTP 302\) to 127\.0\.0\.1:\d+/)
  })

  test.each([
    ['another port', () => `${other.url}${path}`],
    ['another scheme', () => `https://${new URL(op.url).host}${path}`],
    ['another name of the same host', () => `http://localhost:${op.port}${path}`],
    ['a user in the address', () => `http://user@${new URL(op.url).host}${path}`],
    ['no address', () => 'http://['],
    ['a file', () => 'file:///etc/passwd'],
  ])('to %s is not followed, nor from a place of the same origin', async (_what, to) => {
    op.answerWith({ id_token: await op.sign(op.claims()) })
    op.fault(route, { kind: 'redirect', to: path })
    op.fault(route, { kind: 'redirect', to: to() })
    await expect(signInByDevice(op.issuer)).rejects.toThrow(/which is not followed/)
  })
})

test('[case 170] nothing that carries a secret is redirected, within the origin neither', async () => {
  const provider = await discover(op.issuer, {}, makeContext(fakeClock()))
  const { log, signal, clock } = provider.context
  const redirect = { kind: 'redirect', to: '/moved', status: 307 } as const
  const token = new Secret('refresh-token-of-the-test')
  op.fault('POST /token', redirect)
  await expect(refreshTokens(provider, token)).rejects.toThrow(/not followed/)
  op.fault('POST /revoke', redirect)
  await expect(revokeTokens(provider, { refreshToken: token })).rejects.toThrow(/not followed/)
  op.fault('POST /device', redirect)
  const flow = runDeviceFlow(createOidcDialect(provider), { clock, log, signal, onVerification: () => {} })
  await expect(flow).rejects.toThrow(/not followed/)
  expect(calls('/moved')).toBe(0)
})
