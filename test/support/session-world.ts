import { setMaxListeners } from 'node:events'
import type { StoreChoice } from '../../src/kit/index.ts'
import { type Config, emptyState, type Profile, type State } from '../../src/profiles/index.ts'
import type { SessionContext } from '../../src/session/index.ts'
import type { CredentialStore } from '../../src/store/index.ts'
import { type PacedClock, pacedClock } from './paced-clock.ts'
import { type CloudKeys, cloudKeys } from './peers/cloud-keys.ts'
import { openWire, type Wire } from './peers/wire.ts'

/** A store in memory under the name of another; its items can be read, and its writes made to fail. */
interface TestStore extends CredentialStore {
  items: Map<string, string>
  /** Thrown by the next operations instead of doing them. */
  fails: { read?: Error; write?: Error }
}

/** One machine: a configuration, stores, locks, a clock and a network, for as many processes as a test wants. */
export interface SessionWorld {
  clock: PacedClock
  wire: Wire
  keys: CloudKeys
  config: Config
  state: State
  stores: Record<Exclude<StoreChoice, 'auto'>, TestStore>
  /** What `auto` finds on this machine. */
  auto: Exclude<StoreChoice, 'auto'>
  /** The stores that were opened, as `auto write`. */
  opened: string[]
  /** The locks that were taken, in their order. */
  locks: string[]
  warnings: string[]
  interruption: AbortController
  /** The context of one more process. */
  context(overrides?: Partial<SessionContext>): SessionContext
  /** Adds a profile, or changes it. */
  profile(name: string, profile: Profile): void
  /** The keys of all items in all stores, as `keychain token:…`. */
  kept(): string[]
}

export function sessionWorld(): SessionWorld {
  const clock = pacedClock()
  const world: SessionWorld = {
    clock,
    wire: openWire(clock),
    keys: cloudKeys(clock),
    config: { profiles: new Map() },
    state: emptyState,
    stores: {
      keychain: testStore('keychain'),
      'encrypted-file': testStore('encrypted-file'),
      plaintext: testStore('plaintext'),
      memory: testStore('memory'),
    },
    auto: 'keychain',
    opened: [],
    locks: [],
    warnings: [],
    interruption: new AbortController(),
    context,
    profile(name, profile) {
      world.config = { ...world.config, profiles: new Map(world.config.profiles).set(name, profile) }
    },
    kept: () =>
      Object.entries(world.stores).flatMap(([kind, { items }]) =>
        [...items.keys()].map((key) => `${kind} ${key}`),
      ),
  }
  // Each process has a signal of its own; here they share one.
  setMaxListeners(0, world.interruption.signal)
  const tails = new Map<string, Promise<unknown>>()

  async function withLock<T>(name: string, run: () => Promise<T>): Promise<T> {
    const before = tails.get(name) ?? Promise.resolve()
    const turn = before.then(async () => {
      world.locks.push(name)
      return run()
    })
    tails.set(
      name,
      turn.then(
        () => {},
        () => {},
      ),
    )
    return turn
  }

  function context(overrides: Partial<SessionContext> = {}): SessionContext {
    return {
      clock,
      log: () => {},
      fetch: world.wire.fetch,
      random: () => 0.5,
      signal: world.interruption.signal,
      cloudSsoClientId: 'client',
      osUserName: () => 'machine-user',
      storeOverride: () => undefined,
      openStore: async (choice, purpose) => {
        world.opened.push(`${choice} ${purpose}`)
        const kind = choice === 'auto' ? world.auto : choice
        if (purpose === 'write' && kind !== 'memory')
          world.state = { ...world.state, stores: { ...world.state.stores, [kind]: { held: true } } }
        return world.stores[kind]
      },
      withLock,
      readConfig: () => world.config,
      updateConfig: async (change) => {
        world.config = change(world.config)
        return world.config
      },
      state: {
        read: () => world.state,
        change: async (change) => {
          world.state = change(world.state)
          return world.state
        },
      },
      warn: (line) => void world.warnings.push(line),
      ...overrides,
    }
  }

  return world
}

function testStore(kind: CredentialStore['kind']): TestStore {
  const items = new Map<string, string>()
  const fails: TestStore['fails'] = {}
  return {
    kind,
    items,
    fails,
    async read(key) {
      if (fails.read !== undefined) throw fails.read
      return items.get(key)
    },
    async write(key, value) {
      if (fails.write !== undefined) throw fails.write
      items.set(key, value)
    },
    remove: async (key) => items.delete(key),
  }
}
