import { describe, expect, test } from 'vitest'
import { type Fault, faults, unavailable } from '../../mocks/index.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { countCalls, inWorld } from '../support/world.ts'

runCommandsHere()

const refusal = (code: string): Fault => ({
  kind: 'json',
  status: 400,
  body: { ErrorCode: code, ErrorMessage: 'The portal says no.', RequestId: 'REQUEST-OF-THE-REFUSAL' },
})

describe.concurrent('polling, at the wire', () => {
  test(
    '[case 2] [case 15] a strict portal finds nothing wrong with a login of many polls',
    inWorld({ approve: { afterPolls: 4 } }, async ({ portal, home }) => {
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
      const polls = portal.requests.filter(({ path }) => path === '/token')
      expect(polls).toHaveLength(5)
      expect(new Set(portal.receivedVerifiers).size).toBe(1)
      expect(portal.violations).toEqual([])
    }),
  )

  test(
    '[case 3] SlowDown adds five seconds to the wait, and the portal is content',
    inWorld({}, async ({ portal, home }) => {
      portal.slowDown()
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
      const [first, second] = portal.requests.filter(({ path }) => path === '/token')
      expect((second?.atMs ?? 0) - (first?.answeredAtMs ?? 0)).toBeGreaterThanOrEqual(5_200)
      expect(portal.violations).toEqual([])
    }),
  )

  test.each<[string, Fault]>([
    ['a reset', { kind: 'reset' }],
    ['a truncated body', { kind: 'truncate' }],
    ['a wrong length', { kind: 'wrong-length' }],
    ['no answer at all', { kind: 'hang' }],
    ['500 with HTML', faults.internalErrorHtml],
    ['502 without a body', faults.badGatewayEmpty],
    ['503 with Retry-After', unavailable(1)],
    ['429', faults.throttled],
    ['the HTML of a captive portal', { kind: 'status', status: 200, body: '<html>Please pay</html>' }],
  ])('[case 4] [case 5] %s on a poll is survived', (_, fault) =>
    inWorld({}, async ({ portal, home }) => {
      portal.fault('POST /token', fault)
      const { code, stderr } = await home.run(['login'])
      expect(code, stderr).toBe(0)
      const polls = portal.requests.filter(({ path }) => path === '/token')
      expect(polls).toHaveLength(2)
      expect(portal.violations).toEqual([])
    })(),
  )

  test(
    '[case 4] a lost approval ends in a clear word, since the code cannot be redeemed twice',
    inWorld({}, async ({ portal, home }) => {
      portal.fault('POST /token', { kind: 'lost-answer' })
      const { code, stderr } = await home.run(['login'])
      expect(code).toBe(4)
      expect(stderr).toMatch(/expired.*RequestId/)
      expect(home.items()).toEqual([])
    }),
  )
})

describe.concurrent('[case 141] an interval that is longer than the code is valid', () => {
  test(
    'leaves one poll, and an approval is seen',
    inWorld({ deviceCodeSeconds: 3, wireIntervalSeconds: 600 }, async (world) => {
      expect(await world.home.run(['login'])).toMatchObject({ code: 0 })
      expect(countCalls(world, 'POST /token')).toBe(1)
      expect(world.portal.violations).toEqual([])
    }),
  )
})

describe.concurrent('the first request', () => {
  const html500: Fault = {
    kind: 'status',
    status: 500,
    headers: { 'content-type': 'text/html', 'x-acs-request-id': 'REQUEST-OF-500', 'retry-after': '0' },
    body: '<html>broken</html>',
  }

  test(
    '[case 5] [case 81] 5xx is tried three times, then reported with status and RequestId',
    inWorld({}, async ({ portal, home }) => {
      portal.fault('POST /device-authorization', html500, { times: 5 })
      const { code, stdout, stderr } = await home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
      expect(stderr).toMatch(/status 500.*RequestId REQUEST-OF-500/)
      expect(portal.calls()).toEqual(Array(3).fill('POST /device-authorization'))
    }),
  )

  test(
    '[case 5] two failures are no reason to give up',
    inWorld({}, async ({ portal, home }) => {
      portal.fault('POST /device-authorization', html500, { times: 2 })
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
    }),
  )

  test(
    '[case 15] a server that knows no PKCE is quoted',
    inWorld({}, async ({ portal, home }) => {
      const body = { error: 'invalid_request', error_description: 'unknown parameter CodeChallenge' }
      portal.fault('POST /device-authorization', { kind: 'json', status: 400, body })
      const { code, stdout, stderr } = await home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('invalid_request: unknown parameter CodeChallenge')
      expect(portal.calls()).toHaveLength(1)
    }),
  )
})

