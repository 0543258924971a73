import { strict as assert } from 'node:assert'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { handBrowser } from '../../support/handed-browser.ts'
import { ageTokens, providerArn, roleArn } from '../../support/oidc-world.ts'
import { startOnPty } from '../../support/pty.ts'
import { startTestSts } from '../../support/sts.ts'
import { makeTestHome, type TestHome } from '../../support/test-home.ts'
import type { Steps } from '../peer.ts'
import type { Client, Provider, StartedProvider } from './provider.ts'

/** Runs every step with one provider, the same for all. */
export async function runProvider(provider: Provider, steps: Steps): Promise<void> {
  const started = await provider.start()
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  })
  try {
    const world: ProviderWorld = {
      provider: started,
      browser,
      home: makeTestHome({}),
      ...signers(browser, started),
    }
    try {
      await runSteps(world, steps, provider.lacks ?? {})
    } finally {
      world.home.remove()
    }
  } finally {
    await browser.close()
    await started.stop()
  }
}

interface ProviderWorld {
  provider: StartedProvider
  browser: Browser
  home: TestHome
  /** Signs in by device code; the user decides on the provider's page. */
  signInByDevice(
    home: TestHome,
    profile: string,
    words?: string[],
    decision?: 'approve' | 'deny',
  ): Promise<Signed>
  inPage<T>(use: (page: Page) => Promise<T>): Promise<T>
}

interface Signed {
  code: number | null
  stdout: string
  stderr: string
}

/** The steps in order. Each has a name that `known` and `lacks` may name. */
const table: readonly (readonly [string, (world: ProviderWorld) => Promise<void>])[] = [
  ['configure', ({ home, provider }) => configure(home, provider, 'main', provider.clients.main)],
  ['device login', deviceLogin],
  ['token get', async ({ home }) => assert.match(await token(home), /^[\x21-\x7e]+\n$/)],
  ['verify', verifyIdToken],
  ['silent refresh', silentRefresh],
  ['ten processes at expiry', tenAtExpiry],
  ['lost answer', lostAnswer],
  ['AssumeRoleWithOIDC', assumeRole],
  ['doctor', doctor],
  ['dead refresh token', deadRefreshToken],
  ['logout', logout],
  ['denied', denied],
  ['unknown client', unknownClient],
  ['wrong secret', wrongSecret],
  ['secret with special characters', (world) => otherClient(world, 'special')],
  ['post-bound client', (world) => otherClient(world, 'post')],
  ['code login', codeLogin],
]

async function runSteps(
  world: ProviderWorld,
  steps: Steps,
  lacks: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, run] of table) {
    const why = lacks[name]
    if (why !== undefined) steps.skip(name, why)
    else await steps.step(name, () => run(world))
  }
}

async function configure(
  home: TestHome,
  { issuer, scope }: StartedProvider,
  profile: string,
  { clientId, clientSecret, words = [], scope: ownScope = scope }: Client,
): Promise<void> {
  const all = ['configure', '--profile', profile, '--issuer', issuer, '--client-id', clientId, ...words]
  if (ownScope !== undefined) all.push('--scope', ownScope)
  if (clientSecret !== undefined) all.push('--client-secret-stdin')
  const { code, stderr } = await home.run(
    all,
    clientSecret === undefined ? {} : { input: `${clientSecret}\n` },
  )
  assert.equal(code, 0, stderr)
}

