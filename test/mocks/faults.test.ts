import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type CloudSso, type Fault, faults, makeDirectory, unavailable } from '../../mocks/index.ts'
import { beginLogin, get, post, signIn, startPortal } from './portal-client.ts'

let portal: CloudSso
beforeEach(async () => {
  portal = await startPortal({ approve: 'auto', directory: makeDirectory(3) })
})
afterEach(() => portal.close())

const route = 'GET /access-assignments/accounts'
const path = '/access-assignments/accounts'

/** `code` of the network error below a failed fetch. */
async function failureOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (reason: Error) => reason,
  )
  const cause = error.cause as { code?: string; message?: string } | undefined
  return cause?.code ?? cause?.message ?? error.message
}

describe('error answers', () => {
  test.each<[string, Fault, number, unknown]>([
    ['500 HTML', faults.internalErrorHtml, 500, expect.stringContaining('<h1>500')],
    ['502 empty', faults.badGatewayEmpty, 502, ''],
    ['503', unavailable(7), 503, 'busy'],
    ['429', faults.throttled, 429, expect.objectContaining({ ErrorCode: 'Throttling.User' })],
    ['200 {}', { kind: 'json', body: {} }, 200, {}],
    ['200 with an error', { kind: 'json', body: { error: 'authorization_pending' } }, 200, expect.anything()],
  ])('%s', async (_title, fault, status, body) => {
    portal.fault('POST /token', fault)
    const login = await beginLogin(portal)
    const answer = await login.poll()
    expect([answer.status, answer.body]).toEqual([status, body])
    if (fault.kind === 'status' && status === 503) expect(answer.headers.get('retry-after')).toBe('7')
    // The code has survived the fault.
    expect((await login.poll()).status).toBe(200)
  })
})

describe('broken connections', () => {
  test.each<[Fault['kind'], RegExp]>([
    ['reset', /ECONNRESET|UND_ERR_SOCKET/],
    ['truncate', /UND_ERR_SOCKET|other side closed|terminated/],
    ['wrong-length', /in JSON/],
    ['many-headers', /UND_ERR_HEADERS_OVERFLOW/],
  ])('%s', async (kind, expected) => {
    const token = await signIn(portal)
    portal.fault(route, { kind } as Fault)
    expect(await failureOf(get(portal, path, token))).toMatch(expected)
    expect((await get(portal, path, token)).status).toBe(200)
  })

  test('hang answers nothing, and the next request is served', async () => {
    portal.fault(route, { kind: 'hang' })
    const signal = AbortSignal.timeout(150)
    await expect(fetch(`${portal.url}${path}`, { signal })).rejects.toThrow('timeout')
    await vi.waitFor(() => expect(portal.requests[0]?.answeredAtMs).toBeGreaterThan(0))
    expect(portal.requests[0]?.status).toBeUndefined()
    expect((await get(portal, path)).status).toBe(401)
  })
})

describe('bodies that do not end', () => {
  test('slow-body sends byte by byte', async () => {
    portal.fault(route, { kind: 'slow-body', everyMs: 20 })
    const reader = (await fetch(`${portal.url}${path}`)).body?.getReader()
    const first = await reader?.read()
    const second = await reader?.read()
    expect([first?.value?.length, second?.value?.length]).toEqual([1, 1])
    await reader?.cancel()
  })

  test('endless-body goes on past any limit', async () => {
    portal.fault(route, { kind: 'endless-body' })
    const reader = (await fetch(`${portal.url}${path}`)).body?.getReader()
    let received = 0
    while (received < 4_000_000) received += (await reader?.read())?.value?.length ?? Number.NaN
    expect(received).toBeGreaterThanOrEqual(4_000_000)
    await reader?.cancel()
  })

  test('gzip-bomb is small on the wire and large unpacked', async () => {
    portal.fault(route, { kind: 'gzip-bomb', megabytes: 20 })
    const response = await fetch(`${portal.url}${path}`)
    expect(Number(response.headers.get('content-length') ?? 0)).toBeLessThan(100_000)
    expect((await response.arrayBuffer()).byteLength).toBe(20_000_000)
  })
})

test('redirect points to the given address', async () => {
  portal.fault(route, { kind: 'redirect', to: 'https://elsewhere.example.test/', status: 307 })
  const response = await fetch(`${portal.url}${path}`, { redirect: 'manual' })
  expect([response.status, response.headers.get('location')]).toEqual([
    307,
    'https://elsewhere.example.test/',
  ])
})

test('faults come in order, as often as asked, and can be cleared', async () => {
  portal.fault(route, faults.badGatewayEmpty, { times: 2 })
  portal.fault(route, faults.internalErrorHtml, { times: Infinity })
  const seen: number[] = []
  for (let i = 0; i < 5; i++) seen.push((await get(portal, path)).status)
  portal.clearFaults()
  seen.push((await get(portal, path)).status)
  expect(seen).toEqual([502, 502, 500, 500, 500, 401])
})

describe('transform', () => {
  test('bends one real credentials answer', async () => {
    const token = await signIn(portal)
    portal.transform('POST /cloud-credentials', (body) => {
      const { SecurityToken: _, ...rest } = body.CloudCredential as Record<string, string>
      return { ...body, CloudCredential: { ...rest, Expiration: '2026-11-21T16:00:00+08:00' } }
    })
    const account = portal.directory.accounts[0]
    const request = {
      AccountId: account?.AccountId,
      AccessConfigurationId: account?.configurations[0]?.AccessConfigurationId,
    }
    const headers = { authorization: `Bearer ${token}` }
    const bent = await post(portal, '/cloud-credentials', request, headers)
    expect(Object.keys(bent.body.CloudCredential)).toEqual(['AccessKeyId', 'AccessKeySecret', 'Expiration'])
    expect(bent.body.CloudCredential.Expiration).toBe('2026-11-21T16:00:00+08:00')
    const straight = await post(portal, '/cloud-credentials', request, headers)
    expect(straight.body.CloudCredential.SecurityToken).toHaveLength(800)
  })

  test('pages that never end', async () => {
    const token = await signIn(portal)
    portal.transform(route, (body) => ({ ...body, IsTruncated: true, NextToken: 'again' }), { times: 2 })
    expect((await get(portal, path, token)).body).toMatchObject({ IsTruncated: true, NextToken: 'again' })
  })

  test('waits for a success: pendings and refusals pass unbent', async () => {
    await portal.close()
    portal = await startPortal({ approve: { afterPolls: 1 } })
    portal.transform('POST /token', (body) => ({ ...body, TokenType: 'mac' }))
    const login = await beginLogin(portal)
    expect((await login.poll()).body.ErrorCode).toBe('AuthorizationPending')
    expect((await login.poll()).body.TokenType).toBe('mac')
  })
})

test('a directory with hostile names goes out byte for byte', async () => {
  const DisplayName = '\u001b[2J\u202e"; touch PWN\n__proto__'
  portal.directory.accounts.unshift({ AccountId: '__proto__', DisplayName, configurations: [] })
  const token = await signIn(portal)
  expect((await get(portal, path, token)).body.Accounts[0]).toEqual({ AccountId: '__proto__', DisplayName })
})

test('requests are recorded with their connection, and connections are counted', async () => {
  await signIn(portal)
  expect(portal.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['POST', '/device-authorization', 200],
    ['POST', '/token', 200],
  ])
  const [first, second] = portal.requests
  expect(first?.body).toMatchObject({ PortalUrl: portal.signInUrl })
  expect(first?.atMs).toBeLessThan(second?.atMs ?? 0)
  expect(portal.connections).toBe(new Set(portal.requests.map((request) => request.connectionId)).size)
})
