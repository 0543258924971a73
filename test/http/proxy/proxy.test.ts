import { describe, expect, onTestFinished, test } from 'vitest'
import {
  type HttpProxyOptions,
  type MockProxy,
  startHttpProxy,
  startSocksProxy,
} from '../../../mocks/index.ts'
import { isTransient, readProxyEnvironment } from '../../../src/http/index.ts'
import { failureOf, openFetch } from '../support/open-fetch.ts'
import { type Portal, startPortal } from '../support/portal.ts'
import { serveBytes } from '../support/serve-bytes.ts'

const auth = { user: 'joe', password: 'p@ss:w%rd/1 ü' }
const starters = { http: startHttpProxy, socks5: startSocksProxy }
type Kind = keyof typeof starters

describe.each(Object.keys(starters) as Kind[])('[case 82] a %s proxy', (kind) => {
  test('tunnels, with names resolved there, and one connection for all requests', async () => {
    const { portal, proxy } = await start(kind)
    const fetch = through(portal, { HTTPS_PROXY: proxy.url })
    for (let i = 0; i < 5; i++) expect((await fetch(portal.namedUrl)).status).toBe(200)
    expect(proxy.tunnels).toMatchObject([
      { target: portal.namedUrl.slice(8), addressType: 'name', outcome: 'open' },
    ])
    expect(proxy.connections).toBe(1)
    expect(portal.connections).toBe(1)
  })

  test('is given the decoded user name and password', async () => {
    const { portal, proxy } = await start(kind, { auth })
    expect((await through(portal, { https_proxy: proxy.urlWithAuth })(portal.namedUrl)).status).toBe(200)
    expect(proxy.tunnels[0]?.presented).toBe(`${auth.user}:${auth.password}`)
  })

  test('that wants credentials is named with its variable', async () => {
    const { portal, proxy } = await start(kind, { auth })
    const error = await failureOf(through(portal, { HTTPS_PROXY: proxy.url })(portal.namedUrl))
    expect(error).toMatchObject({ code: 'ERR_PROXY', status: 407 })
    expect(error.message).toContain(
      `proxy 127.0.0.1:${proxy.port} (HTTPS_PROXY) wants a user name and password`,
    )
    expect(error.hint).toContain('HTTPS_PROXY')
    expect(isTransient(error)).toBe(false)
  })

  test('that refuses the password does not get it printed', async () => {
    const { portal, proxy } = await start(kind, { auth })
    const url = proxy.url.replace('://', '://joe:wrong-secret@')
    const error = await failureOf(through(portal, { all_proxy: url })(portal.namedUrl))
    expect(error).toMatchObject({ code: 'ERR_PROXY', status: 407 })
    expect(`${error.stack} ${error.hint} ${JSON.stringify(error)}`).not.toContain('wrong-secret')
  })

  test('that is dead is named with host, port and variable', async () => {
    const { portal, proxy } = await start(kind)
    await proxy.close()
    const error = await failureOf(through(portal, { HTTPS_PROXY: proxy.url })(portal.namedUrl))
    expect(error).toMatchObject({ code: 'ERR_PROXY' })
    expect(error.message).toBe(
      `Cannot reach the proxy 127.0.0.1:${proxy.port} (HTTPS_PROXY): the connection was refused (ECONNREFUSED).`,
    )
    expect(isTransient(error)).toBe(true)
  })

  test('that says nothing ends with the time limit', async () => {
    const { portal, proxy } = await start(kind, { fault: 'dead' })
    const fetch = through(portal, { HTTPS_PROXY: proxy.url }, { connectTimeoutMs: 200 })
    const error = await failureOf(fetch(portal.namedUrl))
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT' })
    expect(error.message).toContain('HTTPS_PROXY')
  })

  test('that closes at once, or in the middle, is distinguished from the server', async () => {
    const { portal, proxy } = await start(kind, { fault: 'refuse' })
    const fetch = through(portal, { HTTPS_PROXY: proxy.url })
    expect(await failureOf(fetch(portal.namedUrl))).toMatchObject({ code: 'ERR_PROXY' })
    proxy.fault = 'close-mid-tunnel'
    const error = await failureOf(fetch(portal.namedUrl))
    expect(error).toMatchObject({ code: 'ERR_NETWORK' })
    expect(error.message).toContain('HTTPS_PROXY')
  })

  test('that answers with a page is not taken for the server', async () => {
    const { portal, proxy } = await start(kind, { fault: 'html' })
    const error = await failureOf(through(portal, { HTTPS_PROXY: proxy.url })(portal.namedUrl))
    expect(['ERR_PROXY', 'ERR_TLS']).toContain(error.code)
    expect(error.message).toContain('HTTPS_PROXY')
    expect(portal.requests).toHaveLength(0)
  })

  test('that does not reach the host says so', async () => {
    const { portal, proxy } = await start(kind)
    const error = await failureOf(through(portal, { HTTPS_PROXY: proxy.url })('https://elsewhere.test/'))
    expect(error).toMatchObject({ code: 'ERR_PROXY' })
    expect(error.message).toContain('elsewhere.test:443')
  })

  test('never sees a loopback target', async () => {
    const { portal, proxy } = await start(kind)
    const fetch = through(portal, { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, ALL_PROXY: proxy.url })
    await fetch(portal.url)
    await fetch(portal.url.replace('127.0.0.1', 'localhost'))
    expect(proxy.connections).toBe(0)
  })

  test('close ends a connection that is still being opened', async () => {
    const { portal, proxy } = await start(kind, { fault: 'dead' })
    const fetch = through(portal, { HTTPS_PROXY: proxy.url })
    const pending = failureOf(fetch(portal.namedUrl))
    await expect.poll(() => proxy.connections).toBe(1)
    const closedMs = performance.now()
    await fetch.close()
    expect(await pending).toMatchObject({ code: 'ERR_NETWORK' })
    expect(performance.now() - closedMs).toBeLessThan(9_000)
  })

  test('an abort while it hangs is felt at once', async () => {
    const { portal, proxy } = await start(kind, { fault: 'dead' })
    const stop = new AbortController()
    const pending = failureOf(
      through(portal, { HTTPS_PROXY: proxy.url })(portal.namedUrl, { signal: stop.signal }),
    )
    await expect.poll(() => proxy.connections).toBe(1)
    const reason = new Error('SIGINT')
    stop.abort(reason)
    expect(await pending).toBe(reason)
  })
})

