import { connect } from 'node:net'
import { type Dispatcher, fetch, ProxyAgent } from 'undici'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type HttpServer,
  type MockProxy,
  makeServerTls,
  type ProxyFault,
  startHttpProxy,
  startHttpServer,
  startSocksProxy,
} from '../../mocks/index.ts'

const ended: { close(): Promise<void> }[] = []
const ending = <T extends { close(): Promise<void> }>(one: T): T => {
  ended.push(one)
  return one
}

let target: HttpServer<'GET /'>
beforeEach(async () => {
  target = ending(
    await startHttpServer({ routes: { 'GET /': () => ({ status: 200, body: { reached: true } }) } }),
  )
})
afterEach(async () => {
  await Promise.all(ended.splice(0).map((one) => one.close()))
})

const auth = { user: 'ada', password: 'p@ss:word' }

/** What comes of a GET through the proxy: a status, or the codes of the failure. */
async function through(proxyUrl: string, url: string, proxyTunnel = true): Promise<string> {
  const dispatcher: Dispatcher = ending(new ProxyAgent({ uri: proxyUrl, proxyTunnel, headersTimeout: 300 }))
  const signal = AbortSignal.timeout(2000)
  const answer = await fetch(url, { dispatcher, signal }).catch((error: Error) => error)
  if (!(answer instanceof Error)) return String(answer.status)
  const chain: string[] = []
  for (let error: unknown = answer; error instanceof Error; error = error.cause) {
    chain.push(`${'code' in error ? error.code : ''} ${error.message}`)
  }
  return chain.join(' < ')
}

/** Sends bytes, and collects what comes back until the other side closes or `until` bytes are there. */
function exchange(proxy: MockProxy, parts: (string | number[])[], until: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const socket = connect(proxy.port, '127.0.0.1')
    for (const part of parts) socket.write(typeof part === 'string' ? part : Buffer.from(part))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (received.length >= until) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
  })
}

describe('HTTP proxy', () => {
  test('CONNECT, absolute-form and a name that is mapped', async () => {
    const hosts = { 'signin.example.test:80': `127.0.0.1:${target.port}` }
    const proxy = ending(await startHttpProxy({ hosts }))
    expect(await through(proxy.url, 'http://signin.example.test/')).toBe('200')
    expect(await through(proxy.url, `${target.url}/`, false)).toBe('200')
    expect(proxy.tunnels).toMatchObject([
      { kind: 'connect', target: 'signin.example.test:80', addressType: 'name', outcome: 'open' },
      { kind: 'absolute-form', target: `127.0.0.1:${target.port}`, addressType: 'ipv4', outcome: 'open' },
    ])
    expect(target.requests).toHaveLength(2)
  })

  test('opens nothing but loopback', async () => {
    const proxy = ending(await startHttpProxy())
    expect(await through(proxy.url, 'http://portal.example.test/')).toContain('502')
    expect(await through(proxy.url, 'http://192.0.2.1/', false)).toBe('502')
    expect(proxy.tunnels.map(({ outcome }) => outcome)).toEqual(['refused', 'refused'])
  })

  test('Basic authentication, with characters that need encoding', async () => {
    const proxy = ending(await startHttpProxy({ auth }))
    expect(await through(proxy.url, `${target.url}/`)).toContain('407')
    expect(await through(proxy.url, `${target.url}/`, false)).toContain('407')
    expect(await through(proxy.urlWithAuth, `${target.url}/`)).toBe('200')
    expect(proxy.tunnels.map(({ outcome, presented }) => [outcome, presented])).toEqual([
      ['auth-failed', undefined],
      ['auth-failed', undefined],
      ['open', 'ada:p@ss:word'],
    ])
    expect(target.requests[0]?.headers['proxy-authorization']).toBeUndefined()
  })

  test.each<[ProxyFault, RegExp]>([
    ['auth-required', /407/],
    ['dead', /timeout|TIMEOUT/i],
    ['close-mid-tunnel', /UND_ERR_SOCKET|other side|ECONNRESET/],
  ])('fault %s', async (fault, expected) => {
    const proxy = ending(await startHttpProxy({ fault }))
    expect(await through(proxy.url, `${target.url}/`)).toMatch(expected)
    proxy.fault = undefined
    expect(await through(proxy.url, `${target.url}/`)).toBe('200')
  })

  // By hand: undici's agent connects again without a pause for as long as such a proxy is there.
  test('html says 200 and tunnels nothing; refuse says nothing', async () => {
    const proxy = ending(await startHttpProxy({ fault: 'html' }))
    const request = `CONNECT 127.0.0.1:${target.port} HTTP/1.1\r\nhost: x\r\n\r\n`
    const answer = (await exchange(proxy, [request], 10_000)).toString()
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(answer).toContain('<h1>')
    proxy.fault = 'refuse'
    const silence = await exchange(proxy, [request], 1).catch((error: NodeJS.ErrnoException) => error.code)
    expect(['', 'ECONNRESET', 'EPIPE']).toContain(String(silence))
    expect(target.connections).toBe(0)
  })

  test('over TLS, to a TLS target', async () => {
    const tls = makeServerTls()
    const secret = ending(
      await startHttpServer({ routes: { 'GET /': () => ({ status: 204, body: '' }) }, tls }),
    )
    const proxy = ending(await startHttpProxy({ tls }))
    const trust = { ca: tls.ca }
    const dispatcher = ending(new ProxyAgent({ uri: proxy.url, requestTls: trust, proxyTls: trust }))
    expect((await fetch(secret.url, { dispatcher })).status).toBe(204)
    expect(proxy.tunnels).toMatchObject([{ kind: 'connect', outcome: 'open' }])
  })

  test('after close the address refuses connections', async () => {
    const proxy = await startHttpProxy()
    await proxy.close()
    expect(await through(proxy.url, `${target.url}/`)).toContain('ECONNREFUSED')
  })
})

