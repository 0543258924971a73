import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { decodeText } from '../kit/index.ts'

const { O_RDONLY, O_NONBLOCK } = constants

/**
 * The text of a file that the environment names, such as one of certificates. A FIFO without a writer would be waited for, and
 * `/dev/zero` read for ever: only a regular file of bounded size is read. Links are followed.
 *
 * @throws Error with the system's `code`; `EINVAL` for what is no regular file, `EFBIG` for one above `maxBytes`
 */
export function readRegularFile(path: string, maxBytes: number): string {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw failure('EINVAL', 'not a regular file')
    if (stats.size > maxBytes) throw failure('EFBIG', `larger than ${maxBytes} bytes`)
    return decodeText(readFileSync(fd)).text
  } finally {
    closeSync(fd)
  }
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
