import { existsSync, mkdtempSync, rmSync } from 'node:fs'

/** Where Linux has a file system in memory that all users may write to. */
const memory = '/dev/shm'

export const hasMemory = process.platform === 'linux' && existsSync(memory)

/** A directory as session managers make it for `XDG_RUNTIME_DIR`: in memory, of this user alone. */
export function makeRuntimeDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(`${memory}/runtime-`)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
