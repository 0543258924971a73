import type { Clock, Fetch, Log, StoreChoice } from '../kit/index.ts'
import type { Config, State } from '../profiles/index.ts'
import type { CredentialStore } from '../store/index.ts'
import type { StoreOffer } from './kinds/sign-in.ts'
import type { Sharing } from './renewal/kept-or-turn.ts'
import type { Limit } from './renewal/limit.ts'

/**
 * What a store is opened for. `write` lets `auto` prove itself with a canary, and makes sure that the state can be kept too. `leave`
 * takes items away from a store that is no longer used: an encrypted file opens without a passphrase.
 */
export type StorePurpose = 'read' | 'write' | 'leave'

/** `state.json`: what this machine knows; see `State`. */
interface StateAccess {
  /** As it is now; one small file is read, without a lock. @throws SesameError ERR_FILE, ERR_CONFIG */
  read(): State
  /**
   * Applies `change` to what is known, under the lock of the configuration (so never from within `updateConfig`), and writes it.
   * Called once or twice; a change that changes nothing writes nothing. @throws SesameError ERR_FILE, ERR_CONFIG
   */
  change(change: (state: State) => State): Promise<State>
}

/** What the use cases are given of the machine; `compose/` builds the real one. */
export interface SessionContext {
  clock: Clock
  log: Log
  fetch: Fetch
  /** A number in [0, 1), to spread retries. */
  random: () => number
  /** Aborted by SIGINT, SIGTERM and SIGHUP. */
  signal: AbortSignal
  /** The signal without any limit of time; `signal` itself where there is none. */
  interruption?: AbortSignal
  /** When the patience of the calling program is over; without it never. */
  limit?: Limit
  /** Client id of the CloudSSO portal. */
  cloudSsoClientId: string
  /** Name of the user of this machine, where it has one. */
  osUserName(): string | undefined
  /** What SESAME_STORE says; stronger than the configuration. @throws SesameError ERR_CONFIG for anything that is no store */
  storeOverride(): StoreChoice | undefined
  /** Opens a store. The same one is returned for the same choice. */
  openStore(choice: StoreChoice, purpose: StorePurpose): Promise<CredentialStore>
  /** The offer to keep secrets in an encrypted file; only where there is a person to take it. */
  storeOffer?: StoreOffer | undefined
  /** How renewals are shared with other processes; without it each takes its turn. */
  sharing?: Sharing
  /** One holder per name, over all processes; says on stderr what it waits for. */
  withLock<T>(name: string, run: () => Promise<T>, options?: { waitMs?: number }): Promise<T>
  /** The configuration, with what this machine remembers about it: the current profile, the stores, the choices. */
  readConfig(): Config
  /** Looks whether it can be changed, before anything else is done. @throws SesameError ERR_FILE */
  checkConfigWritable?(): void
  /** Changes it; the account and access configuration that a login chooses are remembered on this machine only. */
  updateConfig(change: (config: Config) => Config, by?: 'login' | 'user'): Promise<Config>
  /** What this machine knows about the configuration, apart from what users write. */
  state: StateAccess
  /** One line for the person, on stderr. */
  warn(line: string): void
}
