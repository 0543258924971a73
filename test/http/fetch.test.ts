import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isTransient } from '../../src/http/index.ts'
import { failureOf, openFetch } from './support/open-fetch.ts'
import { startPlainPortal, startPortal } from './support/portal.ts'
import { serveBytes } from './support/serve-bytes.ts'

describe('a request', () => {
  test('carries our User-Agent whatever the caller asks for', async () => {
    const server = await startPlainPortal()
    await openFetch()(server.url, { headers: { 'User-Agent': 'openid-client/v6', accept: 'text/plain' } })
    expect(server.requests[0]?.headers).toMatchObject({ 'user-agent': 'sesame/1.2.3', accept: 'text/plain' })
  })

  test("carries nothing that is ours or the proxy's to say", async () => {
    const server = await startPlainPortal()
    const theirs = {
      'proxy-authorization': 'Basic c2VjcmV0',
      'Proxy-Connection': 'close',
      host: 'evil.example',
      'accept-encoding': 'x-evil',
      'content-length': '7',
      connection: 'close',
      te: 'trailers',
      upgrade: 'h2c',
      'keep-alive': 'timeout=1',
      expect: '100-continue',
      trailer: 'x',
      'transfer-encoding': 'chunked',
      'x-mine': 'stays',
    }
    await openFetch()(server.url, { headers: theirs })
    expect(server.requests[0]?.headers).toEqual({
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br',
      connection: 'keep-alive',
      host: `127.0.0.1:${server.port}`,
      'user-agent': 'sesame/1.2.3',
      'x-mine': 'stays',
    })
  })

  test.each([
    ['text', 'grüße', 'text/plain;charset=UTF-8', 'grüße'],
    [
      'form',
      new URLSearchParams({ a: '1 2', b: 'ü' }),
      'application/x-www-form-urlencoded',
      'a=1+2&b=%C3%BC',
    ],
    ['bytes', new TextEncoder().encode('abc').subarray(1), undefined, 'bc'],
  ])('sends a body of %s', async (_, body, contentType, text) => {
    const server = await startPlainPortal()
    await openFetch()(`${server.url}/token`, { method: 'post', body })
    expect(server.requests[0]).toMatchObject({ method: 'POST', text })
    expect(server.requests[0]?.headers['content-type']).toBe(contentType)
  })

  test('does not let a header break out of its line, and does not quote it', async () => {
    const error = await failureOf(
      openFetch()('http://127.0.0.1:1/', { headers: { authorization: 'Bearer abc\r\nx: y' } }),
    )
    expect(error).toMatchObject({ code: 'ERR_USAGE' })
    expect(error.message).toContain('authorization')
    expect(error.message).not.toContain('abc')
  })

  test('gives a standard Response', async () => {
    const server = await startPlainPortal()
    const response = await openFetch()(server.url)
    expect(response).toBeInstanceOf(Response)
    expect(response.url).toBe(`${server.url}/`)
    expect(await response.json()).toEqual({ ok: true })
  })

  test('reuses one connection for requests that follow each other', async () => {
    const server = await startPortal()
    const fetch = openFetch({ caFile: server.caFile })
    for (let i = 0; i < 10; i++)
      await (await fetch(`${server.url}/token`, { method: 'POST', body: '{}' })).text()
    expect(server.requests).toHaveLength(10)
    expect(server.connections).toBe(1)
  })

  test('lets requests run side by side', async () => {
    const server = await startPlainPortal()
    server.fault('GET /', { kind: 'hang' })
    const fetch = openFetch({ requestTimeoutMs: 1000 })
    const hanging = failureOf(fetch(server.url))
    await expect.poll(() => server.requests.length).toBe(1)
    expect((await fetch(server.url)).status).toBe(200)
    await fetch.close()
    expect(await hanging).toMatchObject({ code: 'ERR_NETWORK' })
  })

  test('opens new connections after close', async () => {
    const server = await startPlainPortal()
    const fetch = openFetch()
    await fetch(server.url)
    await fetch.close()
    expect((await fetch(server.url)).status).toBe(200)
    expect(server.connections).toBe(2)
  })
})

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])(
    '[case 85] a %i is an error that names the other host only',
    async (status) => {
      const server = await startPlainPortal()
      const other = await startPlainPortal()
      server.fault('POST /token', { kind: 'redirect', status, to: `${other.url}/steal?token=abc` })
      const error = await failureOf(openFetch()(`${server.url}/token`, { method: 'POST', body: 'secret' }))
      expect(error).toMatchObject({ code: 'ERR_RESPONSE_INVALID', status })
      expect(error.message).toContain(`127.0.0.1:${other.port}`)
      expect(error.message).not.toContain('steal')
      expect(other.requests).toHaveLength(0)
      expect(isTransient(error)).toBe(false)
    },
  )
})

