import { parseJson, type StoreKind } from '../kit/index.ts'

/**
 * A place for small JSON texts under printable ASCII keys. Callers take a lock around read-renew-write; single
 * calls need none.
 *
 * Failures are `SesameError`s: `ERR_STORE_LOCKED` and `ERR_STORE_UNAVAILABLE` when the store cannot be asked (never
 * reported as "nothing there"), `ERR_STORE_PASSPHRASE` for a wrong passphrase, `ERR_FILE` for a file or disk in the
 * way. What is there but malformed is set aside with a warning and reads as undefined.
 */
export interface CredentialStore {
  readonly kind: StoreKind
  read(key: string): Promise<string | undefined>
  write(key: string, value: string): Promise<void>
  /** True when there was something to remove. */
  remove(key: string): Promise<boolean>
}

/** True for text that is JSON: whatever cut, emptied or overwrote an item rarely leaves it so. */
export function isJson(text: string): boolean {
  return parseJson(text) !== undefined
}
