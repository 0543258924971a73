import type { Clock } from '../clock.ts'
import { errorCode, SesameError } from '../errors.ts'
import type { Log } from '../log.ts'
import { printable } from '../printable.ts'
import { type ByteItems, chunkedItems } from './chunked.ts'
import { type CredentialStore, isJson, type Warn } from './credential-store.ts'
import type { BusLocation } from './dbus-address.ts'
import { probeSecretService, type SecretServiceState } from './dbus-probe.ts'
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
  const { platform, clock, log, warn, interactive } = options
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
    const { uid = -1, dbus } = options
    const asked = busBased ? probeSecretService({ ...dbus, uid, timeoutMs: probeTimeoutMs }) : undefined
    // One turn of the event loop sends the question; the binding loads while the bus works on the answer.
    if (asked && !loaded) await new Promise((resolve) => setImmediate(resolve))
    const found = binding() === undefined ? 'no-binding' : ((await asked) ?? 'unknown')
    log('sesame:store', `keychain: ${found}`)
    state = { is: found, untilMs: clock.monotonicMs() + trustedMs }
    return found
  }

  async function unlock(): Promise<void> {
    warn('The keyring is locked; waiting for you to unlock it (Ctrl-C gives up).')
    const { uid = -1, dbus } = options
    const outcome = await unlockSecretService({ ...dbus, uid, timeoutMs: unlockTimeoutMs })
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
    if (native === undefined || (now !== 'unlocked' && now !== 'unknown')) throw stateError(now)
    const { service = 'sesame' } = options
    const linux = busBased ? ({ linux: { store: 'secret-service' } } as const) : undefined
    try {
      if (now === 'unlocked') {
        const entry = entries.get(name) ?? new native.Entry(service, name, linux)
        entries.set(name, entry)
        const result = act(entry)
        state = { is: 'unlocked', untilMs: clock.monotonicMs() + trustedMs }
        return await result
      }
      return await withTimeout(Promise.resolve(act(new native.AsyncEntry(service, name, linux))), timeoutMs)
    } catch (error) {
      state = undefined
      throw keychainError(error)
    }
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
      const bytes = await values.get(nameOf(key))
      if (bytes === undefined) return undefined
      const value = decodeUtf8(bytes)
      if (value !== undefined && isJson(value)) return value
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

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    if (errorCode(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA') return undefined
    throw error instanceof SesameError ? error : keychainError(error)
  }
}
