import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** Where peers are installed by `--install`, and kept from run to run. */
export const peersCache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sesame-peers')

/** Finds a program in the folder that SESAME_PEERS names, in the cache, or in PATH; undefined when it is in none. */
export function findProgram(name: string): string | undefined {
  const { SESAME_PEERS = '', PATH = '' } = process.env
  const folders = [SESAME_PEERS, join(peersCache, 'bin'), ...PATH.split(delimiter)].filter(Boolean)
  return folders.map((folder) => join(folder, name)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}
