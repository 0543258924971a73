import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type CodeFlowOptions,
  type OidcClient,
  refreshTokens,
  runCodeFlow,
  type TokenSet,
} from '../../../src/identity/index.ts'
import { systemClock } from '../../../src/kit/clock.ts'
import { silentLog } from '../../../src/kit/log.ts'
import { Secret } from '../../../src/kit/secret.ts'
import { backTo, type LoopbackBrowser, openLoopbackBrowser } from '../../support/loopback-browser.ts'
import { startTestOidc, type TestOidc } from '../../support/oidc.ts'
import { discover } from './at-provider.ts'
import { type ForgingProvider, startForgingProvider } from './forging-provider.ts'

type Visit = (start: URL) => void | Promise<void>

/** A whole sign-in whose browser is `visit`, which the sign-in does not wait for. What goes wrong there ends it. */
async function signIn(
  issuer: string,
  visit: Visit,
  client: Partial<OidcClient> = {},
  options: Partial<CodeFlowOptions> = {},
): Promise<TokenSet> {
  const provider = await discover(issuer, client)
  const stop = new AbortController()
  let browsing: Promise<void> = Promise.resolve()
  const tokens = await runCodeFlow(provider, {
    clock: systemClock,
    log: silentLog,
    signal: stop.signal,
    timeoutMs: 20_000,
    onStartUrl: (url) => {
      browsing = (async () => visit(new URL(url)))()
      browsing.catch((failure: unknown) => stop.abort(failure))
    },
    ...options,
  }).finally(() => browsing)
  return tokens
}

/** The same with a browser that has opened the start address and stands at the provider's. */
function signInLed(
  issuer: string,
  visit: (authorizationUrl: URL, browser: LoopbackBrowser) => void | Promise<void>,
  client?: Partial<OidcClient>,
  options?: Partial<CodeFlowOptions>,
): Promise<TokenSet> {
  const lead: Visit = async (start) => {
    const browser = openLoopbackBrowser()
    await visit(await browser.begin(start), browser)
  }
  return signIn(issuer, lead, client, options)
}

function isFree(target: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(target.port), '127.0.0.1')
    socket.on('connect', () => resolve(false)).on('connect', () => socket.destroy())
    socket.on('error', () => resolve(true))
  })
}

