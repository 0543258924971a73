import { describe, expect, test } from 'vitest'
import { type Fault, faults } from '../../mocks/index.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { countCalls, inWorld, type World } from '../support/world.ts'

runCommandsHere()

type Credential = Record<string, unknown>

/** Bends the credentials of every answer to come. */
function bend({ portal }: World, change: (credential: Credential) => Credential): void {
  portal.transform(
    'POST /cloud-credentials',
    (body) => ({ ...body, CloudCredential: change(body.CloudCredential as Credential) }),
    { times: Number.POSITIVE_INFINITY },
  )
}

/** What the store keeps besides the sign-in. */
const kept = ({ home }: World) => home.items().filter(({ key }) => key.startsWith('credentials'))

/** An instant that many seconds from now, as the portal writes it. */
const inSeconds = (seconds: number) => `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`

describe.concurrent('[case 27] answers that are no credentials', () => {
  const requestId = { 'x-acs-request-id': 'REQUEST-OF-THE-ANSWER' }

  test.each<[string, Fault, RegExp]>([
    ['500 with HTML', { ...faults.internalErrorHtml, headers: requestId }, /status 500/],
    ['502 without a body', { ...faults.badGatewayEmpty, headers: requestId }, /status 502/],
    ['200 with an empty object', { kind: 'json', body: {}, headers: requestId }, /answered 200.*AccessKeyId/],
    ['200 with null', { kind: 'json', body: null, headers: requestId }, /answered 200/],
    ['200 with HTML', { kind: 'status', status: 200, body: '<html/>', headers: requestId }, /answered 200/],
    [
      '400 with a code',
      { kind: 'json', status: 400, body: { ErrorCode: 'Odd', RequestId: 'REQUEST-OF-THE-ANSWER' } },
      /Odd/,
    ],
  ])('%s', (_, fault, words) =>
    inWorld({}, async (world) => {
      world.portal.fault('POST /cloud-credentials', fault, { times: 10 })
      const { code, stdout, stderr } = await world.home.run(['login', '--profile', 'dev'])
      expect({ code, stdout }).toEqual({
        code: fault.kind === 'json' && fault.status === 400 ? 1 : 6,
        stdout: '',
      })
      expect(stderr).toMatch(words)
      expect(stderr).toContain('REQUEST-OF-THE-ANSWER')
      expect(stderr).not.toMatch(/undefined|\[object|NaN/)
      expect(kept(world)).toEqual([])
      expect(world.home.config().profiles).toEqual({})
      expect(countCalls(world, 'POST /cloud-credentials')).toBeLessThanOrEqual(4)
    })(),
  )

  test.each(
    ['AccessKeyId', 'AccessKeySecret', 'SecurityToken', 'Expiration'].flatMap((member) =>
      [undefined, 'a\u0000b\nc'].map((value) => [member, value] as const),
    ),
  )('%s %j', (member, value) =>
    inWorld({}, async (world) => {
      bend(world, (credential) => ({ ...credential, [member]: value }))
      const { code, stdout, stderr } = await world.home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
      expect(stderr).toMatch(/RequestId [0-9a-f-]{36}/)
      expect(stderr).toContain(member === 'Expiration' ? 'expiration' : member)
      expect(stderr).not.toMatch(/undefined|NaN/)
      expect(kept(world)).toEqual([])
    })(),
  )

  test(
    'throttling is waited out',
    inWorld({}, async (world) => {
      world.portal.fault('POST /cloud-credentials', faults.throttled, { times: 2 })
      expect(await world.home.run(['login'])).toMatchObject({ code: 0 })
      const [first, second, third] = world.portal.requests.filter(({ path }) => path === '/cloud-credentials')
      expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(150)
      expect((third?.atMs ?? 0) - (second?.atMs ?? 0)).toBeGreaterThan(300)
    }),
  )

  test(
    'throttling without end is an error of the network kind, soon',
    inWorld({}, async (world) => {
      world.portal.fault('POST /cloud-credentials', faults.throttled, { times: Number.POSITIVE_INFINITY })
      const started = performance.now()
      const { code, stdout, stderr } = await world.home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
      expect(stderr).toContain('Throttling.User')
      expect(stderr).toContain('7f6d0c1e-0000-4000-8000-000000000429')
      expect(performance.now() - started).toBeLessThan(60_000)
    }),
  )
})

describe.concurrent('[case 28] Expiration', () => {
  test.each([
    ['in the past', inSeconds(-60)],
    ['without a zone', inSeconds(3600).slice(0, -1)],
    ['garbage', 'tomorrow'],
    ['in the year 9999', '9999-12-31T23:59:59Z'],
    ['as a number', 1_900_000_000],
  ])('%s is refused', (_, Expiration) =>
    inWorld({}, async (world) => {
      bend(world, (credential) => ({ ...credential, Expiration }))
      const { code, stdout } = await world.home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
      expect(kept(world)).toEqual([])
    })(),
  )

  test(
    'with an offset and milliseconds comes out as UTC with Z',
    inWorld({}, async (world) => {
      const expiration = inSeconds(3600)
      const local = new Date(Date.parse(expiration) + 8 * 3600_000)
        .toISOString()
        .replace('.000Z', '.250+08:00')
      bend(world, (credential) => ({ ...credential, Expiration: local }))
      expect(JSON.parse((await world.home.run(['login'])).stdout)).toMatchObject({ expiration })
    }),
  )
})

describe.concurrent('[case 29] [case 20] a clock that is wrong', () => {
  test.each([600, -600, 86_400, -86_400])('by %i s against the server’s', (offset) =>
    inWorld({ dateOffsetSeconds: offset, sessionSeconds: 3600 }, async (world) => {
      const { portal, home } = world
      const first = await home.run(['login'])
      expect(first.code).toBe(0)
      const serverNow = Date.now() + offset * 1000
      const expiration = Date.parse(JSON.parse(first.stdout).expiration)
      expect(Math.abs(expiration - serverNow - 3600_000)).toBeLessThan(30_000)
      const before = portal.requests.length
      expect(await home.run(['login'])).toMatchObject({ code: 0, stdout: first.stdout, stderr: '' })
      expect(portal.requests).toHaveLength(before)
      // Eight minutes left by the server's clock is more than the margin, four are not.
      const left = (seconds: number) =>
        home.change(({ key, value }) => {
          const obtainedAt = new Date(serverNow + (seconds - 3600) * 1000).toISOString()
          const expiresAt = new Date(serverNow + seconds * 1000).toISOString()
          return key.startsWith('credentials') ? { ...value, obtainedAt, expiresAt } : value
        })
      left(480)
      expect((await home.run(['login'])).stdout).not.toBe('')
      expect(portal.requests).toHaveLength(before)
      left(240)
      expect((await home.run(['login'])).code).toBe(0)
      expect(portal.calls().slice(before)).toEqual(['POST /cloud-credentials'])
    })(),
  )
})

describe.concurrent('[case 20] the life of a sign-in', () => {
  test.each([
    ['19 s', 19, true],
    ['7 h 50 min', 28_200, true],
    ['7 h 56 min', 28_560, false],
  ])('%s after it, a sign-in of eight hours is used: %#', (_, ageSeconds, used) =>
    inWorld({}, async (world) => {
      const { portal, home } = world
      await home.run(['login'])
      const earlier = (value: unknown) =>
        new Date(Date.parse(String(value)) - ageSeconds * 1000).toISOString()
      home.change(({ key, value }) => {
        const expiresAt = key.startsWith('token') ? earlier(value.expiresAt) : value.obtainedAt
        return { ...value, obtainedAt: earlier(value.obtainedAt), expiresAt }
      })
      const before = portal.requests.length
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
      expect(portal.calls().slice(before).includes('POST /device-authorization')).toBe(!used)
    })(),
  )
})

describe.concurrent('[case 30] a sign-in that the portal no longer takes', () => {
  test(
    'leads to one new sign-in and no more, even if that is refused too',
    inWorld({}, async (world) => {
      const { portal, home } = world
      await home.run(['login'])
      home.change(({ key, value }) =>
        key.startsWith('credentials') ? { ...value, expiresAt: value.obtainedAt } : value,
      )
      portal.fault(
        'POST /cloud-credentials',
        {
          kind: 'json',
          status: 401,
          body: { ErrorCode: 'InvalidAccessToken', ErrorMessage: 'No.', RequestId: 'REQUEST-OF-401' },
        },
        { times: Number.POSITIVE_INFINITY },
      )
      const before = portal.requests.length
      const { code, stdout, stderr } = await home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/InvalidAccessToken.*REQUEST-OF-401/)
      expect(portal.calls().slice(before)).toEqual([
        'POST /cloud-credentials',
        'POST /device-authorization',
        'POST /token',
        'POST /cloud-credentials',
      ])
    }),
  )
})
