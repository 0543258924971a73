import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs'
import { addAbortSignal, type Readable } from 'node:stream'
import { fileReason } from '../files/index.ts'
import { errorCode, printable, SesameError, t, withDeadline } from '../kit/index.ts'
import { readUpTo } from '../terminal/index.ts'

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
  const shown = printable(path)
  const late = () =>
    new SesameError(
      'ERR_USAGE',
      t('{path} did not end within {seconds} s.', { path: shown, seconds: withinMs / 1000 }),
    )
  try {
    return await withDeadline({ ms: withinMs, late }, async (signal) => {
      const stream = addAbortSignal(signal, await openInput(path))
      const { text, complete } = await readUpTo(stream, maxBytes).catch((error: unknown) => {
        // The stream wraps the reason of the abort in an error of its own.
        throw signal.aborted ? signal.reason : error
      })
      if (complete) return text
      throw new SesameError(
        'ERR_USAGE',
        t('{path} is longer than {size} kB.', { path: shown, size: Math.floor(maxBytes / 1024) }),
      )
    })
  } catch (cause) {
    const code = errorCode(cause)
    if (cause instanceof SesameError || code === undefined) throw cause
    throw new SesameError(
      'ERR_USAGE',
      t('{path} cannot be read ({code}): {reason}.', { path: shown, code, reason: fileReason(path, cause) }),
      {
        cause,
      },
    )
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
