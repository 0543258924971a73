import { type Clock, type Log, printable, t, type Warn } from '../kit/index.ts'
import { type CredentialStore, isJson } from './credential-store.ts'
import { fileNameOf } from './item-file.ts'
import type { LoadedBinding } from './keyring-binding.ts'
import type { BusLocation } from './secret-service/address.ts'
import { SecretServiceFailure, type SecretServiceState } from './secret-service/failure.ts'
import { readSecret } from './secret-service/read-secret.ts'

export interface KeychainOptions {
  platform: NodeJS.Platform
  dbus: BusLocation
  /** The user's number, for the session bus; undefined on Windows. */
  uid: number | undefined
  /** Whether the user can answer an unlock dialog of ours. */
  interactive: () => boolean
  /** Whether a user is there, who may be answering a dialog of the system's own; else as `interactive`. */
  userPresent?: (() => boolean) | undefined
  clock: Clock
  log: Log
  warn: Warn
  /** Under which name items appear in the platform's keychain. */
  service?: string | undefined
  /** Node and its words, for the calls that must be given up (macOS); without it they are made in this process. */
  node?: readonly string[] | undefined
  /** True when the keychain has not answered this process before: it is not waited for again. */
  unanswered?: boolean | undefined
  /** Where a standalone executable unpacks its binding; undefined for a user without a home. */
  cacheDirectory?: string | undefined
  loadBinding?: ((platform: NodeJS.Platform) => LoadedBinding) | undefined
  /** How long one call may take that cannot be foreseen (macOS, Windows). */
  timeoutMs?: number | undefined
}

/** What a look at the keychain found, and why it is so where that is not all. */
interface KeychainFinding {
  state: KeychainState
  /** Words that follow a colon. */
  reason?: string | undefined
}

/** A keychain by names and bytes. */
export interface Keychain {
  /** Looks whether it can be used, without anything that could open a dialog. */
  probe(): Promise<KeychainFinding>
  read(name: string): Promise<Uint8Array | undefined>
  write(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<boolean>
}

export interface KeychainStore extends CredentialStore {
  readonly kind: 'keychain'
  probe(): Promise<KeychainFinding>
}

/** State of the platform's keychain. macOS and Windows cannot be asked: there it is `unknown`. */
export type KeychainState = SecretServiceState | 'no-binding'

/** How long the Secret Service may take to answer what needs no user. */
const busTimeoutMs = 3000
/** For how long a keychain that has not answered is taken for one that will not. */
export const unansweredForMs = 10_000

/** The operating system's keychain: macOS Keychain, Windows Credential Manager, or the Secret Service elsewhere. */
export function keychainStore(options: KeychainOptions): KeychainStore {
  const { platform, warn } = options
  const windows = platform === 'win32'
  let native: Promise<Keychain> | undefined
  const load = () => {
    native ??= import('./native-keychain.ts').then(({ nativeKeychain }) => nativeKeychain(options))
    return native
  }
  const keychain = platform === 'darwin' || windows ? lateKeychain(load) : busKeychain(options)
  // Windows does not distinguish upper from lower case in names.
  const nameOf = (key: string) => (windows ? fileNameOf(key) : key)

  return {
    kind: 'keychain',
    probe: () => keychain.probe(),
    async read(key) {
      const bytes = await keychain.read(nameOf(key))
      if (bytes === undefined) return undefined
      const value = Buffer.from(bytes).toString('utf8')
      // Bytes that are no UTF-8 become others; in an executable `isUtf8` would load a module of the runtime.
      if (Buffer.from(value).equals(bytes) && isJson(value)) return value
      warn(t('Ignoring malformed keychain item {key}.', { key: printable(key) }))
      return undefined
    },
    write: (key, value) => keychain.write(nameOf(key), Buffer.from(value)),
    remove: (key) => keychain.remove(nameOf(key)),
  }
}

/** A keychain that is loaded when it is used. */
function lateKeychain(load: () => Promise<Keychain>): Keychain {
  return {
    probe: async () => (await load()).probe(),
    read: async (name) => (await load()).read(name),
    write: async (name, bytes) => (await load()).write(name, bytes),
    remove: async (name) => (await load()).remove(name),
  }
}

/** The Secret Service, over a connection of our own; what the cached path does not need is loaded late. */
function busKeychain(options: KeychainOptions): Keychain {
  const { interactive, warn, log, clock, service = 'sesame' } = options
  const bus = { ...options.dbus, uid: options.uid ?? -1, timeoutMs: busTimeoutMs, interactive, warn }
  const attributes = (name: string) => ({ service, username: name })
  let askAgainAtMs = options.unanswered === true ? clock.monotonicMs() + unansweredForMs : 0

  /** A service that has not answered is not asked again soon: a command needs several items, and ends in time. */
  async function asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      if (clock.monotonicMs() < askAgainAtMs) throw new SecretServiceFailure('timeout')
      return await ask()
    } catch (error) {
      if (!(error instanceof SecretServiceFailure)) throw error
      log('sesame:store', `keychain: ${error.message}`)
      if (error.state === 'timeout') askAgainAtMs = clock.monotonicMs() + unansweredForMs
      throw (await import('./keychain-errors.ts')).stateError(error.state, error.reason)
    }
  }

  return {
    async probe() {
      if (clock.monotonicMs() < askAgainAtMs) return { state: 'timeout' }
      const { probeSecretService } = await import('./secret-service/probe.ts')
      const found = await probeSecretService(bus)
      log('sesame:store', `keychain: ${found.state}`)
      if (found.state === 'timeout') askAgainAtMs = clock.monotonicMs() + unansweredForMs
      return found
    },
    read: (name) => asked(() => readSecret(bus, attributes(name))),
    async write(name, bytes) {
      const { writeSecret } = await import('./secret-service/change-secret.ts')
      const item = { attributes: attributes(name), label: `keyring:${name}@${service}` }
      return asked(() => writeSecret(bus, item, bytes))
    },
    async remove(name) {
      const { removeSecret } = await import('./secret-service/change-secret.ts')
      return asked(() => removeSecret(bus, attributes(name)))
    },
  }
}
