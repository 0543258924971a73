import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs'
import { addAbortSignal, type Readable } from 'node:stream'
import { errorCode, printable, SesameError } from '../kit/index.ts'

/** Long enough for `<(…)` that fetches something, short enough for a pipe without a writer. */
const defaultWithinMs = 10_000

/** Names of our own standard input; opened by them, a socket could not be read. */
const standardInput = /^\/(?:dev\/(?:stdin|fd\/0)|proc\/self\/fd\/0)$/

/**
 * The text of a file that an option names: a regular file, a pipe as in `--file <(…)`, a device. What is longer than
 * `maxBytes`, or does not end in time, is refused: `/dev/zero` never ends, and a FIFO may have no writer.
 *
 * @throws SesameError ERR_USAGE
 */
export async function readInputFile(
  path: string,
  maxBytes: number,
  withinMs: number = defaultWithinMs,
): Promise<string> {
  const late = AbortSignal.timeout(withinMs)
  const shown = printable(path)
  try {
    return await readAll(addAbortSignal(late, await openInput(path)), maxBytes, shown)
  } catch (cause) {
    if (late.aborted)
      throw new SesameError('ERR_USAGE', `${shown} did not end within ${withinMs / 1000} s.`, { cause })
    const reason = errorCode(cause)
    if (cause instanceof SesameError || reason === undefined) throw cause
    throw new SesameError('ERR_USAGE', `${shown} cannot be read (${reason}).`, { cause })
  }
}

async function openInput(path: string): Promise<Readable> {
  if (standardInput.test(path)) return process.stdin
  // Opening a FIFO would otherwise wait for a writer, in a thread that cannot be ended.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const stats = fstatSync(fd)
  if (stats.isFIFO()) {
    const { Socket } = await import('node:net')
    return new Socket({ fd, readable: true, writable: false })
  }
  if (!stats.isDirectory()) return createReadStream(path, { fd })
  closeSync(fd)
  throw Object.assign(new Error('a directory'), { code: 'EISDIR' })
}

async function readAll(stream: Readable, maxBytes: number, shown: string): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk))
    length += chunk.length
    if (length > maxBytes)
      throw new SesameError('ERR_USAGE', `${shown} is longer than ${Math.floor(maxBytes / 1024)} kB.`)
  }
  return Buffer.concat(chunks).toString('utf8')
}