function signers(
  browser: Browser,
  provider: StartedProvider,
): Pick<ProviderWorld, 'signInByDevice' | 'inPage'> {
  const inPage: ProviderWorld['inPage'] = async (use) => {
    const context = await browser.newContext()
    // Some pages name style sheets of other hosts.
    await context.route(
      ({ hostname }) => hostname !== '127.0.0.1',
      (route) => route.abort(),
    )
    try {
      return await use(await context.newPage())
    } finally {
      await context.close()
    }
  }
  return {
    inPage,
    async signInByDevice(home, profile, words = [], decision = 'approve') {
      const running = home.start([
        'login',
        '--profile',
        profile,
        '--flow',
        'device',
        '--no-browser',
        ...words,
      ])
      try {
        const [shown] = await running.stderrMatches(/^.*\n.*Approve only if the page shows .*\n/s)
        const address = /https?:\/\/127\.0\.0\.1:\d+\/\S*/.exec(shown)?.[0] ?? ''
        const userCode = /the page shows (\S+)/.exec(shown)?.[1] ?? ''
        const decide = decision === 'approve' ? provider.approve : provider.deny
        await inPage(async (page) => decide?.(page, address, userCode))
        return await running.finished
      } finally {
        running.child.kill()
      }
    },
  }
}

async function token(home: TestHome, words: string[] = []): Promise<string> {
  const { code, stdout, stderr } = await home.run(['token', 'get', '--profile', 'main', ...words])
  assert.equal(code, 0, stderr)
  return stdout
}

/** Where the provider gives no ID token in this grant, the login says so and names the flow that brings one. */
async function deviceLogin({ home, provider, signInByDevice }: ProviderWorld): Promise<void> {
  const { code, stderr } = await signInByDevice(home, 'main')
  assert.equal(code, 0, stderr)
  if (!provider.idTokensByCodeOnly) return
  const wanted = await home.run(['token', 'get', '--id', '--profile', 'main'])
  assert.deepEqual({ code: wanted.code, stdout: wanted.stdout }, { code: 2, stdout: '' }, wanted.stderr)
  // A profile that asks for an ID token hears of it at the login already.
  const { scope = provider.scope ?? 'openid' } = provider.clients.main
  if (!scope.split(' ').includes('openid')) return
  assert.match(stderr, /--flow code/)
  assert.match(wanted.stderr, /--flow code/)
}

/** A profile whose sign-in has an ID token, and its client: where the device grant gives none, of the code flow. */
async function withIdToken(world: ProviderWorld): Promise<{ profile: string; client: Client }> {
  const { provider, home } = world
  const { main, code = main } = provider.clients
  if (!provider.idTokensByCodeOnly) return { profile: 'main', client: main }
  await configure(home, provider, 'code', code)
  await signInByCode(world, 'code')
  return { profile: 'code', client: code }
}

async function verifyIdToken(world: ProviderWorld): Promise<void> {
  const { home, provider } = world
  const { profile, client } = await withIdToken(world)
  const {
    code: exit,
    stdout: input,
    stderr: why,
  } = await home.run(['token', 'get', '--id', '--profile', profile])
  assert.equal(exit, 0, why)
  const jwks = provider.jwksUri ?? (await discover(provider.issuer)).jwks_uri
  const words = ['--issuer', provider.issuer, '--audience', client.clientId, '--jwks', String(jwks)]
  const algorithms = ['--algorithms', 'RS256,ES256,EdDSA']
  const { code, stdout, stderr } = await home.run(['token', 'verify', ...words, ...algorithms], { input })
  assert.equal(code, 0, stderr)
  assert.equal(JSON.parse(stdout).iss, provider.issuer)
}

async function discover(issuer: string): Promise<Record<string, unknown>> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  return (await answer.json()) as Record<string, unknown>
}

function expire(home: TestHome): void {
  ageTokens({ home }, 'token', -1000)
}

function refreshes({ front, tokenPath }: StartedProvider): number {
  return front.requests.filter(({ method, path }) => method === 'POST' && tokenPath.test(path)).length
}

async function silentRefresh({ home, provider }: ProviderWorld): Promise<void> {
  const before = await token(home)
  expire(home)
  const sent = refreshes(provider)
  assert.notEqual(await token(home), before)
  assert.equal(refreshes(provider), sent + 1)
}

async function tenAtExpiry({ home, provider }: ProviderWorld): Promise<void> {
  expire(home)
  const sent = refreshes(provider)
  const all = await Promise.all(Array.from({ length: 10 }, () => token(home)))
  assert.equal(new Set(all).size, 1)
  assert.equal(refreshes(provider), sent + 1)
}

