import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonAnswer } from '../../../src/http/index.ts'
import { readTokensAnswer } from '../../../src/identity/idaas/read-answer.ts'
import { readIdaasTokens } from '../../../src/identity/idaas/read-tokens.ts'
import { isSesameError } from '../../../src/kit/errors.ts'
import { isFresh, remainingMs } from '../../../src/kit/index.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { openIdaas, refusalOf, retrieve } from './support/world.ts'

const application = { applicationUuid: 'uuid-of-it' }
const serverNow = new Date('2026-11-21T08:00:00Z')
const nowSeconds = serverNow.getTime() / 1000

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwt = (claims: object, header: object = { alg: 'RS256' }, signature = 'c2ln') =>
  `${encode(header)}.${encode(claims)}.${signature}`

const answerWith = (changes: Partial<JsonAnswer> = {}): JsonAnswer => ({
  status: 200,
  body: undefined,
  isJson: true,
  requestId: 'REQUEST-OF-THE-ANSWER',
  serverDate: serverNow,
  receivedAt: undefined,
  retryAfterMs: undefined,
  ...changes,
})

const read = (idToken: unknown, { refreshToken, clock = fakeClock(serverNow) }: Given = {}) => {
  const logged: string[] = []
  const log = (_: string, line: string) => logged.push(line)
  return { ...readIdaasTokens({ idToken, refreshToken }, application, answerWith(), { clock, log }), logged }
}
interface Given {
  refreshToken?: unknown
  clock?: ReturnType<typeof fakeClock>
}

describe('[case 19] what is no token is refused', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 1],
    ['an object', {}],
    ['the empty text', ''],
    ['1 MB', `${jwt({ exp: nowSeconds + 60 })}${'A'.repeat(1_000_000)}`],
    ['with a line feed', `${jwt({ exp: nowSeconds + 60 })}\n`],
    ['with CR LF inside', jwt({ exp: nowSeconds + 60 }).replace('.', '.\r\n')],
    ['two parts', 'a.b'],
    ['five parts', 'a.b.c.d.e'],
    ['no base64url', '!.!.!'],
    ['claims that are a list', jwt([1])],
    ['no signature', jwt({ exp: nowSeconds + 60 }, { alg: 'none' }, '')],
    ['opaque text', 'd41d8cd98f00b204e9800998ecf8427e'],
  ])('%s', (_, value) => {
    expect(() => read(value)).toThrow(
      expect.objectContaining({
        code: 'ERR_RESPONSE_INVALID',
        requestId: 'REQUEST-OF-THE-ANSWER',
        message: expect.stringMatching(/^IDaaS answered 200 with (no usable|an) id_token/),
      }),
    )
  })

  test.each([1, {}, true, 'with space', 'with\nline', 'x'.repeat(70_000)])('refresh_token %j', (value) => {
    expect(() => read(jwt({ exp: nowSeconds + 60 }), { refreshToken: value })).toThrow(/refresh_token/)
  })
})

describe('[case 20] the life of an id_token', () => {
  test('is what its exp says, by the server’s clock', () => {
    const { lifetime } = read(jwt({ iat: nowSeconds, exp: nowSeconds + 28_800 })).idToken
    const { bootedAt } = lifetime.clock
    const at = (seconds: number) => new Date(serverNow.getTime() + seconds * 1000)
    for (const seconds of [19, 3600, 28_800 - 301])
      expect(isFresh(lifetime, at(seconds), bootedAt)).toBe(true)
    expect(isFresh(lifetime, at(28_800 - 299), bootedAt)).toBe(false)
    expect(remainingMs(lifetime, at(28_800), bootedAt)).toBe(0)
  })

  test('begins with its iat when the server hands out one that it had', () => {
    const { lifetime } = read(jwt({ iat: nowSeconds - 3600, exp: nowSeconds + 60 })).idToken
    expect(lifetime.obtainedAt).toEqual(new Date((nowSeconds - 3600) * 1000))
    const future = read(jwt({ iat: nowSeconds + 30, exp: nowSeconds + 60 })).idToken
    expect(future.lifetime.obtainedAt).toEqual(serverNow)
  })

  test('is two hours when there is no exp, and the log says so', () => {
    const { idToken, logged } = read(jwt({ iat: nowSeconds - 9_000 }))
    expect(idToken.lifetime.expiresAt).toEqual(new Date((nowSeconds + 7200) * 1000))
    expect(logged).toEqual([expect.stringContaining('7200 s')])
    expect(read(jwt({ exp: nowSeconds + 60 })).logged).toEqual([])
  })

  test('a refresh token is valid for thirty days', () => {
    const { refreshToken } = read(jwt({ exp: nowSeconds + 60 }), { refreshToken: 'r-1' })
    expect(refreshToken?.lifetime.expiresAt).toEqual(new Date((nowSeconds + 30 * 86_400) * 1000))
  })

  test.each([600, -600, 86_400, -86_400])('[case 29] with a local clock off by %i s', async (offset) => {
    const world = await openIdaas({ dateOffsetSeconds: offset, idTokenSeconds: 3600 })
    const { lifetime } = (await retrieve(world)).idToken
    const { clock } = world.context
    const leftMs = remainingMs(lifetime, clock.now(), clock.bootedAt())
    expect(Math.abs(leftMs - 3600_000)).toBeLessThan(5_000)
    expect(Math.abs(lifetime.expiresAt.getTime() - Date.now() - (offset + 3600) * 1000)).toBeLessThan(5_000)
  })
})

