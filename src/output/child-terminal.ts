import { closeSync, openSync, readFileSync } from 'node:fs'
import { errorCode } from '../kit/index.ts'

/**
 * True when this process is in the foreground group of its terminal, where SIGINT and other signals of the terminal reach the child
 * by the terminal as well. Without /proc every process that has a terminal counts: signals to a background
 * process there are rarer than Ctrl-C, and an interrupt that comes twice makes programs give up their cleaning up.
 */
export function isInForeground(): boolean {
  const stat = valueUnless(['ENOENT', 'EACCES'], () => readFileSync('/proc/self/stat', 'utf8'))
  if (stat === undefined) return hasTerminal()
  // Fields of proc(5) from the third on: the second, the name, may hold anything but ends with the last bracket.
  const [, , group, , , foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return group === foregroundGroup
}

function hasTerminal(): boolean {
  const descriptor = valueUnless(['ENXIO', 'ENOENT', 'ENOTTY', 'EACCES', 'EIO'], () =>
    openSync('/dev/tty', 'r'),
  )
  if (descriptor === undefined) return false
  closeSync(descriptor)
  return true
}

/** What `read` returns, or undefined when it fails with one of the codes that mean "there is none". */
function valueUnless<T>(codes: readonly string[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (codes.includes(errorCode(error) ?? '')) return undefined
    throw error
  }
}