describe('SOCKS5 proxy', () => {
  const portBytes = () => [target.port >> 8, target.port & 0xff]
  const name = [...Buffer.from('portal.example.test')]
  const byName = () => [5, 1, 0, 3, name.length, ...name, ...portBytes()]
  const http = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'

  test('a real client, by name, with authentication', async () => {
    const hosts = { 'portal.example.test:80': `127.0.0.1:${target.port}` }
    // undici sends the user part of a socks URL as it is written, so nothing here needs encoding.
    const plain = { user: 'ada', password: 'open-sesame' }
    const proxy = ending(await startSocksProxy({ auth: plain, hosts }))
    expect(await through(proxy.urlWithAuth, 'http://portal.example.test/')).toBe('200')
    expect(proxy.tunnels).toMatchObject([
      { kind: 'socks5', target: 'portal.example.test:80', addressType: 'name', presented: 'ada:open-sesame' },
    ])
  })

  test('by IPv4 address, bytes dribbling in', async () => {
    const proxy = ending(await startSocksProxy())
    const request = [5, 1, 0, 1, 127, 0, 0, 1, ...portBytes()]
    const bytes = [5, 1, 0, ...request].map((byte) => [byte])
    const answer = await exchange(proxy, [...bytes, http], 100_000)
    expect([...answer.subarray(0, 4)]).toEqual([5, 0, 5, 0])
    expect(answer.toString()).toContain('{"reached":true}')
  })

  test('refuses a name that leads nowhere, and other commands than CONNECT', async () => {
    const proxy = ending(await startSocksProxy())
    expect([...(await exchange(proxy, [[5, 1, 0], byName()], 12))].slice(2, 4)).toEqual([5, 2])
    const bind = [5, 2, 0, 1, 127, 0, 0, 1, ...portBytes()]
    expect([...(await exchange(proxy, [[5, 1, 0], bind], 12))].slice(2, 4)).toEqual([5, 7])
  })

  test('authentication: none offered, and wrong', async () => {
    const proxy = ending(await startSocksProxy({ auth }))
    expect([...(await exchange(proxy, [[5, 1, 0]], 10))]).toEqual([5, 0xff])
    const wrong = [1, 1, 0x61, 1, 0x62]
    expect([...(await exchange(proxy, [[5, 1, 2], wrong], 10))]).toEqual([5, 2, 1, 1])
    expect(proxy.tunnels).toMatchObject([{ outcome: 'auth-failed', presented: 'a:b' }])
  })

  test('faults: auth-required, html, close-mid-tunnel', async () => {
    const proxy = ending(await startSocksProxy({ fault: 'auth-required' }))
    expect([...(await exchange(proxy, [[5, 1, 0]], 10))]).toEqual([5, 0xff])
    proxy.fault = 'html'
    expect((await exchange(proxy, [[5, 1, 0]], 10_000)).toString()).toContain('<h1>')
    proxy.fault = 'close-mid-tunnel'
    const request = [5, 1, 0, 1, 127, 0, 0, 1, ...portBytes()]
    expect((await exchange(proxy, [[5, 1, 0], request, http], 10_000)).length).toBe(12)
  })
})