describe('[case 28] an invalid expiry', () => {
  test.each([
    ['past', nowSeconds - 1],
    ['now', nowSeconds],
    ['text', String(nowSeconds + 60)],
    ['null', null],
    ['milliseconds', serverNow.getTime() + 60_000],
    ['the year 9999', 253_402_300_799],
    ['1e20', 1e20],
    ['-1e20', -1e20],
    ['zero', 0],
  ])('%s', (_, exp) => {
    expect(() => read(jwt({ exp }))).toThrow(
      expect.objectContaining({ code: 'ERR_RESPONSE_INVALID', message: expect.stringMatching(/expir/) }),
    )
  })

  test('of a server whose tokens have expired on arrival is reported, not stored', async () => {
    const world = await openIdaas({ idTokenSeconds: -10 })
    expect(await refusalOf(retrieve(world))).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
  })
})

describe('whom an id_token names', () => {
  test.each([
    [{ sub: 'robot', username: 'other' }, 'robot'],
    [{ username: 'other' }, 'other'],
    [{ sub: '', username: 'other' }, 'other'],
    [{ sub: 7 }, 'uuid-of-it'],
    [{}, 'uuid-of-it'],
    [{ sub: 'a\u001b[2Jb' }, 'a\\u001b[2Jb'],
  ])('%j', (claims, userName) => {
    expect(read(jwt({ ...claims, exp: nowSeconds + 60 })).idToken.userName).toBe(userName)
  })
})

test('tokens beside the envelope are found, those in data go first', () => {
  const envelope = { success: true, code: 200 }
  const found = (body: object) => readTokensAnswer(answerWith({ body: { ...envelope, ...body } }), 'retrieve')
  expect(found({ id_token: 'a', refresh_token: 'b' })).toEqual({ idToken: 'a', refreshToken: 'b' })
  expect(found({ id_token: 'a', data: { id_token: 'c' } }).idToken).toBe('c')
  expect(found({ id_token: 'a', data: null }).idToken).toBe('a')
})

test('[case 27] whatever is answered, the outcome is a token or one of our errors', () => {
  const member = fc.oneof(fc.jsonValue(), fc.constantFrom(true, false, 200, '200', '500', null))
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record(
      { success: member, code: member, message: member, data: member, id_token: member },
      { requiredKeys: [] },
    ),
  )
  fc.assert(
    fc.property(body, fc.constantFrom(200, 201, 400, 401, 404, 500), (body, status) => {
      const answer = answerWith({ body, status })
      try {
        const wire = readTokensAnswer(answer, 'refresh')
        readIdaasTokens(wire, application, answer, { clock: fakeClock(serverNow), log: () => {} })
      } catch (error) {
        if (!isSesameError(error)) throw error
        expect(['ERR_SERVER', 'ERR_UNAUTHORIZED', 'ERR_RESPONSE_INVALID']).toContain(error.code)
        expect(error.message).toMatch(/^[^\u0000-\u001f]+\.$/)
        expect(error.message).not.toMatch(/undefined|NaN|\[object/)
      }
    }),
  )
})