test('[case 82] an https proxy tunnels too, and its certificate is checked', async () => {
  const portal = await startPortal()
  const proxy = await startHttpProxy({ hosts: portal.hosts, tls: portal.ca.issue() })
  onTestFinished(() => proxy.close())
  expect((await through(portal, { HTTPS_PROXY: proxy.url })(portal.namedUrl)).status).toBe(200)

  const distrustful = openFetch({ proxy: readProxyEnvironment({ HTTPS_PROXY: proxy.url }) })
  const error = await failureOf(distrustful(portal.namedUrl))
  expect(error).toMatchObject({ code: 'ERR_TLS' })
  expect(error.message).toContain(`proxy 127.0.0.1:${proxy.port} (HTTPS_PROXY)`)
})

test.each([
  ['host:port without a scheme', (url: string) => url.replace('http://', ''), startHttpProxy],
  ['socks5h', (url: string) => url.replace('socks5:', 'socks5h:'), startSocksProxy],
  ['socks', (url: string) => url.replace('socks5:', 'socks:'), startSocksProxy],
])('[case 82] a proxy address as %s works', async (_, spell, startProxy) => {
  const portal = await startPortal()
  const proxy = await startProxy({ hosts: portal.hosts })
  onTestFinished(() => proxy.close())
  expect((await through(portal, { HTTPS_PROXY: spell(proxy.url) })(portal.namedUrl)).status).toBe(200)
  expect(proxy.tunnels).toHaveLength(1)
})

test.each([
  ['socks4://joe:hunter22@10.0.0.1:1080', 'socks4'],
  ['http://joe:hunter22#@10.0.0.1', 'not a URL'],
  ['http://', 'not a URL'],
  ['ftp://joe:hunter22@10.0.0.1', 'ftp'],
])(
  '[case 82] %s is refused with the variable and the reason, without the password',
  async (value, reason) => {
    const fetch = openFetch({ proxy: readProxyEnvironment({ HTTPS_PROXY: value }) })
    const error = await failureOf(fetch('https://portal.test/'))
    expect(error).toMatchObject({ code: 'ERR_PROXY' })
    expect(error.message).toContain('HTTPS_PROXY')
    expect(error.message).toContain(reason)
    expect(`${error.message} ${error.hint}`).not.toContain('hunter22')
  },
)

