import { defaultClientId } from '../../mocks/index.ts'
import { systemClock } from '../../src/kit/clock.ts'
import type { StoreChoice } from '../../src/kit/index.ts'
import { silentLog } from '../../src/kit/log.ts'
import { Secret } from '../../src/kit/secret.ts'
import { credentialsKey } from '../../src/session/index.ts'
import { newFullStrengthKey } from '../../src/store/encrypted-file/full-strength-key.ts'
import { openStore } from '../../src/store/index.ts'
import { ageTokens, configureCorp, inOidcWorld, must, roleArn } from '../support/oidc-world.ts'
import { oneRole } from '../support/portal.ts'
import { inWorld } from '../support/world.ts'
import type { Environment } from './subject.ts'

/** A setup in which the credentials of all processes have just expired. */
export interface Crowd {
  what: string
  /** Each of its processes has slow work of its own. */
  slow?: boolean
  /** Sets it up, lets `measure` run, and takes it down. */
  run(measure: (ready: Ready) => Promise<void>): Promise<void>
}

export interface Ready {
  words: readonly string[]
  home: string
  env: Environment
  /** Makes the credentials old again, for the next round. */
  expire(): Promise<void>
  /** How many exchanges were made so far, and how many one renewal takes. */
  exchanges(): number
  links: number
}

const passphrase = 'a passphrase for the bench alone'
const fullKey = newFullStrengthKey().reveal()

/** The crowds: three stores with a sign-in at the portal, a chain of three roles, a refresh token that rotates. */
export function crowds(bus: Environment): Crowd[] {
  return [
    atPortal('keychain', 'keychain', bus),
    atPortal('plain file', 'plaintext', {}),
    atPortal('encrypted file, with a key', 'encrypted-file', { SESAME_PASSPHRASE: fullKey }),
    // Each process pays for the slow derivation: all must finish, and that is all.
    {
      ...atPortal('encrypted file, passphrase', 'encrypted-file', { SESAME_PASSPHRASE: passphrase }),
      slow: true,
    },
    { what: 'chain of three roles', run: runChain },
    { what: 'OIDC rotation', run: runRotation },
  ]
}

function atPortal(what: string, choice: StoreChoice, more: Environment): Crowd {
  const env = { SESAME_STORE: choice, ...more }
  const run: Crowd['run'] = (measure) =>
    inWorld(
      {},
      async ({ portal, home }) => {
        // The keychain's library finds the bus by the environment of this process.
        Object.assign(process.env, more)
        await must(home.prepare(['login', '--profile', 'dev']))
        const [account] = oneRole.accounts
        const key = credentialsKey({
          signInUrl: portal.signInUrl,
          clientId: defaultClientId,
          accountId: account?.AccountId ?? '',
          accessConfigurationId: account?.configurations[0]?.AccessConfigurationId ?? '',
        })
        const { store } = await openStore({
          choice,
          directory: home.state,
          platform: process.platform,
          dbus: { address: more.DBUS_SESSION_BUS_ADDRESS, runtimeDirectory: undefined },
          uid: process.getuid?.(),
          passphrase: async () => new Secret(more.SESAME_PASSPHRASE ?? ''),
          passphraseAvailable: true,
          interactive: () => false,
          clock: systemClock,
          log: silentLog,
          warn: () => undefined,
          forWriting: false,
        })
        const exchanges = () => portal.calls().filter((call) => call === 'POST /cloud-credentials').length
        await measure({
          words: ['credentials', '--profile', 'dev'],
          home: home.home,
          env,
          links: 1,
          exchanges,
          expire: async () => {
            const text = await store.read(key)
            if (text === undefined) throw new Error(`nothing is kept under ${key}`)
            const entry = JSON.parse(text)
            const then = (ms: number) => new Date(Date.now() + ms).toISOString()
            await store.write(
              key,
              JSON.stringify({ ...entry, obtainedAt: then(-3_600_000), expiresAt: then(-1_000) }),
            )
          },
        })
      },
      env,
    )()
  return { what, run }
}

const runChain: Crowd['run'] = (measure) =>
  inOidcWorld({}, async (world) => {
    const { home, sts } = world
    await configureCorp(world)
    for (const [name, source] of [
      ['deployer', 'corp'],
      ['auditor', 'deployer'],
    ] as const) {
      const words = ['--source-profile', source, '--role-arn', roleArn(name), '--sts-endpoint', sts.url]
      await must(home.prepare(['configure', '--profile', name, ...words, '--external-id', 'audit-2026']))
    }
    await must(home.prepare(['login', '--profile', 'auditor', '--no-browser']))
    await measure({
      words: ['credentials', '--profile', 'auditor'],
      home: home.home,
      env: { SESAME_STORE: 'plaintext' },
      links: 3,
      exchanges: () => sts.calls.length,
      expire: async () => ageTokens(world, 'credentials', -1000),
    })
  })()

const runRotation: Crowd['run'] = (measure) =>
  inOidcWorld({}, async (world) => {
    const { home, oidc } = world
    await configureCorp(world)
    await must(home.prepare(['login', '--profile', 'corp', '--no-browser']))
    await measure({
      words: ['credentials', '--profile', 'corp'],
      home: home.home,
      env: { SESAME_STORE: 'plaintext' },
      links: 1,
      exchanges: () => oidc.log.filter(({ kind }) => kind === 'refresh-rotated').length,
      expire: async () => {
        ageTokens(world, 'credentials', -1000)
        ageTokens(world, 'token', -1000)
      },
    })
  })()
