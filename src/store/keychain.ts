import { isUtf8 } from 'node:buffer'
import { type Clock, type Log, printable, type Warn } from '../kit/index.ts'
import { type CredentialStore, isJson } from './credential-store.ts'
import { fileNameOf } from './item-file.ts'
import type { KeyringBinding } from './keyring-binding.ts'
import type { NativeKeychain } from './native-keychain.ts'
import type { BusLocation } from './secret-service/address.ts'
import type { SecretServiceState } from './secret-service/probe.ts'
import { readSecret } from './secret-service/read-secret.ts'

export interface KeychainOptions {
  platform: NodeJS.Platform
  dbus: BusLocation
  /** The user's number, for the session bus; undefined on Windows. */
  uid: number | undefined
  /** Whether the user can answer an unlock dialog. */
  interactive: () => boolean
  clock: Clock
  log: Log
  warn: Warn
  /** Under which name items appear in the platform's keychain. */
  service?: string | undefined
  loadBinding?: ((platform: NodeJS.Platform) => KeyringBinding | undefined) | undefined
  /** How long one call may take that cannot be foreseen (macOS, Windows, unknown Secret Service). */
  timeoutMs?: number | undefined
}

export interface KeychainStore extends CredentialStore {
  readonly kind: 'keychain'
  /** Looks whether the keychain can be used, without anything that could open a dialog. */
  probe(): Promise<KeychainState>
}

/** State of the platform's keychain. macOS and Windows cannot be asked: there it is `unknown`. */
export type KeychainState = SecretServiceState | 'no-binding'

/** How long the Secret Service may take to answer a read, which never asks the user. */
const readTimeoutMs = 3000

/**
 * The operating system's keychain: macOS Keychain, Windows Credential Manager, or the Secret Service elsewhere. What the
 * Secret Service gives without asking the user is read over the bus; the rest is `native-keychain.ts`.
 */
export function keychainStore(options: KeychainOptions): KeychainStore {
  const { platform, log, warn, service = 'sesame' } = options
  const windows = platform === 'win32'
  const busBased = platform !== 'darwin' && !windows
  let native: Promise<NativeKeychain> | undefined
  const load = () => {
    native ??= import('./native-keychain.ts').then(({ nativeKeychain }) => nativeKeychain(options))
    return native
  }

  /** Two round trips on the bus, instead of a probe, a library and a key exchange. */
  async function readOverBus(name: string): Promise<Uint8Array | undefined> {
    const bus = { ...options.dbus, uid: options.uid ?? -1, timeoutMs: readTimeoutMs }
    const { state, bytes } = await readSecret(bus, { service, username: name })
    log('sesame:store', `keychain: ${state}`)
    if (state === 'unlocked') return bytes
    if (state === 'timeout') throw (await import('./keychain-errors.ts')).stateError(state)
    // A person may unlock it, and a service of another make may be understood by the binding.
    return (await load()).read(name)
  }

  // Windows does not distinguish upper from lower case in names.
  const nameOf = (key: string) => (windows ? fileNameOf(key) : key)

  return {
    kind: 'keychain',
    probe: async () => (await load()).probe(),
    async read(key) {
      const bytes = await (busBased ? readOverBus(key) : (await load()).read(nameOf(key)))
      if (bytes === undefined) return undefined
      const value = Buffer.from(bytes).toString('utf8')
      if (isUtf8(bytes) && isJson(value)) return value
      warn(`Ignoring malformed keychain item ${printable(key)}.`)
      return undefined
    },
    write: async (key, value) => (await load()).write(nameOf(key), Buffer.from(value)),
    remove: async (key) => (await load()).remove(nameOf(key)),
  }
}
