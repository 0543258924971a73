import { join } from 'node:path'
import {
  ensurePrivateDirectory,
  isPrivateDirectory,
  removePrivateFile,
  writePrivateFile,
} from '../files/index.ts'
import { type CredentialStore, isJson, parseVersion1 } from './credential-store.ts'
import { type ItemReading, itemPath, readItem } from './item-file.ts'

/**
 * Files of mode 0600 that anyone who can read them can use: only for those who have named this store. One item a file
 * in `<directory>/plaintext-secrets`, `{"v":1,"key":…,"value":…}`.
 */
export function plaintextFileStore(options: ItemReading & { directory: string }): CredentialStore {
  const directory = join(options.directory, 'plaintext-secrets')
  return {
    kind: 'plaintext',
    async read(key) {
      if (!isPrivateDirectory(directory, options.warn)) return undefined
      const item = readItem(itemPath(directory, key), parseItem, options)
      return item?.key === key ? item.value : undefined
    },
    async write(key, value) {
      ensurePrivateDirectory(options.directory, options.warn)
      ensurePrivateDirectory(directory, options.warn)
      writePrivateFile(itemPath(directory, key), JSON.stringify({ v: 1, key, value }), { secret: true })
    },
    remove: async (key) =>
      isPrivateDirectory(directory, options.warn) && removePrivateFile(itemPath(directory, key)),
  }
}

function parseItem(text: string): { key: string; value: string } | undefined {
  const { key, value } = parseVersion1(text) ?? {}
  if (typeof key !== 'string' || typeof value !== 'string' || !isJson(value)) return undefined
  return { key, value }
}
