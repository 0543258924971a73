import { isUtf8 } from 'node:buffer'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { printable } from '../printable.ts'
import { type ByteItems, chunkedItems } from './chunked.ts'
import { type CredentialStore, isJson, type Warn } from './credential-store.ts'
import type { BusLocation } from './dbus-address.ts'
import { probeSecretService, type SecretServiceState } from './dbus-probe.ts'
import { readSecret } from './dbus-read-secret.ts'
import { unlockSecretService } from './dbus-unlock.ts'
import { fileNameOf } from './item-file.ts'
import { keychainError, keychainTimeout, stateError } from './keychain-errors.ts'
import { type KeyringBinding, loadKeyringBinding } from './keyring-binding.ts'

export interface KeychainOptions {
  platform: NodeJS.Platform
  dbus: BusLocation
  /** The user's number, for the session bus; undefined on Windows. */
  uid: number | undefined
  /** True when a person sits here who can answer an unlock dialog. */
  interactive: boolean
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

const probeTimeoutMs = 3000
const unlockTimeoutMs = 120_000
/** After a call that worked the next ones go without a probe for so long. */
const trustedMs = 1000
/** Windows takes 2560 bytes an item. */
const windowsItemBytes = 2400

/** The operating system's keychain: macOS Keychain, Windows Credential Manager, or the Secret Service elsewhere. */
export function keychainStore(options: KeychainOptions): KeychainStore {
  const { platform, clock, log, warn, interactive, service = 'sesame' } = options
  const bus = { ...options.dbus, uid: options.uid ?? -1 }
  const busBased = platform !== 'darwin' && platform !== 'win32'
  const timeoutMs = options.timeoutMs ?? (interactive ? 60_000 : 8000)
  const entries = new Map<string, InstanceType<KeyringBinding['Entry']>>()
  let loaded: { binding: KeyringBinding | undefined } | undefined
  let state: { is: KeychainState; untilMs: number } | undefined

  function binding(): KeyringBinding | undefined {
    loaded ??= { binding: (options.loadBinding ?? loadKeyringBinding)(platform) }
    return loaded.binding
  }

  async function probe(): Promise<KeychainState> {
    if (state !== undefined && clock.monotonicMs() < state.untilMs) return state.is
    const asked = busBased ? probeSecretService({ ...bus, timeoutMs: probeTimeoutMs }) : undefined
    // One turn of the event loop sends the question; the binding loads while the bus works on the answer.
    if (asked && !loaded) await new Promise((resolve) => setImmediate(resolve))
    const found = binding() === undefined ? 'no-binding' : ((await asked) ?? 'unknown')
    log('sesame:store', `keychain: ${found}`)
    state = { is: found, untilMs: clock.monotonicMs() + trustedMs }
    return found
  }

  async function unlock(): Promise<void> {
    warn('The keyring is locked; waiting for you to unlock it (Ctrl-C gives up).')
    const outcome = await unlockSecretService({ ...bus, timeoutMs: unlockTimeoutMs })
    log('sesame:store', `keychain unlock: ${outcome}`)
    state = undefined
    if (outcome !== 'unlocked') throw stateError('locked')
  }

  /** One call of the binding, made so that it cannot hang, and its failure in our words. */
  async function call<T>(name: string, act: (entry: EntryLike) => T | Promise<T>): Promise<T> {
    let now = await probe()
    if (now === 'locked' && interactive) {
      await unlock()
      now = await probe()
    }
    const native = binding()
    if (native === undefined) throw stateError('no-binding')
    if (now !== 'unlocked' && now !== 'unknown') throw stateError(now)
    const linux = busBased ? ({ linux: { store: 'secret-service' } } as const) : undefined
    try {
      if (now === 'unlocked') {
        const entry = entries.get(name) ?? new native.Entry(service, name, linux)
        entries.set(name, entry)
        const result = act(entry)
        trust()
        return await result
      }
      return await withTimeout(Promise.resolve(act(new native.AsyncEntry(service, name, linux))), timeoutMs)
    } catch (error) {
      state = undefined
      throw keychainError(error)
    }
  }

  function trust(): void {
    state = { is: 'unlocked', untilMs: clock.monotonicMs() + trustedMs }
  }

  /** The cached path: two round trips on the bus instead of a probe, a library and a key exchange. */
  async function readOverBus(name: string): Promise<Uint8Array | undefined> {
    const read = () => readSecret({ ...bus, timeoutMs: probeTimeoutMs }, { service, username: name })
    let found = await read()
    if (found.state === 'locked' && interactive) {
      await unlock()
      found = await read()
    }
    log('sesame:store', `keychain: ${found.state}`)
    // A service of another make: the binding may understand it.
    if (found.state === 'unknown') return items.get(name)
    if (found.state !== 'unlocked') throw stateError(found.state)
    trust()
    return found.bytes
  }

  const items: ByteItems = {
    get: async (name) => {
      const bytes = await call<number[] | Uint8Array | null>(name, (entry) => entry.getSecret())
      return bytes === null ? undefined : Uint8Array.from(bytes)
    },
    set: (name, bytes) => call(name, (entry) => entry.setSecret(bytes)),
    delete: (name) => call(name, (entry) => entry.deleteCredential()),
  }
  const windows = platform === 'win32'
  const values = windows ? chunkedItems(items, windowsItemBytes) : items
  // Windows does not tell upper from lower case in names.
  const nameOf = (key: string) => (windows ? fileNameOf(key) : key)

  return {
    kind: 'keychain',
    probe,
    async read(key) {
      const bytes = await (busBased ? readOverBus(key) : values.get(nameOf(key)))
      if (bytes === undefined) return undefined
      const value = Buffer.from(bytes).toString('utf8')
      if (isUtf8(bytes) && isJson(value)) return value
      warn(`The keychain item ${printable(key)} makes no sense and is ignored.`)
      return undefined
    },
    write: (key, value) => values.set(nameOf(key), Buffer.from(value)),
    remove: (key) => values.delete(nameOf(key)),
  }
}

/** What `Entry` (results) and `AsyncEntry` (promises) have in common. */
interface EntryLike {
  getSecret(): number[] | null | Promise<number[] | null>
  setSecret(bytes: Uint8Array): void | Promise<void>
  deleteCredential(): boolean | Promise<boolean>
}

/** The native call itself cannot be ended: it keeps its thread until the keychain answers. */
async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(keychainTimeout(timeoutMs)), timeoutMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
