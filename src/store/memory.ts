import type { CredentialStore } from './credential-store.ts'

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
