import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Where a program is, or that only the current directory has one of this name. */
export type FoundProgram = { kind: 'found'; path: string } | { kind: 'only-here' } | { kind: 'not-found' }

/**
 * Looks a program up in the PATH as execvp(3) does, but leaves out what the current directory decides: `.`, empty and relative
 * entries. A checkout of another author must not choose which program gets the credentials (CVE-2022-30580 was the same in Go).
 * A command with a slash is a path, taken as it is.
 */
export function findProgram(command: string, path: string | undefined): FoundProgram {
  if (command.includes('/')) return { kind: 'found', path: command }
  // Without a PATH, the system's own.
  const entries = (path ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter)
  const found = entries.find((entry) => isAbsolute(entry) && isProgram(join(entry, command)))
  if (found !== undefined) return { kind: 'found', path: join(found, command) }
  const here = entries.some((entry) => !isAbsolute(entry) && isProgram(join(entry || '.', command)))
  return { kind: here ? 'only-here' : 'not-found' }
}

/** Whether a path leads to a file that may be executed. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}
