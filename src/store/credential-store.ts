import type { StoreKind } from '../kit/index.ts'

/**
 * A place for small JSON texts under printable ASCII keys. Callers take a lock around read-renew-write; single
 * calls need none.
 *
 * Failures are `SesameError`s: `ERR_STORE_LOCKED` and `ERR_STORE_UNAVAILABLE` when the store cannot be asked (never
 * reported as "nothing there"), `ERR_STORE_PASSPHRASE` for a wrong passphrase, `ERR_FILE` for a file or disk in the
 * way. What is there but makes no sense is set aside with a warning and reads as undefined.
 */
export interface CredentialStore {
  readonly kind: StoreKind
  read(key: string): Promise<string | undefined>
  write(key: string, value: string): Promise<void>
  /** True when there was something to remove. */
  remove(key: string): Promise<boolean>
}

/** Takes one line for the person at the terminal. */
export type Warn = (line: string) => void

/** True for text that `JSON.parse` takes: whatever cut, emptied or overwrote an item rarely leaves it so. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
