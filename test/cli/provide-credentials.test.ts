import { expect, onTestFinished, test } from 'vitest'
import { credentialsProvider } from '../../src/cli/provide-credentials.ts'
import { startCredentialsServer } from '../../src/credentials-server/index.ts'
import type { Clock } from '../../src/kit/clock.ts'
import { silentLog } from '../../src/kit/log.ts'
import { Secret } from '../../src/kit/secret.ts'
import { useTranslations } from '../../src/kit/text.ts'
import { loadChinese } from '../../src/language/index.ts'
import { type Config, emptyState } from '../../src/profiles/index.ts'
import { credentialsKey, getCredentials, login, type SessionContext } from '../../src/session/index.ts'
import { serializeCredentials } from '../../src/session/stored-items.ts'
import { memoryStore } from '../../src/store/index.ts'
import { type Deferred, deferred } from '../support/deferred.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { servePortal } from '../support/peers/portal.ts'
import { scriptPerson } from '../support/script-person.ts'
import { sessionWorld } from '../support/session-world.ts'

const signIn = { signInUrl: 'https://signin.example/acme/login', clientId: 'client' }
const role = { accountId: '1', accessConfigurationId: 'ac-1' }

test('a server whose credentials are valid without a sign-in hands them out, and says so once', async () => {
  const clock = fakeClock()
  const store = memoryStore()
  const expiresAt = new Date(clock.now().getTime() + 15 * 60_000)
  const obtainedAt = new Date(expiresAt.getTime() - 3_600_000)
  await store.write(
    credentialsKey({ ...signIn, ...role }),
    serializeCredentials({
      credentials: {
        accessKeyId: 'STS.test',
        accessKeySecret: new Secret('access-key-secret-of-the-test'),
        securityToken: new Secret('security-token-of-the-test'),
        expiresAt,
      },
      lifetime: { obtainedAt, expiresAt, clock: { skewMs: 0, bootedAt: clock.bootedAt() } },
    }),
  )
  const config: Config = {
    profiles: new Map([
      ['dev', { kind: 'cloudsso', signInUrl: signIn.signInUrl, ...role, store: 'plaintext' }],
    ]),
  }
  const said: string[] = []
  const session: SessionContext = {
    clock,
    log: silentLog,
    fetch: () => Promise.reject(new Error('no request is expected')),
    osUserName: () => undefined,
    random: () => 0,
    signal: new AbortController().signal,
    cloudSsoClientId: signIn.clientId,
    storeOverride: () => undefined,
    openStore: async () => store,
    withLock: (_name, run) => run(),
    readConfig: () => config,
    updateConfig: async () => config,
    state: { read: () => emptyState, change: async (change) => change(emptyState) },
    warn: (line) => void said.push(line),
  }
  const provide = credentialsProvider('dev', session)
  for (let i = 0; i < 3; i++)
    expect(await provide()).toMatchObject({ kind: 'credentials', lifeMs: 3_600_000 })
  expect(said).toEqual([
    'Renewal failed, using cached credentials: Sign in first: sesame login --profile dev',
  ])
})

const minute = 60_000

/** A machine that is signed in to a portal, and a server of its profile. */
async function servedWorld() {
  const world = sessionWorld()
  const portal = servePortal(world)
  portal.tokenSeconds = 4 * 3600
  world.config = { signInUrl: portal.signInUrl, profiles: new Map() }
  const signIn = () => login('dev', { wanted: {}, force: false }, world.context(), scriptPerson())
  await signIn()
  world.warnings.length = 0
  const provide = credentialsProvider('dev', world.context())
  const deadlines: Deferred<void>[] = []
  const clock: Clock = {
    ...world.clock,
    // Only a deadline of the server sleeps on it: over when the test says so, or given up.
    sleep: (_ms, signal) => {
      const deadline = deferred<void>()
      deadlines.push(deadline)
      signal?.addEventListener('abort', () => deadline.resolve())
      return deadline.promise
    },
  }
  const server = await startCredentialsServer({ provide, clock, log: silentLog })
  onTestFinished(() => server.close())
  const ask = async (url = server.url) => {
    const answer = await fetch(url)
    return { status: answer.status, body: (await answer.json()) as { Code: string; Message: string } }
  }
  return { world, portal, signIn, provide, clock, deadlines, server, ask }
}

