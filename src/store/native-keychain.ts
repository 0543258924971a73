import { within } from '../kit/index.ts'
import { type ByteItems, chunkedItems } from './chunked.ts'
import { type Keychain, type KeychainOptions, unansweredForMs } from './keychain.ts'
import { keychainError, keychainTimeout, stateError } from './keychain-errors.ts'
import { type LoadedBinding, loadKeyringBinding } from './keyring-binding.ts'
import { type NativeCalls, nativeProcess } from './native-process.ts'

/** How long a program waits for one call, so that it ends within ten seconds; and a user, who may be answering a dialog. */
const programLimitMs = 7000
const userLimitMs = 60_000
/** Windows takes 2560 bytes an item. */
const windowsItemBytes = 2400

/** The keychains of macOS and Windows, by way of the native binding. */
export function nativeKeychain(options: KeychainOptions): Keychain {
  const { platform, clock, log, service = 'sesame', loadBinding, node } = options
  const { userPresent = options.interactive } = options
  const timeoutMs = options.timeoutMs ?? (userPresent() ? userLimitMs : programLimitMs)
  // Windows opens no dialog: there it is quicker without another process.
  const apart = platform === 'darwin' && loadBinding === undefined && node !== undefined
  const calls = apart
    ? nativeProcess({ platform, service, node })
    : callsHere(loadBinding?.(platform) ?? loadKeyringBinding(platform, options.cacheDirectory), service)
  let whyNot: Promise<string | undefined> | undefined
  let askAgainAtMs = options.unanswered === true ? clock.monotonicMs() + unansweredForMs : 0

  /** One call, which ends, and its failure in our words. */
  async function call<T>(act: () => Promise<T>): Promise<T> {
    if (clock.monotonicMs() < askAgainAtMs) throw keychainTimeout(timeoutMs)
    whyNot ??= calls.whyNot()
    const late = () => {
      askAgainAtMs = clock.monotonicMs() + unansweredForMs
      calls.end()
      throw keychainTimeout(timeoutMs)
    }
    const acted = whyNot.then((reason) => {
      if (reason !== undefined) throw stateError('no-binding', reason)
      return act()
    })
    try {
      return await within({ ms: timeoutMs, clock, late }, acted)
    } catch (error) {
      throw keychainError(error)
    }
  }

  const items: ByteItems = {
    get: (name) => call(() => calls.get(name)),
    set: (name, bytes) => call(() => calls.set(name, bytes)),
    delete: (name) => call(() => calls.delete(name)),
  }
  const values = platform === 'win32' ? chunkedItems(items, windowsItemBytes) : items

  return {
    async probe() {
      whyNot ??= calls.whyNot()
      const reason = await whyNot
      const state = reason === undefined ? 'unknown' : 'no-binding'
      log('sesame:store', `keychain: ${state}${reason === undefined ? '' : `: ${reason}`}`)
      return { state, reason }
    },
    read: (name) => values.get(name),
    write: (name, bytes) => values.set(name, bytes),
    remove: (name) => values.delete(name),
  }
}

/** The calls in this process. */
function callsHere(loaded: LoadedBinding, service: string): NativeCalls {
  const entry = (name: string) => {
    if ('reason' in loaded) throw stateError('no-binding', loaded.reason)
    return new loaded.binding.AsyncEntry(service, name)
  }
  return {
    whyNot: async () => ('reason' in loaded ? loaded.reason : undefined),
    get: async (name) => {
      const bytes: ArrayLike<number> | null | undefined = await entry(name).getSecret()
      return bytes ? Uint8Array.from(bytes) : undefined
    },
    set: (name, bytes) => entry(name).setSecret(bytes),
    delete: (name) => entry(name).deleteCredential(),
    end: () => {},
  }
}
