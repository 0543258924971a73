import { closeSync, constants, openSync, readSync } from 'node:fs'
import { errorCode } from '../kit/index.ts'

/**
 * Forgets what was typed before a question was on the screen: an Enter pressed while waiting for the browser must not
 * choose an account that the user has not seen. Where there is no terminal device to ask (Windows), nothing is forgotten.
 */
export function forgetTypedAhead(): void {
  const { stdin } = process
  if (!stdin.isTTY) return
  const terminal = openTerminal()
  if (terminal === undefined) return
  const wasRaw = stdin.isRaw
  try {
    // A line that was begun but not ended can be read in raw mode only.
    stdin.setRawMode(true)
    while (readSome(terminal));
  } finally {
    stdin.setRawMode(wasRaw)
    closeSync(terminal)
  }
}

function openTerminal(): number | undefined {
  try {
    return openSync('/dev/tty', constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}

/** False when there is nothing left to read. */
function readSome(terminal: number): boolean {
  try {
    return readSync(terminal, Buffer.alloc(4096)) > 0
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
}
