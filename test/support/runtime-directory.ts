import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'

/** Where Linux has a file system in memory that all users may write to. */
const memory = '/dev/shm'

export const hasMemory = process.platform === 'linux' && existsSync(memory)

/**
 * Where files of tests can be kept in memory, since a disk takes as long to write what is not to be lost as the tests take for all
 * the rest. Undefined where there is none, or as little as a container has, or where no program in it can be run.
 */
export function roomyMemory(): string | undefined {
  if (!hasMemory) return undefined
  const { bavail, bsize } = statfsSync(memory)
  const [, options = ''] = / \/dev\/shm tmpfs (\S+)/.exec(readFileSync('/proc/self/mounts', 'utf8')) ?? []
  if (bavail * bsize < 2 ** 30 || !/^rw(?!.*\bnoexec\b)/.test(options)) return undefined
  return memory
}

/** A directory as session managers make it for `XDG_RUNTIME_DIR`: in memory, of this user alone. */
export function makeRuntimeDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(`${memory}/runtime-`)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
