import { describe, expect, test } from 'vitest'
import { type Fault, faults, unavailable } from '../../../mocks/index.ts'
import { refreshIdToken } from '../../../src/identity/index.ts'
import { systemClock } from '../../../src/kit/clock.ts'
import { type IdaasWorld, openIdaas, refreshTokenOf, refusalOf, retrieve } from './support/world.ts'

const requestId = { 'x-request-id': 'REQUEST-OF-THE-ANSWER' }
const always = { times: Number.POSITIVE_INFINITY }
const json = (body: unknown, status = 200): Fault => ({ kind: 'json', body, status, headers: requestId })

const styles = (['http-400', 'http-200'] as const).flatMap((failureStyle) =>
  (['string', 'number'] as const).map((codeStyle) => ({ failureStyle, codeStyle })),
)

const refresh = async (world: IdaasWorld) =>
  refreshIdToken(world.idaas.application, await refreshTokenOf(world), world.context)

describe.each(styles)('refusals with $failureStyle and code as $codeStyle', (style) => {
  test.each<[string, (world: IdaasWorld) => void, RegExp]>([
    [
      'a wrong secret',
      ({ idaas }) => Object.assign(idaas.settings, { appSecret: 'x'.repeat(42) }),
      /appSecret/,
    ],
    ['another key', ({ idaas }) => Object.assign(idaas.settings, { appKey: 'x' }), /appKey/],
    ['another uuid', ({ idaas }) => Object.assign(idaas.application, { applicationUuid: 'x' }), /no such/],
    ['a disabled application', ({ idaas }) => Object.assign(idaas.settings, { enabled: false }), /disabled/],
  ])('%s: ERR_REFUSED with the server’s words, asked once', async (_, spoil, words) => {
    const world = await openIdaas(style)
    const secret = world.appSecret()
    spoil(world)
    const error = await refusalOf(retrieve({ ...world, appSecret: () => secret }))
    expect(error.code).toBe('ERR_REFUSED')
    expect(error.message).toMatch(words)
    expect(error.message).toMatch(/^IDaaS refused the application: .*\(code 40[04].*\)\.$/)
    expect(error.serverCode).toMatch(/^40[04]$/)
    expect(error.hint).toMatch(/enabled/)
    expect(world.idaas.calls()).toHaveLength(1)
    expect(world.idaas.violations).toEqual([])
  })

  test.each<[string, (world: IdaasWorld) => void]>([
    ['switched off', ({ idaas }) => Object.assign(idaas.settings, { refresh: 'off' })],
    ['expired or revoked', ({ idaas }) => idaas.revokeRefreshTokens()],
    ['of a disabled application', ({ idaas }) => Object.assign(idaas.settings, { enabled: false })],
  ])('a refresh token %s: ERR_UNAUTHORIZED, and the secret is not sent along', async (_, spoil) => {
    const world = await openIdaas(style)
    const refreshToken = await refreshTokenOf(world)
    spoil(world)
    const { idaas, context } = world
    const error = await refusalOf(refreshIdToken(idaas.application, refreshToken, context))
    expect(error.code).toBe('ERR_UNAUTHORIZED')
    expect(error.message).toMatch(/^IDaaS refused the refresh token: \w+/)
    expect(idaas.calls()).toEqual(['retrieve', 'refresh'])
    expect(idaas.violations).toEqual([])
  })
})

describe('other ways to say no', () => {
  test.each<[string, Fault, string]>([
    [
      'a message without a code',
      json({ success: false, message: 'invalid_captcha' }, 400),
      'invalid_captcha (status 400)',
    ],
    [
      'a message in Chinese',
      json({ success: false, code: '400', message: '应用未启用。' }),
      '应用未启用 (code 400)',
    ],
    ['neither', json({ success: false }), 'status 200'],
    ['401', json({ success: false, code: '401', message: 'no' }, 401), 'no (code 401, status 401)'],
    ['403', json({ success: false, code: 403, message: 'no' }, 403), 'no (code 403, status 403)'],
    ['success with another code', json({ success: true, code: 'Denied', message: 'no' }), 'no (code Denied)'],
    ['a gateway’s', json({ status: 404, error: 'Not Found', path: '/' }, 404), 'Not Found (status 404)'],
    [
      'OAuth’s',
      json({ error: 'invalid_client', error_description: 'no' }, 400),
      'no (code invalid_client, status 400)',
    ],
  ])('%s', async (_, fault, words) => {
    const world = await openIdaas()
    world.idaas.fault('retrieve', fault)
    expect(await refusalOf(retrieve(world))).toMatchObject({
      code: 'ERR_REFUSED',
      message: `IDaaS refused the application: ${words}.`,
      requestId: 'REQUEST-OF-THE-ANSWER',
    })
    world.idaas.fault('refresh', fault)
    expect((await refusalOf(refresh(world))).code).toBe('ERR_UNAUTHORIZED')
  })

  test('[case 12] a message is one printable line of bounded length', async () => {
    const world = await openIdaas()
    const message = `\u001b[2J\u0007a\r\nb\u202e${'x'.repeat(10_000)}`
    world.idaas.fault('retrieve', json({ success: false, code: '\u001b]0;x\u0007', message }))
    const error = await refusalOf(retrieve(world))
    expect(error.message).not.toMatch(/[\u0000-\u001f\u202e]/)
    expect(error.serverCode).not.toMatch(/[\u0000-\u001f]/)
    expect(error.message.length).toBeLessThan(600)
  })
})