describe('[case 87] plain http', () => {
  test.each([
    'http://example.com/token',
    'http://localhost:8080/',
    'http://127.0.0.1.example.com/',
    'http://[::2]/',
    'http://10.0.0.1/',
    'ftp://127.0.0.1/',
    'javascript:alert(1)',
    'not a url',
    'https://user:pass@example.com/',
  ])('refuses %s before anything is sent', async (url) => {
    expect(await failureOf(openFetch()(url))).toMatchObject({ code: 'ERR_INSECURE_URL' })
  })

  test('says how to reach this machine', async () => {
    expect((await failureOf(openFetch()('http://localhost:8080/'))).hint).toContain('127.0.0.1')
  })
})

describe('an answer', () => {
  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
  ])('is unpacked from %s', async (coding, pack) => {
    const url = await serve((response) => response.setHeader('content-encoding', coding).end(pack('{"a":1}')))
    expect(await (await openFetch()(url)).json()).toEqual({ a: 1 })
  })

  test.each([
    ['a coding that was not requested', 'zstd', Buffer.from('x')],
    ['a lie about the coding', 'gzip', Buffer.from('{"a":1}')],
  ])('with %s is refused', async (_, coding, body) => {
    const url = await serve((response) => response.setHeader('content-encoding', coding).end(body))
    const error = await failureOf(openFetch()(url))
    expect(error).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    expect(isTransient(error)).toBe(false)
  })

  test('of 204 has no body', async () => {
    const url = await serve((response) => response.writeHead(204).end())
    expect(await (await openFetch()(url)).text()).toBe('')
  })

  test('that stops in the middle of gzip is worth another try', async () => {
    const packed = gzipSync('x'.repeat(1000))
    const url = await serve((response) =>
      response.setHeader('content-encoding', 'gzip').end(packed.subarray(0, 15)),
    )
    const error = await failureOf(openFetch()(url))
    expect(error).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    expect(isTransient(error)).toBe(true)
  })
})

