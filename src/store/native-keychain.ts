import { within } from '../kit/index.ts'
import { type ByteItems, chunkedItems } from './chunked.ts'
import type { KeychainOptions, KeychainState } from './keychain.ts'
import { keychainError, keychainTimeout, stateError } from './keychain-errors.ts'
import { type KeyringBinding, loadKeyringBinding } from './keyring-binding.ts'
import { foreignBus } from './secret-service/bus-owner.ts'
import { probeSecretService } from './secret-service/probe.ts'
import { unlockSecretService } from './secret-service/unlock.ts'

/** What `keychain.ts` leaves to this file. */
export interface NativeKeychain {
  probe(): Promise<KeychainState>
  read(name: string): Promise<Uint8Array | undefined>
  write(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<boolean>
}

const probeTimeoutMs = 3000
const unlockTimeoutMs = 120_000
/** After a call that worked the next ones go without a probe for so long. */
const trustedMs = 1000
/** Windows takes 2560 bytes an item. */
const windowsItemBytes = 2400

/**
 * The keychain by way of the native binding: writing and removing everywhere, reading where nothing quicker is at hand,
 * and unlocking.
 */
export function nativeKeychain(options: KeychainOptions): NativeKeychain {
  const { platform, clock, log, warn, interactive, service = 'sesame' } = options
  const bus = { ...options.dbus, uid: options.uid ?? -1 }
  const busBased = platform !== 'darwin' && platform !== 'win32'
  const timeoutMs = options.timeoutMs ?? (interactive() ? 60_000 : 8000)
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
    if (now === 'locked' && interactive()) {
      await unlock()
      now = await probe()
    }
    const native = binding()
    if (native === undefined) throw stateError('no-binding')
    if (now !== 'unlocked' && now !== 'unknown')
      throw stateError(now, busBased ? foreignBus(bus, bus.uid) : undefined)
    const linux = busBased ? ({ linux: { store: 'secret-service' } } as const) : undefined
    try {
      if (now === 'unlocked') {
        const entry = entries.get(name) ?? new native.Entry(service, name, linux)
        entries.set(name, entry)
        const result = act(entry)
        trust()
        return await result
      }
      const late = () => {
        throw keychainTimeout(timeoutMs)
      }
      // The native call itself cannot be ended: it keeps its thread until the keychain answers.
      const result = Promise.resolve(act(new native.AsyncEntry(service, name, linux)))
      return await within({ ms: timeoutMs, clock, late }, result)
    } catch (error) {
      state = undefined
      throw keychainError(error)
    }
  }

  function trust(): void {
    state = { is: 'unlocked', untilMs: clock.monotonicMs() + trustedMs }
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

  return {
    probe,
    read: (name) => values.get(name),
    write: (name, bytes) => values.set(name, bytes),
    remove: (name) => values.delete(name),
  }
}

/** What `Entry` (results) and `AsyncEntry` (promises) have in common. */
interface EntryLike {
  getSecret(): number[] | null | Promise<number[] | null>
  setSecret(bytes: Uint8Array): void | Promise<void>
  deleteCredential(): boolean | Promise<boolean>
}
