import { connect, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bodyOf, requestText, sendRaw, statusOf } from './support/raw-request.ts'
import { servedSecrets, startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const ownHost = () => `Host: 127.0.0.1:${server.port}`

/** Nothing hostile may spoil it for the others. */
async function expectServed() {
  const answer = await sendRaw(server.port, requestText(server.path, [ownHost(), 'Connection: close']))
  expect(statusOf(answer)).toBe(200)
  expect(bodyOf(answer)).toMatch(servedSecrets)
}

/** Sends a request that knows the path and is refused all the same. */
async function expectRefused(bytes: string, ...statuses: (number | undefined)[]) {
  const answer = await sendRaw(server.port, bytes)
  expect(answer).not.toMatch(servedSecrets)
  expect(answer).not.toContain(server.path.slice(1))
  expect(answer).not.toMatch(/access-control-/i)
  expect(statuses).toContain(statusOf(answer))
}

describe('[case 57] who can connect', () => {
  const addresses = Object.values(networkInterfaces()).flatMap((each = []) =>
    each.filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address),
  )

  test.each([...addresses, '::1', '127.0.0.2'])('%s of this machine leads nowhere', async (host) => {
    await expect(sendRaw(server.port, 'x', { host })).rejects.toMatchObject({
      code: expect.stringMatching(/^(ECONNREFUSED|ENETUNREACH|EADDRNOTAVAIL)$/),
    })
    await expectServed()
  })
})

describe('[case 58] Host', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]', 'LocalHost'])(
    '%s is good, with or without the port',
    async (name) => {
      for (const host of [name, `${name}:${server.port}`]) {
        const answer = await sendRaw(server.port, requestText(server.path, [`Host: ${host}`]))
        expect(statusOf(answer)).toBe(200)
      }
    },
  )

  test.each([
    'evil.com',
    'evil.com:PORT',
    '127.0.0.1.evil.com:PORT',
    'localhost.:PORT',
    'localhost.evil.com',
    'evil-localhost:PORT',
    '127.0.0.1:1',
    '127.0.0.1:0PORT',
    '127.0.0.1:PORT0',
    '127.0.0.1:',
    '127.0.0.1:PORT:PORT',
    '127.1:PORT',
    '127.0.0.2:PORT',
    '2130706433:PORT',
    '0.0.0.0:PORT',
    '[::]:PORT',
    '[::ffff:127.0.0.1]:PORT',
    '::1',
    'user@127.0.0.1:PORT',
    '127.0.0.1:PORT@evil.com',
    '127.0.0.1:PORT, evil.com',
    '127.0.0.1:PORT/evil.com',
    '',
  ])('%j is refused', async (host) => {
    const sent = host.replaceAll('PORT', String(server.port))
    await expectRefused(requestText(server.path, [`Host: ${sent}`]), 400, 403)
  })

  test('missing, twice, or another in the target: refused', async () => {
    const { path, port } = server
    await expectRefused(requestText(path, []), 400)
    await expectRefused(requestText(path, [], { version: '1.0' }), 400)
    await expectRefused(requestText(path, [ownHost(), ownHost()]), 400)
    await expectRefused(requestText(path, [ownHost(), 'Host: evil.com']), 400)
    await expectRefused(requestText(path, ['hOST: evil.com', ownHost()]), 400)
    await expectRefused(requestText(path, [ownHost(), ' Host: evil.com']), 400, 403)
    await expectRefused(requestText(`http://evil.com${path}`, [ownHost()]), 400)
    await expectRefused(requestText(`http://evil.com${path}`, ['Host: evil.com']), 403)
    await expectRefused(requestText(`//127.0.0.1:${port}${path}`, [ownHost()]), 404)
    await expectRefused(requestText('*', [ownHost()], { method: 'OPTIONS' }), 405)
  })

  test('whatever it says, only our names are answered (property)', async () => {
    const label = fc.constantFrom(
      '127.0.0.1',
      'localhost',
      '[::1]',
      'evil.com',
      '0',
      '127',
      '.',
      ':',
      '@',
      '%',
    )
    const hosts = fc.oneof(
      fc.array(label, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
      fc.tuple(label, fc.nat(70_000)).map(([name, port]) => `${name}:${port}`),
      fc.stringMatching(/^[!-~]{1,30}$/),
    )
    const good = (host: string) =>
      ['127.0.0.1', 'localhost', '[::1]'].some((name) =>
        [name, `${name}:${server.port}`].includes(host.toLowerCase()),
      )
    await fc.assert(
      fc.asyncProperty(hosts, async (host) => {
        const status = statusOf(await sendRaw(server.port, requestText(server.path, [`Host: ${host}`])))
        expect(good(host) ? [200] : [400, 403]).toContain(status)
      }),
      { numRuns: 150 },
    )
  })
})

