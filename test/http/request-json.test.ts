import { describe, expect, test } from 'vitest'
import { requestJson } from '../../src/http/index.ts'
import type { Fetch } from '../../src/kit/index.ts'
import { Secret } from '../../src/kit/secret.ts'
import { failureOf, openFetch } from './support/open-fetch.ts'
import { startPlainPortal } from './support/portal.ts'
import { serveBytes } from './support/serve-bytes.ts'

const url = 'https://portal.test/token'

describe('a JSON request', () => {
  test('sends JSON with a bearer token', async () => {
    const server = await startPlainPortal()
    const bearer = new Secret('bearer-token-0123456789')
    await requestJson(openFetch(), { method: 'POST', url: `${server.url}/token`, json: { A: 1 }, bearer })
    expect(server.requests[0]).toMatchObject({
      text: '{"A":1}',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: 'Bearer bearer-token-0123456789',
      },
    })
  })

  test('sends a form', async () => {
    const server = await startPlainPortal()
    await requestJson(openFetch(), { method: 'POST', url: `${server.url}/token`, form: { a: 'x y', b: '&' } })
    expect(server.requests[0]?.body).toEqual({ a: 'x y', b: '&' })
    expect(server.requests[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
  })

  test('returns when the answer came, by both clocks', async () => {
    const server = await startPlainPortal()
    const { serverDate, receivedAt } = await requestJson(openFetch(), { method: 'GET', url: server.url })
    expect(Math.abs((serverDate?.getTime() ?? 0) - (receivedAt?.getTime() ?? Number.NaN))).toBeLessThan(2000)
  })

  test('keeps abort, time limit and network failure apart', async () => {
    const server = await startPlainPortal()
    server.fault('GET /', { kind: 'hang' }, { times: 2 })
    const reason = new Error('SIGINT')
    const stop = new AbortController()
    const aborted = failureOf(
      requestJson(openFetch(), { method: 'GET', url: server.url, signal: stop.signal, timeoutMs: 5000 }),
    )
    await expect.poll(() => server.requests.length).toBe(1)
    stop.abort(reason)
    expect(await aborted).toBe(reason)
    const late = failureOf(requestJson(openFetch(), { method: 'GET', url: server.url, timeoutMs: 100 }))
    expect(await late).toMatchObject({
      code: 'ERR_TIMEOUT',
      message: expect.stringContaining('within 0.1 s'),
    })
    const refused = failureOf(
      requestJson(openFetch(), { method: 'GET', url: 'http://127.0.0.1:9', timeoutMs: 5000 }),
    )
    expect(await refused).toMatchObject({ code: 'ERR_NETWORK' })
  })
})

describe('a JSON answer', () => {
  test.each([
    ['<html>', false, undefined],
    ['', false, undefined],
    ['{"a":', false, undefined],
    ['null', true, null],
    ['\ufeff{"a":1}', true, { a: 1 }],
    ['['.repeat(100_000), false, undefined],
  ])('of %.20j', async (text, isJson, body) => {
    expect(await ask(text)).toMatchObject({ isJson, body })
  })

  test.each([
    '{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1},"b":2}}',
    '{"\\u005f_proto__":{"polluted":1},"a":{"__pro\\u0074o__":{"polluted":1},"b":2}}',
  ])('drops __proto__ at every depth of %s', async (text) => {
    const { body } = await ask(text)
    expect(JSON.stringify(body)).toBe('{"a":{"b":2}}')
    expect(Object.assign({}, body)).not.toHaveProperty('polluted')
  })

  test.each([
    ['a header', { 'x-acs-request-id': 'ID-1' }, '{"RequestId":"ID-2"}', 'ID-1'],
    ['another header', { 'x-request-id': 'ID-1' }, '<html>', 'ID-1'],
    ['RequestId', {}, '{"RequestId":"ID-2"}', 'ID-2'],
    ['requestId', {}, '{"requestId":"ID-2"}', 'ID-2'],
    ['request_id', {}, '{"request_id":"ID-2"}', 'ID-2'],
    ['nothing', {}, '{"RequestId":5}', undefined],
    ['text with an escape', {}, '{"RequestId":"a\\u001b[2Jb"}', 'a\\u001b[2Jb'],
  ])('[case 81] takes the RequestId from %s, also of a 500', async (_, headers, text, requestId) => {
    expect(await ask(text, headers, 500)).toMatchObject({ requestId, status: 500 })
  })

  test.each([
    ['30', 30_000],
    ['0', 0],
    ['Sat, 21 Nov 2026 08:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 07:00:00 GMT', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['1e9', undefined],
    ['99999999999999', undefined],
  ])('reads Retry-After %s by the clock of the server', async (value, retryAfterMs) => {
    const headers = { 'retry-after': value, date: 'Sat, 21 Nov 2026 08:00:00 GMT' }
    expect((await ask('{}', headers, 503)).retryAfterMs).toBe(retryAfterMs)
  })

  test.each([
    ['3600', '2026-11-21T09:00:00Z'],
    ['0', '2026-11-21T08:00:00Z'],
    ['-5', '2026-11-21T08:00:00Z'],
    ['soon', '2026-11-21T08:00:00Z'],
    ['99999999999999', '2026-11-21T08:00:00Z'],
  ])('adds the Age %s of an answer from a cache to its Date', async (age, instant) => {
    const { serverDate } = await ask('{}', { date: 'Sat, 21 Nov 2026 08:00:00 GMT', age })
    expect(serverDate).toEqual(new Date(instant))
  })

  test('with an unreadable Date has no server date', async () => {
    expect((await ask('{}', { date: 'yesterday' })).serverDate).toBeUndefined()
  })
})

function ask(text: string, headers: Record<string, string> = {}, status = 200) {
  const fetch: Fetch = async () => new Response(text, { headers, status })
  return requestJson(fetch, { method: 'GET', url })
}

test.each(['utf16le', 'big-endian', 'utf8'] as const)(
  '[case 147] JSON in %s behind its byte order mark is read',
  async (encoding) => {
    const text = '\ufeff{"ErrorCode":"X.Y","ErrorMessage":"错误"}'
    const bytes = Buffer.from(text, encoding === 'utf8' ? 'utf8' : 'utf16le')
    const body = encoding === 'big-endian' ? bytes.swap16() : bytes
    const head = `HTTP/1.1 400 Bad Request\r\ncontent-type: text/html\r\ncontent-length: ${body.length}\r\n\r\n`
    const url = await serveBytes(Buffer.concat([Buffer.from(head), body]))
    const answer = await requestJson(openFetch(), { method: 'GET', url })
    expect(answer).toMatchObject({ isJson: true, body: { ErrorCode: 'X.Y', ErrorMessage: '错误' } })
  },
)