describe.concurrent('final answers', () => {
  test(
    '[case 6] denied: exit 4, one poll, no second try',
    inWorld({ approve: 'deny' }, async (world) => {
      const { code, stdout, stderr } = await world.home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
      expect(stderr).toContain('denied')
      expect(world.portal.calls()).toEqual(['POST /device-authorization', 'POST /token'])
      expect(world.portal.violations).toEqual([])
      expect(world.home.items()).toEqual([])
    }),
  )

  test.each([
    ['InvalidDeviceCodeError', 4, 'expired'],
    ['expired_token', 4, 'expired'],
    ['access_denied', 4, 'denied'],
    ['invalid_grant', 1, 'invalid_grant'],
    ['NeverHeardOf', 1, 'NeverHeardOf: The portal says no'],
  ])('[case 6] %s ends at once with exit %i', (serverCode, exitCode, words) =>
    inWorld({}, async (world) => {
      world.portal.fault('POST /token', refusal(serverCode))
      const { code, stdout, stderr } = await world.home.run(['login'])
      expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
      expect(stderr).toContain(words)
      expect(stderr).toContain('REQUEST-OF-THE-REFUSAL')
      expect(countCalls(world, 'POST /token')).toBe(1)
      expect(world.home.items()).toEqual([])
    })(),
  )

  test(
    '[case 7] a code that is valid for one second ends as expired, in about that time',
    inWorld({ approve: 'manual', deviceCodeSeconds: 1 }, async ({ portal, home }) => {
      const started = performance.now()
      const { code, stderr } = await home.run(['login'])
      expect(code).toBe(4)
      expect(stderr).toContain('The sign-in code expired before it was approved.')
      expect(performance.now() - started).toBeLessThan(30_000)
      expect(portal.violations).toEqual([])
    }),
  )

  test(
    '[case 9] 200 with authorization_pending is not yet a yes',
    inWorld({}, async ({ portal, home }) => {
      portal.fault('POST /token', { kind: 'json', body: { error: 'authorization_pending' } })
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
      expect(portal.violations).toEqual([])
    }),
  )

  test.each([
    ['an empty object', {}],
    ['a token of no type', { AccessToken: 'x'.repeat(40), ExpiresIn: 60 }],
    ['a token that is a number', { AccessToken: 12345678901, TokenType: 'Bearer' }],
    ['a token with a line feed', { AccessToken: 'abcdefgh\nX-Evil: 1', TokenType: 'Bearer' }],
    ['null', null],
  ])('[case 9] [case 19] 200 with %s is no sign-in', (_, body) =>
    inWorld({}, async ({ portal, home }) => {
      portal.fault('POST /token', { kind: 'json', body })
      const { code, stdout, stderr } = await home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
      expect(stderr).not.toMatch(/undefined|null|NaN|\[object/)
      expect(home.items()).toEqual([])
      expect(portal.calls()).not.toContain('POST /cloud-credentials')
    })(),
  )
})

describe.concurrent('polls that something else answers', () => {
  const html = (status: number): Fault => ({
    kind: 'status',
    status,
    headers: { 'content-type': 'text/html', 'eagleeye-traceid': 'TRACE-OF-THE-LAST' },
    body: '<html><body>Not what was asked for</body></html>',
  })
  const refused: Fault = {
    kind: 'json',
    status: 500,
    body: { ErrorCode: 'InternalError', RequestId: 'TRACE-OF-THE-LAST' },
  }

  test.each<[string, number, Fault]>([
    ['405 with HTML', 405, html(405)],
    ['504 with HTML', 504, html(504)],
    ['511 of a captive portal', 511, html(511)],
    ['200 with HTML', 200, html(200)],
    ['401 with HTML', 401, html(401)],
    ['403 of a firewall', 403, html(403)],
    ['404 with HTML', 404, html(404)],
    ['500 in the portal’s own words', 500, refused],
  ])(
    '[case 140] [case 209] %s: said once while waiting, exit 6 with status, host and RequestId',
    (_, status, fault) =>
      inWorld({ deviceCodeSeconds: 2 }, async ({ portal, home }) => {
        portal.fault('POST /token', fault, { times: Number.POSITIVE_INFINITY })
        const { code, stdout, stderr } = await home.run(['login'])
        expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
        const { host } = new URL(portal.url)
        const lines = stderr.trimEnd().split('\n')
        const said = lines.filter((line) => line.includes(`${host} answered with status ${status}`))
        expect(said).toHaveLength(2)
        expect(said[0]).toContain('asked for again')
        expect(said[1]).toContain('RequestId TRACE-OF-THE-LAST')
        expect(lines.slice(-2)[0]).toBe(said[1])
        expect(stderr).not.toContain('approve sooner')
        expect(home.items()).toEqual([])
      })(),
  )
})