describe('[case 59] what only a page sends', () => {
  test.each([
    'Origin: http://evil.com',
    'Origin: null',
    'Origin: http://127.0.0.1:PORT',
    'Referer: http://127.0.0.1:PORT/',
    'Sec-Fetch-Site: cross-site',
    'Sec-Fetch-Site: same-site',
    'Sec-Fetch-Site: same-origin',
    'sec-fetch-site: None, cross-site',
    'Access-Control-Request-Method: GET',
    'Access-Control-Request-Private-Network: true',
    'ACCESS-CONTROL-REQUEST-LOCAL-NETWORK: true',
  ])('%s is refused, as GET and as preflight', async (header) => {
    const lines = [ownHost(), header.replace('PORT', String(server.port))]
    await expectRefused(requestText(server.path, lines), 403)
    await expectRefused(requestText(server.path, lines, { method: 'OPTIONS' }), 403)
  })

  test('a person who types the address is answered', async () => {
    const answer = await sendRaw(server.port, requestText(server.path, [ownHost(), 'Sec-Fetch-Site: none']))
    expect(statusOf(answer)).toBe(200)
  })

  test('an Origin behind thousands of other headers is seen', async () => {
    const many = Array.from({ length: 2500 }, () => 'a:')
    await expectRefused(requestText(server.path, [ownHost(), ...many, 'Origin: http://evil.com']), 403)
    const tooMany = Array.from({ length: 9000 }, () => 'a: ')
    await expectRefused(
      requestText(server.path, [ownHost(), ...tooMany, 'Origin: http://evil.com']),
      403,
      431,
      undefined,
    )
  })
})

describe('[case 60] the path', () => {
  test('all that is nearly right is answered like what is quite wrong (property)', async () => {
    const withoutDate = (answer: string) => answer.replace(/\r\nDate: [^\r]+/, '')
    const unknown = withoutDate(await sendRaw(server.port, requestText('/nothing/of/this', [ownHost()])))
    expect(statusOf(unknown)).toBe(404)
    const { path } = server
    const at = fc.integer({ min: 1, max: path.length - 1 })
    const nearly = fc.oneof(
      fc
        .tuple(at, fc.stringMatching(/^[A-Za-z0-9_-]$/))
        .map(([index, char]) => path.slice(0, index) + char + path.slice(index + 1)),
      at.map((index) => path.slice(0, index)),
      at.map((index) => `${path.slice(0, index)}%${hex(path.charCodeAt(index))}${path.slice(index + 1)}`),
      fc.stringMatching(/^[!-~]{1,5}$/).map((end) => path + end),
      fc.constantFrom(
        `/${path}`,
        `/.${path}`,
        `/x/..${path}`,
        `${path}/`,
        `${path}/.`,
        `${path}?`,
        `${path}?a=1`,
      ),
      fc.constantFrom(
        `${path}#`,
        `${path};`,
        `${path}%00`,
        `${path}%20`,
        path.toLowerCase(),
        path.toUpperCase(),
      ),
      fc
        .constantFrom(path.slice(1), '/', `/${path.slice(2)}`, `${path}${path}`)
        .filter((x) => x.startsWith('/')),
    )
    await fc.assert(
      fc.asyncProperty(
        nearly.filter((target) => target !== path),
        async (target) => {
          expect(withoutDate(await sendRaw(server.port, requestText(target, [ownHost()])))).toBe(unknown)
        },
      ),
      { numRuns: 200 },
    )
    await expectServed()
  })
})