/** The provider has rotated, we never heard: what follows is a new token or "sign in", never an endless error. */
async function lostAnswer({ home, provider, signInByDevice }: ProviderWorld): Promise<void> {
  expire(home)
  provider.front.loseNext('POST', provider.tokenPath)
  const first = await home.run(['token', 'get', '--profile', 'main'])
  assert.ok([0, 3, 6].includes(first.code ?? -1), first.stderr)
  const second = await home.run(['token', 'get', '--profile', 'main'])
  assert.ok([0, 3].includes(second.code ?? -1), second.stderr)
  if (second.code === 0) return
  assert.match(second.stderr, /sesame login --profile main/)
  const { code, stderr } = await signInByDevice(home, 'main')
  assert.equal(code, 0, stderr)
}

async function assumeRole(world: ProviderWorld): Promise<void> {
  const { home, provider } = world
  const { client } = await withIdToken(world)
  const keys = provider.jwksUri ?? String((await discover(provider.issuer)).jwks_uri)
  const sts = await startTestSts({
    roles: [{ arn: roleArn('developer'), trust: [providerArn] }],
    oidcProviders: [{ arn: providerArn, issuer: provider.issuer, clientIds: [client.clientId], keys }],
  })
  try {
    const role = ['--role-arn', roleArn('developer'), '--oidc-provider-arn', providerArn]
    const words = [...role, '--sts-endpoint', sts.url, ...(client.words ?? [])]
    await configure(home, provider, 'role', { ...client, words })
    const { code, stdout, stderr } = await home.run(['credentials', '--profile', 'role'])
    assert.equal(code, 0, stderr)
    assert.match(JSON.parse(stdout).sts_token, /./)
  } finally {
    await sts.stop()
  }
}

async function doctor({ home, provider }: ProviderWorld): Promise<void> {
  const { stdout, stderr } = await home.run(['doctor', '--json'])
  const { findings = [] } = JSON.parse(stdout) as { findings?: { level: string; message: string }[] }
  const host = new URL(provider.issuer).host
  const wrong = findings.filter(({ level, message }) => level === 'error' && message.includes(host))
  assert.deepEqual(wrong, [], stderr)
}

async function deadRefreshToken({ home, provider, signInByDevice }: ProviderWorld): Promise<void> {
  if (provider.endSessions === undefined) throw new Error('this provider cannot end sessions')
  await provider.endSessions()
  expire(home)
  const { code, stdout, stderr } = await home.run(['token', 'get', '--profile', 'main'])
  assert.deepEqual({ code, stdout }, { code: 3, stdout: '' }, stderr)
  assert.match(stderr, /sesame login --profile main/)
  const again = await signInByDevice(home, 'main')
  assert.equal(again.code, 0, again.stderr)
}

async function logout(world: ProviderWorld): Promise<void> {
  await logoutRevokes(world)
  if (world.provider.endSessions !== undefined) await logoutOfEndedSession(world, world.provider.endSessions)
}

/** Tokens that the provider has made worthless before are no failure (RFC 7009 section 2.2), however it says so. */
async function logoutOfEndedSession(
  { home, signInByDevice }: ProviderWorld,
  endSessions: () => Promise<void>,
): Promise<void> {
  const { code, stderr } = await signInByDevice(home, 'main')
  assert.equal(code, 0, stderr)
  await endSessions()
  await leave(home)
}

async function leave(home: TestHome): Promise<void> {
  const { code, stderr } = await home.run(['logout', '--profile', 'main'])
  assert.equal(code, 0, stderr)
  assert.doesNotMatch(stderr, /could not be revoked/)
  assert.equal((await home.run(['token', 'get', '--profile', 'main'])).code, 3)
}