test("[case 226] the portal's refusal reaches the client with its code and RequestId", async () => {
  const { world, ask } = await servedWorld()
  world.clock.advance(70 * minute)
  world.wire.fault('POST /cloud-credentials', {
    status: 403,
    body: { ErrorCode: 'NoPermission', ErrorMessage: 'not assigned', RequestId: '7F6D0C1E-0403' },
  })
  const { status, body } = await ask()
  expect(status).toBe(503)
  expect(body.Code).toBe('ServiceUnavailable')
  expect(body.Message).toMatch(/NoPermission: not assigned \(RequestId 7F6D0C1E-0403\)\.$/)
})

test('[case 226] a renewal that fails while the old credentials serve is reported with its RequestId', async () => {
  const { world } = await servedWorld()
  world.clock.advance(57 * minute)
  world.wire.fault('POST /cloud-credentials', {
    status: 403,
    body: { ErrorCode: 'NoPermission', ErrorMessage: 'not assigned', RequestId: '7F6D0C1E-0403' },
  })
  await getCredentials('dev', {}, world.context())
  expect(world.warnings).toEqual([expect.stringMatching(/^Renewal failed, .*\(RequestId 7F6D0C1E-0403\)\.$/)])
})

test.each([
  ['en', '(RequestId 7F6D0C1E-0001)'],
  ['zh', '（RequestId 7F6D0C1E-0001）'],
])(
  '[case 226] a server reports it once, however many RequestIds the failure gets (%s)',
  async (language, shown) => {
    if (language === 'zh') useTranslations(await loadChinese())
    onTestFinished(() => useTranslations({}))
    const { world, ask } = await servedWorld()
    world.clock.advance(45 * minute)
    for (const id of ['7F6D0C1E-0001', '7F6D0C1E-0002', '7F6D0C1E-0003']) {
      world.wire.fault('POST /cloud-credentials', {
        status: 403,
        body: { ErrorCode: 'NoPermission', ErrorMessage: 'not assigned', RequestId: id },
      })
      expect((await ask()).status).toBe(200)
      world.clock.advance(minute)
    }
    expect(world.wire.calls().filter((call) => call === 'POST /cloud-credentials')).toHaveLength(4)
    expect(world.warnings).toEqual([expect.stringContaining(shown)])
  },
)

test('[case 196] the terminal of the server names the sign-in that is needed once, and again when the next one runs out', async () => {
  const { world, portal, signIn, ask } = await servedWorld()
  const needed = 'No client gets credentials any more. Sign in first: sesame login --profile dev'
  for (const times of [1, 2]) {
    portal.tokens.clear()
    world.clock.advance(5 * 60 * minute)
    for (let i = 0; i < 3; i++) {
      expect(await ask()).toMatchObject({ status: 503, body: { Code: 'LoginRequired' } })
      world.clock.advance(5_000)
    }
    expect(world.warnings).toEqual(Array.from({ length: times }, () => needed))
    await signIn()
    expect((await ask()).status).toBe(200)
  }
})

test('[case 196] [case 200] the address of a former run is answered 404, which says that it is new at each start', async () => {
  const { clock, provide, server, ask } = await servedWorld()
  const { url } = server
  const port = Number(new URL(url).port)
  await server.close()
  const next = await startCredentialsServer({ provide, port, clock, log: silentLog })
  onTestFinished(() => next.close())
  expect(new URL(next.url).port).toBe(String(port))
  expect(next.url).not.toBe(url)
  const { status, body } = await ask(url)
  expect({ status, code: body.Code }).toEqual({ status: 404, code: 'NotFound' })
  expect(body.Message).toContain('new at each start')
  expect(body.Message).not.toContain(new URL(next.url).pathname.slice(1))
  expect((await ask(next.url)).status).toBe(200)
})

test('[case 220] a portal that needs 9 s: the server gives up its answer, not its attempt, and keeps what it gives', async () => {
  const { world, deadlines, ask } = await servedWorld()
  world.clock.advance(70 * minute)
  const held = world.wire.hold('POST /cloud-credentials')
  const first = ask()
  await held.arrived
  deadlines[0]?.resolve()
  expect(await first).toMatchObject({ status: 503, body: { Code: 'ServiceUnavailable' } })
  const second = ask()
  await expect.poll(() => deadlines.length).toBe(2)
  held.letGo()
  expect((await second).status).toBe(200)
  expect(world.wire.calls().filter((call) => call === 'POST /cloud-credentials')).toHaveLength(2)
})
