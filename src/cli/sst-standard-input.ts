import { readSync } from 'node:fs'
import { errorCode, SesameError } from '../errors.ts'

const maxBytes = 65_536
const retryPauseMs = 10

/**
 * All of the standard input, without the line end that closes it. `what` names it in errors.
 * @throws SesameError ERR_USAGE at a terminal, when there is nothing, or too much
 */
export function readStandardInput(what: string, { isTerminal }: { isTerminal: boolean }): string {
  if (isTerminal) {
    throw new SesameError('ERR_USAGE', `${what} is read from the standard input, and nobody pipes it in.`, {
      hint: 'For example: sesame sst verify --key-file key.yaml - < token',
    })
  }
  const chunks: Buffer[] = []
  let length = 0
  for (;;) {
    const chunk = readSome()
    if (chunk.length === 0) break
    length += chunk.length
    if (length > maxBytes) throw new SesameError('ERR_USAGE', `${what} is longer than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  if (text !== '') return text
  throw new SesameError('ERR_USAGE', `${what} is missing: the standard input is empty.`)
}

/** Empty at the end. */
function readSome(): Buffer {
  const bytes = Buffer.alloc(4096)
  for (;;) {
    try {
      return bytes.subarray(0, readSync(0, bytes))
    } catch (error) {
      // Windows calls the end of a pipe an error; a closed descriptor has nothing to say either.
      if (['EOF', 'EBADF'].includes(errorCode(error) ?? '')) return Buffer.alloc(0)
      if (errorCode(error) !== 'EAGAIN') throw error
      // Somebody made the pipe non-blocking, and nothing is in it yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryPauseMs)
    }
  }
}
