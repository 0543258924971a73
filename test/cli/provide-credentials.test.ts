import { expect, test } from 'vitest'
import { credentialsProvider } from '../../src/cli/provide-credentials.ts'
import { silentLog } from '../../src/kit/log.ts'
import { Secret } from '../../src/kit/secret.ts'
import { type Config, emptyState } from '../../src/profiles/index.ts'
import { credentialsKey, type SessionContext } from '../../src/session/index.ts'
import { serializeCredentials } from '../../src/session/stored-items.ts'
import { memoryStore } from '../../src/store/index.ts'
import { fakeClock } from '../support/fake-clock.ts'

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
