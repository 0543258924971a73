import type { CredentialStore } from './credential-store.ts'

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
