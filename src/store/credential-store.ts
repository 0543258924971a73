import { parseJson, parseRecord, type StoreKind } from '../kit/index.ts'

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

/** The same store with a prefix before the name of each item; an empty one changes nothing. */
export function withPrefix(store: CredentialStore, prefix: string): CredentialStore {
  if (prefix === '') return store
  return {
    kind: store.kind,
    read: (key) => store.read(prefix + key),
    write: (key, value) => store.write(prefix + key, value),
    remove: (key) => store.remove(prefix + key),
  }
}

/** Keeps nothing beyond this process: for a run without any better place, and for tests. */
export function memoryStore(): CredentialStore {
  const items = new Map<string, string>()
  return {
    kind: 'memory',
    read: async (key) => items.get(key),
    write: async (key, value) => {
      items.set(key, value)
    },
    remove: async (key) => items.delete(key),
  }
}

/** JSON text as an object with unknown members; undefined for anything else, and for another format version. */
export function parseVersion1(text: string): Record<string, unknown> | undefined {
  const record = parseRecord(text)
  return record?.v === 1 ? record : undefined
}
