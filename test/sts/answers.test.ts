import { describe, expect, test } from 'vitest'
import { type Fault, faults, unavailable } from '../../mocks/index.ts'
import { assumeRole } from '../../src/sts/index.ts'
import { failureOf } from '../http/support/open-fetch.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { arnOf, openSts, sessionOf, type World } from './support/alice.ts'

const assume = ({ sts, context }: World) =>
  assumeRole(
    { roleArn: arnOf('test'), roleSessionName: 'alice', credentials: sessionOf(sts, 'dev') },
    context,
  )

type Wire = Record<string, unknown>

/** Bends the credentials of the next answer. */
function bend({ sts }: World, change: Wire): void {
  sts.transform('POST /', (body) => ({ ...body, Credentials: { ...(body.Credentials as Wire), ...change } }))
}

describe('[case 27] answers of STS that are no credentials', () => {
  const requestId = { 'x-acs-request-id': 'REQUEST-OF-THE-ANSWER' }

  test.each<[string, Fault, string, RegExp]>([
    ['500 with HTML', { ...faults.internalErrorHtml, headers: requestId }, 'ERR_SERVER', /status 500/],
    ['502 without a body', { ...faults.badGatewayEmpty, headers: requestId }, 'ERR_SERVER', /status 502/],
    [
      '200 with an empty object',
      { kind: 'json', body: {}, headers: requestId },
      'ERR_RESPONSE_INVALID',
      /answered 200.*AccessKeyId/,
    ],
    [
      '200 with null',
      { kind: 'json', body: null, headers: requestId },
      'ERR_RESPONSE_INVALID',
      /answered 200/,
    ],
    [
      '200 with HTML',
      { kind: 'status', status: 200, body: '<html/>', headers: requestId },
      'ERR_RESPONSE_INVALID',
      /answered 200/,
    ],
    [
      '404 with HTML',
      { kind: 'status', status: 404, body: '<html/>', headers: requestId },
      'ERR_RESPONSE_INVALID',
      /status 404/,
    ],
    [
      '401 with an empty object',
      { kind: 'json', status: 401, body: {}, headers: requestId },
      'ERR_RESPONSE_INVALID',
      /status 401/,
    ],
  ])('%s', async (_, fault, code, words) => {
    const world = await openSts()
    world.sts.fault('POST /', fault, { times: 10 })
    const error = await failureOf(assume(world))
    expect(error).toMatchObject({ code, requestId: 'REQUEST-OF-THE-ANSWER', status: expect.any(Number) })
    expect(error.message).toMatch(words)
    expect(error.message).not.toMatch(/undefined|\[object|NaN/)
    expect(world.sts.requests.length).toBeLessThanOrEqual(4)
  })

  test.each(
    ['AccessKeyId', 'AccessKeySecret', 'SecurityToken'].flatMap((member) =>
      [undefined, '', null, 17, 'a\u0000b\nc'].map((value) => [member, value] as const),
    ),
  )('%s %j', async (member, value) => {
    const world = await openSts()
    bend(world, { [member]: value })
    const error = await failureOf(assume(world))
    expect(error).toMatchObject({ code: 'ERR_RESPONSE_INVALID', requestId: expect.any(String), status: 200 })
    expect(error.message).toBe(`STS answered 200, but without a usable ${member}.`)
    expect(error.hint).toContain('STS endpoint')
  })

  test.each(['Throttling.User', 'Throttling', 'ServiceUnavailable', 'SignatureNonceUsed'])(
    '%s is waited out, each time with a signature of its own',
    async (code) => {
      const clock = fakeClock(new Date())
      const world = await openSts({}, clock)
      world.sts.refuse('AssumeRole', code, { times: 2 })
      await assume(world)
      expect(world.sts.calls.map((call) => call.code)).toEqual([code, code, undefined])
      const nonces = world.sts.requests.map(({ headers }) => headers['x-acs-signature-nonce'])
      expect(new Set(nonces).size).toBe(3)
      expect(clock.sleeps).toHaveLength(2)
      expect(clock.sleeps[1]).toBeGreaterThan(clock.sleeps[0] ?? Number.NaN)
    },
  )

  test('throttling that does not end: 4 calls within 20 s, then a server error', async () => {
    const clock = fakeClock(new Date())
    const world = await openSts({}, clock)
    world.sts.refuse('AssumeRole', 'Throttling.User', { times: 99 })
    expect(await failureOf(assume(world))).toMatchObject({
      code: 'ERR_SERVER',
      serverCode: 'Throttling.User',
    })
    expect(world.sts.calls).toHaveLength(4)
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(20_000)
  })

  test('a connection that breaks is tried again; a refusal is not', async () => {
    const world = await openSts()
    world.sts.fault('POST /', { kind: 'reset' })
    world.sts.fault('POST /', unavailable(1))
    await assume(world)
    expect(world.sts.requests).toHaveLength(3)
    world.sts.refuse('AssumeRole', 'NoPermission', { times: 9 })
    await failureOf(assume(world))
    expect(world.sts.requests).toHaveLength(4)
  })
})

describe('[case 28] Expiration of STS', () => {
  const at = (offsetSeconds: number) => new Date(Math.floor(Date.now() / 1000 + offsetSeconds) * 1000)

  test('every spelling of an instant becomes the same instant', async () => {
    const instant = at(1800)
    const east = new Date(instant.getTime() + 8 * 3600_000).toISOString()
    for (const text of [instant.toISOString(), east.replace('Z', '+08:00'), east.replace('.000Z', '+0800')]) {
      const world = await openSts()
      bend(world, { Expiration: text })
      expect((await assume(world)).credentials.expiresAt).toEqual(instant)
    }
  })

  test.each([
    ['missing', undefined],
    ['in the past', at(-10).toISOString()],
    ['without a zone', at(1800).toISOString().slice(0, 19)],
    ['garbage', 'soon'],
    ['year 9999', '9999-12-31T23:59:59Z'],
  ])('%s is refused', async (_, value) => {
    const world = await openSts()
    bend(world, { Expiration: value })
    const error = await failureOf(assume(world))
    expect(error).toMatchObject({ code: 'ERR_RESPONSE_INVALID', requestId: expect.any(String) })
    expect(error.hint).toContain('STS endpoint')
  })
})