describe('[case 27] faults of the server are retried, then reported with status and RequestId', () => {
  test.each<[string, Fault]>([
    ['500 with HTML', { ...faults.internalErrorHtml, headers: requestId }],
    ['502 without a body', { ...faults.badGatewayEmpty, headers: requestId }],
    ['503', { ...unavailable(1), headers: requestId } as Fault],
    ['500 as JSON', json({ success: false, code: '500', message: 'internal' }, 500)],
    ['200 with code 500', json({ success: false, code: '500', message: 'internal' })],
    ['200 with code 503 as a number', json({ success: false, code: 503, message: 'busy' })],
    ['400 with code 500', json({ success: false, code: '500', message: 'internal' }, 400)],
    ['429', json({ success: false, code: '429', message: 'slow down' }, 429)],
  ])('%s', async (_, fault) => {
    const world = await openIdaas()
    world.idaas.fault('retrieve', fault, { times: 2 })
    await retrieve(world)
    expect(world.idaas.calls()).toHaveLength(3)
    expect(world.context.clock.sleeps).toHaveLength(2)

    world.idaas.fault('retrieve', fault, always)
    const error = await refusalOf(retrieve(world))
    expect(error).toMatchObject({ code: 'ERR_SERVER', requestId: 'REQUEST-OF-THE-ANSWER' })
    expect(error.message).toMatch(/code 5|status 5|429/)
    expect(error.message).not.toMatch(/undefined|\[object|NaN|<html/)
    expect(world.idaas.calls().length).toBeLessThanOrEqual(7)
  })

  test.each<[string, Fault]>([
    ['an empty object', json({})],
    ['null', json(null)],
    ['a list', json([1])],
    ['a text', json('ok')],
    ['success as text', json({ success: 'true', code: '200', data: {} })],
    ['HTML', { kind: 'status', status: 200, body: '<html>log in</html>', headers: requestId }],
    ['nothing', { kind: 'status', status: 200, body: '', headers: requestId }],
    ['HTML with 404', { kind: 'status', status: 404, body: '<html/>', headers: requestId }],
    ['HTML with 403', { kind: 'status', status: 403, body: '<html/>', headers: requestId }],
    ['success without data', json({ success: true, code: '200', message: null })],
    ['success with data null', json({ success: true, code: '200', data: null })],
    ['success without an id_token', json({ success: true, code: '200', data: { refresh_token: 'x' } })],
  ])('%s is no answer of this interface', async (_, fault) => {
    const world = await openIdaas()
    world.idaas.fault('retrieve', fault, always)
    const error = await refusalOf(retrieve(world))
    expect(error).toMatchObject({ code: 'ERR_RESPONSE_INVALID', requestId: 'REQUEST-OF-THE-ANSWER' })
    expect(error.message).toMatch(/200|40[34]/)
    expect(error.message).not.toMatch(/undefined|\[object|NaN|<html/)
    expect(world.idaas.calls()).toHaveLength(1)
  })
})

describe('the network', () => {
  test.each<Fault['kind']>(['reset', 'truncate', 'lost-answer'])('%s is tried again', async (kind) => {
    const world = await openIdaas()
    world.idaas.fault('retrieve', { kind } as Fault)
    await retrieve(world)
    expect(world.idaas.calls()).toEqual(['retrieve', 'retrieve'])
  })

  test.each<Fault>([{ kind: 'hang' }, { kind: 'slow-body', everyMs: 50 }])(
    '$kind ends within the time limit',
    async (fault) => {
      const world = await openIdaas()
      world.idaas.fault('retrieve', fault, always)
      const context = { ...world.context, clock: systemClock, totalMs: 400 }
      const started = performance.now()
      const failure = await refusalOf(retrieve({ ...world, context } as unknown as IdaasWorld))
      expect(failure.code).toBe('ERR_TIMEOUT')
      expect(performance.now() - started).toBeLessThan(30_000)
    },
  )

  test('no server listens', async () => {
    const world = await openIdaas()
    await world.idaas.close()
    expect((await refusalOf(retrieve(world))).code).toBe('ERR_NETWORK')
  })

  test('[case 23] no fault of server or network looks like a refused refresh token', async () => {
    const world = await openIdaas()
    const refreshToken = await refreshTokenOf(world)
    const { idaas, context } = world
    const all: Fault[] = [
      faults.internalErrorHtml,
      faults.badGatewayEmpty,
      { kind: 'reset' },
      { kind: 'truncate' },
      { kind: 'status', status: 401, body: '<html>proxy</html>' },
      json({ success: false, code: '500', message: 'internal' }),
    ]
    for (const fault of all) {
      idaas.fault('refresh', fault, always)
      const { code } = await refusalOf(refreshIdToken(idaas.application, refreshToken, context))
      expect(['ERR_SERVER', 'ERR_NETWORK', 'ERR_RESPONSE_INVALID']).toContain(code)
      idaas.clearFaults()
    }
    expect((await refreshIdToken(idaas.application, refreshToken, context)).idToken.userName).not.toBe('')
  })

  test('[case 24] [case 85] a redirect takes neither secret nor token to another server', async () => {
    const [world, other] = [await openIdaas(), await openIdaas()]
    const refreshToken = await refreshTokenOf(world)
    const { idaas, context } = world
    for (const status of [301, 302, 307, 308]) {
      const fault: Fault = { kind: 'redirect', status, to: `${other.idaas.url}${other.idaas.paths.retrieve}` }
      idaas.fault('retrieve', fault)
      idaas.fault('refresh', fault)
      expect((await refusalOf(retrieve(world))).code).toBe('ERR_RESPONSE_INVALID')
      const refused = await refusalOf(refreshIdToken(idaas.application, refreshToken, context))
      expect(refused.code).toBe('ERR_RESPONSE_INVALID')
    }
    expect(other.idaas.requests).toEqual([])
  })
})