describe('[case 61] what is no plain GET', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    '%s: 405',
    async (method) => {
      await expectRefused(requestText(server.path, [ownHost()], { method }), 405)
      await expectRefused(requestText('/unknown', [ownHost()], { method }), 405)
    },
  )

  test('POST with a form: 405; unknown methods, CONNECT, upgrades: refused or closed', async () => {
    const { path } = server
    const form = [ownHost(), 'Content-Type: text/plain', 'Content-Length: 3']
    await expectRefused(`${requestText(path, form, { method: 'POST' })}a=b`, 405)
    await expectRefused(requestText(path, [ownHost()], { method: 'STEAL' }), 400)
    await expectRefused(requestText(path, [ownHost()], { method: 'get' }), 400)
    await expectRefused(requestText('evil.com:443', ['Host: evil.com:443'], { method: 'CONNECT' }), undefined)
    const upgrade = [ownHost(), 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
    await expectRefused(requestText(path, upgrade), 400, undefined)
    await expectRefused(requestText(path, [ownHost(), 'Upgrade: h2c']), 400, undefined)
    await expectRefused('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400)
    await expectRefused(`GET ${path}\r\n\r\n`, 400)
    await expectRefused(`GET ${path} HTTP/9.9\r\n${ownHost()}\r\n\r\n`, 400)
    await expectServed()
  })

  test('smuggling: two lengths, length and chunks, spaces and bare line ends in the framing', async () => {
    const { path } = server
    const inner = requestText(path, [ownHost()])
    for (const framing of [
      ['Content-Length: 4', 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding: chunked', 'Content-Length: 0'],
      ['Transfer-Encoding: chunked'],
      ['Transfer-Encoding: identity, chunked'],
      ['Transfer-Encoding: xchunked'],
      ['Content-Length: 0', `Content-Length: ${inner.length}`],
      ['Content-Length: +0'],
      ['Content-Length : 0'],
      ['Content-Length: 5'],
      ['X: a\nContent-Length: 5'],
      ['X: a\rTransfer-Encoding: chunked'],
      ['X: a\0b'],
    ]) {
      // The refused request takes what follows it along: nothing behind it is answered.
      await expectRefused(`${requestText(path, [ownHost(), ...framing])}0\r\n\r\n${inner}`, 400, undefined)
    }
    await expectServed()
  })

  test('huge headers and targets: refused, whatever they promise', async () => {
    const big = 'x'.repeat(100_000)
    await expectRefused(requestText(server.path, [ownHost(), `X: ${big}`]), 431, undefined)
    await expectRefused(requestText(`/${big}`, [ownHost()]), 431, undefined)
    await expectRefused(requestText(server.path, [ownHost(), `${big}: x`]), 431, undefined)
    await expectServed()
  })

  test('noise of any kind gets nothing, and others are served (fuzz)', async () => {
    const line = fc.constantFrom(
      'GET ',
      server.path.slice(0, 20),
      ' HTTP/1.1',
      '\r\n',
      '\n',
      '\r',
      '\0',
      `${ownHost()}`,
      'Content-Length: 9',
      ': ',
      'Transfer-Encoding: chunked',
      '\u00ff',
    )
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.array(line, { maxLength: 20 }).map((parts) => parts.join('')),
    )
    await fc.assert(
      fc.asyncProperty(noise, async (text) => {
        // A client that says no more after this: the server need not wait for the rest.
        const answer = await sendRaw(server.port, Buffer.from(`${text}\r\n\r\n\0\r\n\r\n`, 'latin1'))
        expect(answer).not.toMatch(servedSecrets)
        expect([400, 403, 404, 405, undefined]).toContain(statusOf(answer))
      }),
      { numRuns: 150 },
    )
    await expectServed()
  })

  test('1000 idle connections and a slow one: GETs are served at once, and the slow are hung up on', async () => {
    const openedMs = performance.now()
    const sockets = await Promise.all(Array.from({ length: 1000 }, () => openSocket(server.port)))
    const slow = await openSocket(server.port)
    slow.socket.write(`GET ${server.path} HTTP/1.1\r\n`)
    const drip = setInterval(() => slow.socket.write('X-Slow: 1\r\n'), 500)
    try {
      for (let i = 0; i < 20; i++) {
        const startedMs = performance.now()
        await expectServed()
        expect(performance.now() - startedMs).toBeLessThan(30_000)
      }
      // The oldest was closed at once; the rest are closed when their time is up.
      const [oldest] = sockets
      await oldest?.closed
      expect(performance.now() - openedMs).toBeLessThan(30_000)
      await slow.closed
      await Promise.all(sockets.map(({ closed }) => closed))
      expect(slow.received()).not.toMatch(servedSecrets)
    } finally {
      clearInterval(drip)
      for (const { socket } of [...sockets, slow]) socket.destroy()
    }
    await expectServed()
  }, 20_000)
})

test('[case 67] nothing that was asked for was answered with a redirect', async () => {
  for (const target of ['//evil.com', '/\\evil.com', `${server.path}/..`, '/redirect?url=http://evil.com']) {
    const answer = await sendRaw(server.port, requestText(target, [ownHost()]))
    expect(statusOf(answer)).toBe(404)
    expect(answer).not.toMatch(/\r\nlocation:/i)
  }
})

function hex(code: number): string {
  return code.toString(16).padStart(2, '0')
}

function openSocket(port: number): Promise<{ socket: Socket; closed: Promise<unknown>; received(): string }> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1').setEncoding('latin1')
    const closed = new Promise((ended) => socket.once('close', ended))
    socket.on('data', (part: string) => {
      text += part
    })
    socket.once('error', reject)
    socket.on('error', () => socket.destroy())
    socket.once('connect', () => resolve({ socket, closed, received: () => text }))
  })
}