describe('with the real oidc-provider', () => {
  let op: TestOidc
  beforeAll(async () => {
    op = await startTestOidc({ offlineWithoutPrompt: false })
  })
  afterAll(() => op.stop())
  beforeEach(() => {
    op.clearFaults()
    op.requests.length = 0
  })

  test('a person signs in: every tie is sent, the page shows it without the code, tokens are kept', async () => {
    let page = ''
    const asked = () => op.requests.find(({ path }) => path === '/auth')?.query ?? {}
    const tokens = await signIn(op.issuer, async (start) => {
      const last = await op.visit(start.href)
      page = `${last.status} ${last.url} ${/<h1>(.*?)<\/h1>/.exec(last.html)?.[1]}`
    })
    expect(page).toMatch(/^200 http:\/\/127\.0\.0\.1:\d+\/done You are signed in$/)
    expect(asked()).toEqual({
      client_id: 'sesame-cli',
      response_type: 'code',
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
      scope: 'openid offline_access',
      prompt: 'consent',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    expect(tokens.idToken?.userName).toBe('dev')
    expect(tokens.refreshToken).toBeDefined()
    expect(op.violations).toEqual([])
    expect(await isFree(new URL(asked().redirect_uri ?? ''))).toBe(true)
    const provider = await discover(op.issuer)
    await refreshTokens(provider, tokens.refreshToken ?? new Secret('none-was-given'))
  })

  test('no two sign-ins share state, nonce, challenge or port', async () => {
    const seen: string[] = []
    for (let i = 0; i < 3; i++) {
      await signIn(op.issuer, async (start) => {
        await op.visit(start.href)
      })
    }
    for (const { path, query } of op.requests) {
      if (path === '/auth') seen.push(query.state ?? '', query.nonce ?? '', query.code_challenge ?? '')
    }
    expect(new Set(seen).size).toBe(9)
  })

  test('a confidential client and an audience are served too', async () => {
    const { clientId, clientSecret } = op.clients.basic
    const visit: Visit = async (start) => {
      await op.visit(start.href)
    }
    const client = { clientId, clientSecret: new Secret(clientSecret), audience: 'https://api.example.test' }
    await expect(signIn(op.issuer, visit, client)).resolves.toBeDefined()
    const { query } = op.requests.find(({ path }) => path === '/auth') ?? {}
    expect(query?.audience).toBe('https://api.example.test')
  })

  test('[case 6] a denial is reported to the caller and on the page', async () => {
    let html = ''
    const denied = signIn(op.issuer, async (start) => {
      html = (await op.visit(start.href, { approve: false })).html
    })
    await expect(denied).rejects.toMatchObject({ code: 'ERR_ACCESS_DENIED', serverCode: 'access_denied' })
    expect(html).toContain('Sign-in denied')
    expect(op.calls()).toEqual(['GET /.well-known/openid-configuration'])
  })

  test('when the code cannot be redeemed, the page does not claim success', async () => {
    op.fault('POST /token', { kind: 'json', status: 400, body: { error: 'unauthorized_client' } })
    let html = ''
    const failed = signIn(op.issuer, async (start) => {
      html = (await op.visit(start.href)).html
    })
    await expect(failed).rejects.toMatchObject({
      code: 'ERR_REFUSED',
      hint: expect.stringContaining('authorization code grant'),
    })
    expect(html).toContain('Sign-in failed')
  })
})

describe('the waiting program', () => {
  let op: ForgingProvider
  beforeAll(async () => {
    op = await startForgingProvider()
  })
  afterAll(() => op.close())
  beforeEach(() => {
    op.clear()
    op.requests.length = 0
  })

  const good = async (url: URL, changed: Record<string, unknown> = {}) => {
    const nonce = url.searchParams.get('nonce')
    op.answerWith({ id_token: await op.sign(op.claims({ nonce, ...changed })) })
    return backTo(url, { code: 'code-of-the-forger', iss: op.issuer })
  }

  test('takes one answer, and nothing but it; what else comes does not end the wait', async () => {
    const tokens = await signInLed(op.issuer, async (url, { ask, browse }) => {
      const callback = await good(url)
      const { host } = callback
      const foreign = { code: 'code-of-another-user', iss: op.issuer }
      expect((await ask(backTo(url, { ...foreign, state: 'another' }))).status).toBe(400)
      expect((await ask(backTo(url, { ...foreign, state: '' }))).status).toBe(400)
      expect((await ask(`${callback}&state=another`)).status).toBe(400)
      expect((await ask(callback, { host: 'evil.example' })).status).toBe(403)
      expect((await ask(callback, { host: `localhost:${callback.port}` })).status).toBe(403)
      expect(
        (await ask(callback, { path: `http://evil.example${callback.pathname}${callback.search}` })).status,
      ).toBe(403)
      for (const method of ['POST', 'HEAD', 'PUT', 'OPTIONS', 'DELETE'])
        expect((await ask(callback, { method })).status).toBe(405)
      for (const path of ['/', '/favicon.ico', '/done', '/callback/', '/Callback'])
        expect((await ask(`http://${host}`, { path })).status).toBe(404)
      expect(op.requests.some(({ path }) => path === '/token')).toBe(false)

      const { page, answer } = await browse(callback)
      expect(page).toBe('/done')
      expect(answer.body).toContain('You are signed in')
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      })
    })
    expect(tokens.accessToken.reveal()).toBe('access-token-of-the-forger')
    expect(op.requests.filter(({ path }) => path === '/token')).toHaveLength(1)
  })

  test('a second answer while the first is redeemed is turned away', async () => {
    op.fault('POST /token', { kind: 'slow-body', everyMs: 2 })
    const failed = signInLed(op.issuer, async (url, { ask, browse }) => {
      const callback = await good(url)
      const first = browse(callback)
      await expect.poll(() => op.requests.some(({ path }) => path === '/token')).toBe(true)
      expect((await ask(callback)).status).toBe(409)
      expect((await first).page).toBe('/failed')
    })
    await expect(failed).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    expect(op.requests.filter(({ path }) => path === '/token')).toHaveLength(1)
  })

  test.each<[string, (url: URL) => URL, RegExp]>([
    [
      'another issuer',
      (url) => backTo(url, { code: 'c', iss: 'https://other.example.com' }),
      /it is from https:\/\/other\.example\.com, not from http:\/\/127/,
    ],
    ['no issuer where one is promised', (url) => backTo(url, { code: 'c' }), /"iss" \(issuer\) missing/],
    ['neither code nor error', (url) => backTo(url, { iss: op.issuer }), /neither a code nor an error/],
    [
      'two codes',
      (url) => new URL(`${backTo(url, { code: 'c', iss: op.issuer })}&code=d`),
      /"code" parameter must be provided only once/,
    ],
    [
      'two issuers',
      (url) => new URL(`${backTo(url, { code: 'c', iss: op.issuer })}&iss=x`),
      /"iss" parameter must be provided only once/,
    ],
    [
      'two errors',
      (url) => new URL(`${backTo(url, { error: 'access_denied', iss: op.issuer })}&error=x`),
      /"error" parameter must be provided only once|neither a code nor an error/,
    ],
    [
      'tokens',
      (url) => backTo(url, { code: 'c', iss: op.issuer, id_token: 'x' }),
      /implicit and hybrid flows are not supported/,
    ],
  ])('[case 24] an answer with %s is refused, its code not sent', async (_, make, words) => {
    const refused = signInLed(op.issuer, async (url, { browse }) => {
      await browse(make(url))
    })
    await expect(refused).rejects.toMatchObject({
      code: 'ERR_RESPONSE_INVALID',
      message: expect.stringMatching(/^Invalid authorization response: [^\r\n]+\.$/),
    })
    await expect(refused).rejects.toThrow(words)
    expect(op.requests.some(({ path }) => path === '/token')).toBe(false)
  })

  test.each([
    ['access_denied', 'ERR_ACCESS_DENIED', '/denied'],
    ['server_error', 'ERR_SERVER', '/failed'],
    ['invalid_scope', 'ERR_REFUSED', '/failed'],
  ])('[case 12] the refusal %s is %s, and its words are printable', async (error, code, page) => {
    const failed = signInLed(op.issuer, async (url, { browse }) => {
      const description = `\u001b[2J line\r\nline ${'x'.repeat(3_000)}`
      const led = await browse(backTo(url, { error, error_description: description, iss: op.issuer }))
      expect(led.page).toBe(page)
    })
    await expect(failed).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^[\x20-\x7e…]{1,400}$/u),
    })
  })

  test.each([
    ['another nonce', { nonce: 'another' }, 'it belongs to another sign-in'],
    ['no nonce', { nonce: undefined }, 'it has no nonce'],
    ['an empty nonce', { nonce: '' }, 'it belongs to another sign-in'],
    ['another client', { aud: 'other-client' }, 'The token is for "other-client"'],
  ])('[case 26] [case 174] an ID token with %s is refused', async (_, changed, reason) => {
    const refused = signInLed(op.issuer, async (url, { browse }) => {
      expect((await browse(await good(url, changed))).page).toBe('/failed')
    })
    await expect(refused).rejects.toMatchObject({
      code: 'ERR_TOKEN_INVALID',
      message: expect.stringContaining(reason),
    })
  })

  test('[case 26] an answer without the ID token that was asked for is refused', async () => {
    const refused = signInLed(op.issuer, async (url, { browse }) => {
      const callback = await good(url)
      op.answerWith({})
      await browse(callback)
    })
    await expect(refused).rejects.toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
  })

  test('without openid in the scope there is no nonce and no ID token', async () => {
    const visit = async (url: URL, { browse }: LoopbackBrowser) => {
      expect(url.searchParams.has('nonce')).toBe(false)
      op.answerWith({})
      await browse(backTo(url, { code: 'c-1', iss: op.issuer }))
    }
    const tokens = await signInLed(op.issuer, visit, { scope: 'read' })
    expect(tokens).not.toHaveProperty('idToken')
  })

  test('[case 7] no response arrives: it ends in time, says how to go on, and the port is free', async () => {
    let start = new URL('http://none.invalid')
    const visit: Visit = (url) => {
      start = url
    }
    const startedMs = systemClock.monotonicMs()
    await expect(signIn(op.issuer, visit, {}, { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'ERR_DEVICE_CODE_EXPIRED',
      message: 'The sign-in was not completed in time.',
      hint: expect.stringContaining('--flow device'),
    })
    expect(systemClock.monotonicMs() - startedMs).toBeLessThan(30_000)
    expect(await isFree(start)).toBe(true)
  })

  test.each(['waiting', 'redeeming', 'showing'])(
    '[case 8] an abort while %s is felt at once',
    async (when) => {
      const stop = new AbortController()
      const reason = new Error('enough')
      let start = new URL('http://none.invalid')
      let abortedMs = 0
      const abort = () => {
        abortedMs = systemClock.monotonicMs()
        stop.abort(reason)
      }
      op.fault('POST /token', { kind: 'hang' })
      const visit = async (url: URL) => {
        start = url
        if (when !== 'redeeming') return abort()
        const { ask, begin } = openLoopbackBrowser()
        const answer = ask(await good(await begin(url))).catch(() => 'dropped')
        await expect.poll(() => op.requests.some(({ path }) => path === '/token')).toBe(true)
        abort()
        expect(await answer).toBe('dropped')
      }
      const shown = when === 'showing' ? new Promise<void>(() => {}) : undefined
      const onStartUrl = (url: string) => {
        void visit(new URL(url))
        return shown
      }
      const failing = signIn(op.issuer, () => {}, {}, { signal: stop.signal, onStartUrl })
      await expect(failing).rejects.toBe(reason)
      expect(systemClock.monotonicMs() - abortedMs).toBeLessThan(30_000)
      expect(await isFree(start)).toBe(true)
    },
  )

  test('what fails while the address is shown ends it', async () => {
    const failure = new Error('no browser')
    const thrower = () => {
      throw failure
    }
    for (const onStartUrl of [thrower, () => Promise.reject(failure)])
      await expect(signIn(op.issuer, () => {}, {}, { onStartUrl })).rejects.toBe(failure)
  })

  test('a provider without authorization endpoint: the error names another way', async () => {
    op.transform('GET /.well-known/openid-configuration', ({ authorization_endpoint: _, ...rest }) => rest)
    await expect(signIn(op.issuer, () => {})).rejects.toMatchObject({
      code: 'ERR_CONFIG',
      hint: expect.stringContaining('--flow device'),
    })
  })
})