test('[case 82] a flood of bytes before the head of the answer ends is cut off', async () => {
  const url = await serveBytes(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`)
  const fetch = openFetch({ proxy: readProxyEnvironment({ HTTPS_PROXY: url }) })
  expect(await failureOf(fetch('https://portal.test/'))).toMatchObject({ code: 'ERR_PROXY' })
})

describe('which variable holds', () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ['lower case wins', { https_proxy: 'b:1', HTTPS_PROXY: 'a:1' }, 'https_proxy'],
    [
      'HTTPS before ALL before HTTP',
      { HTTP_PROXY: 'a:1', ALL_PROXY: 'b:1', HTTPS_PROXY: 'c:1' },
      'HTTPS_PROXY',
    ],
    ['ALL before HTTP', { HTTP_PROXY: 'a:1', ALL_PROXY: 'b:1' }, 'ALL_PROXY'],
    ['HTTP alone', { HTTP_PROXY: 'a:1' }, 'HTTP_PROXY'],
  ])('%s', (_, env, variable) => {
    const { https, all, http } = readProxyEnvironment(env)
    expect((https ?? all ?? http)?.variable).toBe(variable)
  })

  test('an empty value means no proxy', async () => {
    const portal = await startPortal()
    const fetch = through(portal, {
      https_proxy: '',
      HTTP_PROXY: 'http://127.0.0.1:9',
      all_proxy: 'http://127.0.0.1:9',
    })
    // Without a proxy the name cannot be resolved, which proves that none was asked.
    expect(await failureOf(fetch(portal.namedUrl))).toMatchObject({ code: 'ERR_NETWORK' })
  })
})

async function start(
  kind: Kind,
  options: HttpProxyOptions = {},
): Promise<{ portal: Portal; proxy: MockProxy }> {
  const portal = await startPortal()
  const proxy = await starters[kind]({ hosts: portal.hosts, ...options })
  onTestFinished(() => proxy.close())
  return { portal, proxy }
}

function through(portal: Portal, env: Record<string, string>, options: { connectTimeoutMs?: number } = {}) {
  return openFetch({ proxy: readProxyEnvironment(env), caFile: portal.caFile, ...options })
}

describe('[case 151] a proxy that wants a sign-in which there is not', () => {
  const failureAt = async (challenges: readonly string[], login = '') => {
    const { portal, proxy } = await start('http', { fault: 'auth-required', challenges })
    const HTTPS_PROXY = proxy.url.replace('://', `://${login}`)
    return failureOf(through(portal, { HTTPS_PROXY })(portal.namedUrl))
  }

  test.each([
    [['NTLM'], 'NTLM'],
    [['Negotiate', 'NTLM'], 'Negotiate, NTLM'],
    [['Negotiate, NTLM'], 'Negotiate, NTLM'],
    [['NTLM TlRMTVNTUAACAAAA=='], 'NTLM'],
    [['Kerberos realm="Basic, corp", charset="UTF-8"'], 'Kerberos'],
    [['Digest realm="proxy", nonce="a,b", qop="auth"', 'Bearer'], 'Digest, Bearer'],
  ])('%j: the schemes are named', async (challenges, named) => {
    for (const login of ['', 'joe:some-pass-word@', 'CORP%5Cjoe:some-pass-word@']) {
      const error = await failureAt(challenges, login)
      expect(error).toMatchObject({ code: 'ERR_PROXY', status: 407 })
      expect(error.message).toContain(`offers only sign-in by ${named}, and sesame has only Basic`)
      expect(error.hint).toMatch(/local proxy.*HTTPS_PROXY/)
      expect(`${error.message} ${error.hint}`).not.toContain('some-pass-word')
    }
  })

  test.each([[['Negotiate', 'basic realm="x"']], [['Digest realm="x", Basic realm="y"']], [[]]])(
    '%j: with Basic beside the others, or none named, user name and password are asked for',
    async (challenges) => {
      const error = await failureAt(challenges)
      expect(error.message).toContain('wants a user name and password (HTTP 407)')
      expect(error.hint).toMatch(/percent-encode special characters.*%5C/)
      expect((await failureAt(challenges, 'a:b@')).message).toContain('does not accept the user name')
    },
  )
})

describe('[case 151] characters in a proxy URL that end its authority', () => {
  test.each([
    ['http://joe:p#ss-word-1@proxy.example:3128', '#'],
    ['http://joe:p/ss-word-1@proxy.example:3128', '/'],
    ['http://joe:p?ss-word-1@proxy.example:3128', '?'],
    ['http://CORP\\joe:pass-word-1@proxy.example:3128', '\\'],
    ['CORP\\joe:pass-word-1@proxy.example:3128', '\\'],
    ['socks5://CORP\\joe:p#ss-word-1@proxy.example', '\\'],
    ['https://joe:p@ss#word-1@proxy.example', '#'],
  ])('%s', async (value, character) => {
    const { portal } = await start('http')
    const error = await failureOf(through(portal, { https_proxy: value })(portal.namedUrl))
    expect(error.message).toBe(
      `The proxy in https_proxy cannot be used: it is not a URL: the user name or password holds ${character} as it is, which ends the address there.`,
    )
    expect(error.hint).toContain('percent-encode')
    expect(error.hint).toContain(value.startsWith('socks5') ? 'socks5://USER' : '://USER')
    expect(`${error.stack} ${error.hint}`).not.toMatch(/word-1/)
  })
})
