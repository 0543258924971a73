import { join } from 'node:path'

/** Where the lock of this name lies, for all processes with the same directory. */
export function lockPath(directory: string, name: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return join(directory, 'locks', `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.lock`)
}