describe('[case 86] hostile answers', () => {
  test.each([
    ['slow body', { kind: 'slow-body', everyMs: 50 }, 'ERR_TIMEOUT'],
    ['no answer', { kind: 'hang' }, 'ERR_TIMEOUT'],
    ['endless body', { kind: 'endless-body' }, 'ERR_RESPONSE_INVALID'],
    ['gzip bomb', { kind: 'gzip-bomb', megabytes: 200 }, 'ERR_RESPONSE_INVALID'],
    ['too many headers', { kind: 'many-headers' }, 'ERR_RESPONSE_INVALID'],
    ['body shorter than announced', { kind: 'truncate' }, 'ERR_RESPONSE_INVALID'],
    ['reset', { kind: 'reset' }, 'ERR_NETWORK'],
  ] as const)('%s ends with a clear error', async (_, fault, code) => {
    const server = await startPlainPortal()
    server.fault('GET /', fault)
    const before = process.memoryUsage().rss
    const startedMs = performance.now()
    const error = await failureOf(openFetch({ requestTimeoutMs: 400 })(server.url))
    expect(error).toMatchObject({ code })
    expect(error.message).not.toContain('\n')
    expect(error.message).toContain(`127.0.0.1`)
    expect(performance.now() - startedMs).toBeLessThan(30_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
  })

  test('a body of the wrong length does not spoil the next request', async () => {
    const server = await startPlainPortal()
    server.fault('GET /', { kind: 'wrong-length' })
    const fetch = openFetch()
    await fetch(server.url).catch((error: unknown) => error)
    expect((await fetch(server.url)).status).toBe(200)
  })

  test.each([
    ['a status that does not exist', 'HTTP/1.1 799 Odd\r\ncontent-length: 0\r\n\r\n'],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a chunk size that is none', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    ['a control character in a header', 'HTTP/1.1 200 OK\r\nx: \u0001\r\n\r\n'],
    ['an announced giant', 'HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n'],
  ])('%s is refused', async (_, bytes) => {
    const error = await failureOf(openFetch({ requestTimeoutMs: 1000 })(await serveBytes(bytes)))
    expect(error).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    expect(isTransient(error)).toBe(false)
  })

  test.each([
    ['both length and chunks', 'content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'content-length: 2\r\ncontent-length: 3\r\n\r\nabc'],
  ])('%s do not pass for an answer', async (_, rest) => {
    const url = await serveBytes(`HTTP/1.1 200 OK\r\n${rest}`)
    expect(await failureOf(openFetch()(url))).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
  })

  test('endless 1xx heads end with the deadline', async () => {
    const url = await serveBytes('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n', { everyMs: 20 })
    expect(await failureOf(openFetch({ requestTimeoutMs: 300 })(url))).toMatchObject({ code: 'ERR_TIMEOUT' })
  })

  test('exactly the limit is allowed, one byte more is not', async () => {
    let size = 1000
    const url = await serve((response) => response.end('x'.repeat(size)))
    const fetch = openFetch({ maxBodyBytes: 1000 })
    expect(await (await fetch(url)).text()).toHaveLength(1000)
    size = 1001
    expect(await failureOf(fetch(url))).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
  })

  test('the limit is 256 kB unless another is set', async () => {
    let size = 262_144
    const url = await serve((response) => response.end('x'.repeat(size)))
    const fetch = openFetch()
    expect(await (await fetch(url)).text()).toHaveLength(262_144)
    size = 262_145
    expect(await failureOf(fetch(url))).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
  })
})

describe('an abort', () => {
  test('is felt at once while the server hangs, and rejects with its own reason', async () => {
    const server = await startPlainPortal()
    server.fault('GET /', { kind: 'hang' })
    const stop = new AbortController()
    const reason = new Error('SIGINT')
    const pending = failureOf(openFetch()(server.url, { signal: stop.signal }))
    await expect.poll(() => server.requests.length).toBe(1)
    const abortedMs = performance.now()
    stop.abort(reason)
    expect(await pending).toBe(reason)
    expect(performance.now() - abortedMs).toBeLessThan(9_000)
  })

  test('before the call sends nothing', async () => {
    const server = await startPlainPortal()
    const reason = new Error('stopped')
    expect(await failureOf(openFetch()(server.url, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(server.requests).toHaveLength(0)
  })

  test('while the first request loads what it needs is an abort too', async () => {
    const server = await startPlainPortal()
    const stop = new AbortController()
    const reason = new Error('SIGINT')
    const pending = failureOf(openFetch()(server.url, { signal: stop.signal }))
    stop.abort(reason)
    expect(await pending).toBe(reason)
    expect(server.requests).toHaveLength(0)
  })
})

describe('the network', () => {
  test('a refused connection names host and cause, with a next step', async () => {
    const error = await failureOf(openFetch()('http://127.0.0.1:9/'))
    expect(error).toMatchObject({
      code: 'ERR_NETWORK',
      message: 'Cannot reach 127.0.0.1: the connection was refused (ECONNREFUSED).',
    })
    expect(error.hint).toMatch(/network/)
    expect(isTransient(error)).toBe(true)
  })

  test('a name that does not exist is a network failure', async () => {
    const error = await failureOf(openFetch({ requestTimeoutMs: 5000 })('https://nobody.invalid/'))
    expect(error).toMatchObject({ code: 'ERR_NETWORK' })
    expect(error.message).toMatch(/nobody\.invalid: .*name.* \((ENOTFOUND|EAI_AGAIN)\)/)
  })

  test('a connection that never comes to stand is a timeout', async () => {
    const url = (await serveBytes('')).replace('http:', 'https:')
    const error = await failureOf(openFetch({ connectTimeoutMs: 200 })(url))
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT', message: 'No connection to 127.0.0.1 within 0.2 s.' })
    expect(isTransient(error)).toBe(true)
  })
})

async function serve(handle: (response: import('node:http').ServerResponse) => unknown): Promise<string> {
  const server = createServer((_, response) => handle(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