/** Both tokens are revoked where the provider can; in any case nothing stays here. */
async function logoutRevokes({ home, provider }: ProviderWorld): Promise<void> {
  const refreshToken = refreshTokenOf(home)
  await leave(home)
  const { revocation_endpoint, token_endpoint } = await discover(provider.issuer)
  if (revocation_endpoint === undefined || refreshToken === undefined) return
  const { clientId, clientSecret } = provider.clients.main
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId }
  const body = new URLSearchParams(
    clientSecret === undefined ? form : { ...form, client_secret: clientSecret },
  )
  const answer = await fetch(String(token_endpoint), { method: 'POST', body })
  assert.ok(answer.status >= 400, `the revoked refresh token still works: HTTP ${answer.status}`)
}

function refreshTokenOf(home: TestHome): string | undefined {
  const item = home.items().find(({ key }) => key.startsWith('token'))
  return item?.value.refreshToken as string | undefined
}

async function denied({ home, provider, signInByDevice }: ProviderWorld): Promise<void> {
  if (provider.deny === undefined) throw new Error('nothing to deny on its pages')
  const { code, stdout, stderr } = await signInByDevice(home, 'main', ['--force'], 'deny')
  assert.deepEqual({ code, stdout }, { code: 4, stdout: '' }, stderr)
}

async function unknownClient({ home, provider }: ProviderWorld): Promise<void> {
  await configure(home, provider, 'unknown', { clientId: 'no-such-client' })
  const { code, stdout, stderr } = await home.run([
    'login',
    '--profile',
    'unknown',
    '--flow',
    'device',
    '--no-browser',
  ])
  assert.deepEqual({ code, stdout }, { code: 1, stdout: '' }, stderr)
  assert.match(stderr, /client/i)
}

/** However the provider says it, what is to be looked at is the client's id and secret. */
async function wrongSecret({ home, provider }: ProviderWorld): Promise<void> {
  const { main, special = main, post } = provider.clients
  const client = [special, post].find((each) => each?.clientSecret !== undefined)
  if (client === undefined) throw new Error('this provider has no client with a secret')
  await configure(home, provider, 'wrong', { ...client, clientSecret: 'not-its-secret' })
  const words = ['login', '--profile', 'wrong', '--flow', 'device', '--no-browser']
  const { code, stdout, stderr } = await home.run(words)
  assert.deepEqual({ code, stdout }, { code: 1, stdout: '' }, stderr)
  assert.match(stderr, new RegExp(`client id ${client.clientId} and its secret`))
}

async function otherClient(world: ProviderWorld, which: 'special' | 'post'): Promise<void> {
  const { home, provider, signInByDevice } = world
  const client = provider.clients[which]
  if (client === undefined) throw new Error('this provider has no such client')
  await configure(home, provider, which, client)
  if (client.flow === 'code') await signInByCode(world, which)
  else {
    const { code, stderr } = await signInByDevice(home, which)
    assert.equal(code, 0, stderr)
  }
  expire(home)
  const renewed = await home.run(['token', 'get', '--profile', which])
  assert.equal(renewed.code, 0, renewed.stderr)
}

async function codeLogin(world: ProviderWorld): Promise<void> {
  const { home, provider } = world
  await configure(home, provider, 'code', provider.clients.code ?? provider.clients.main)
  await signInByCode(world, 'code')
}

async function signInByCode({ home, provider, inPage }: ProviderWorld, profile: string): Promise<void> {
  const { agree } = provider
  if (agree === undefined) throw new Error('no code flow')
  // A directory for each sign-in, as the browser's notes of the one before would be taken for this one's.
  const handed = handBrowser(mkdtempSync(join(home.home, 'browser-')))
  const running = startOnPty(['login', '--profile', profile, '--flow', 'code', '--force'], {
    home: home.home,
    env: { SESAME_STORE: 'plaintext', ...handed.env },
  })
  await inPage(async (page) => {
    await page.goto(await handed.address())
    await agree(page)
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
  })
  const { code, seen } = await running.finished
  assert.equal(code, 0, seen)
}
