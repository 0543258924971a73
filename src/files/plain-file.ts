import { closeSync, constants, fstatSync, openSync, readFileSync, unlinkSync } from 'node:fs'
import {
  asRecord,
  decodeText,
  errorCode,
  isSesameError,
  parseJson,
  printable,
  type TextEncoding,
  t,
} from '../kit/index.ts'
import { checkOwner, fileError, refused, withFile } from './file-calls.ts'
import { windows } from './file-systems.ts'

const maxBytes = 2 ** 20

/** A file of another tool as it was found; `mode` is the permission bits, 0 on Windows. */
export type PlainFile =
  | { kind: 'absent'; path: string }
  | { kind: 'unusable'; path: string; reason: string }
  | { kind: 'text'; path: string; text: string; mode: number; encoding: TextEncoding }

/**
 * Reads a small file that another tool wrote, and leaves it as it is: no mode is repaired. Only a regular file of our
 * own up to 1 MiB is read; a symbolic link is followed only where `followLink` says so. Never waits on a FIFO.
 */
export function readPlainFile(path: string, { followLink = false } = {}): PlainFile {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const flags = O_RDONLY | O_NONBLOCK | (followLink ? 0 : O_NOFOLLOW)
  try {
    const found = withFile(path, flags, 'read', (fd) => {
      const stats = fstatSync(fd)
      if (!stats.isFile()) throw refused(path, t('it is not a regular file'), '')
      if (stats.size > maxBytes)
        throw refused(path, t('it is larger than {maxBytes} bytes', { maxBytes }), '')
      if (!windows) checkOwner(path, stats)
      const mode = windows ? 0 : stats.mode & 0o777
      return { kind: 'text' as const, path, mode, ...decodeText(readFileSync(fd)) }
    })
    return found ?? { kind: 'absent', path }
  } catch (error) {
    if (!isSesameError(error, 'ERR_FILE')) throw error
    return { kind: 'unusable', path, reason: error.message }
  }
}

/** A file's text as a JSON object, or what is wrong with it. The parser's own words would quote the content. */
export function readJsonFile(
  file: PlainFile & { kind: 'text' },
): { kind: 'object'; value: Record<string, unknown> } | { kind: 'unusable'; path: string; reason: string } {
  const { path, text } = file
  const wrong = (reason: string) => ({
    kind: 'unusable' as const,
    path,
    reason: t('Cannot use {path}: {reason}', { path: printable(path), reason }),
  })
  const parsed = parseJson(text)
  if (parsed === undefined) return wrong(t('it is not valid JSON'))
  const record = asRecord(parsed.value)
  return record === undefined ? wrong(t('it does not hold a JSON object')) : { kind: 'object', value: record }
}

/** Deletes files whose content has been taken over, unless it has changed since; returns those that stayed. */
export function deletePlainFiles(files: readonly (PlainFile & { kind: 'text' })[]): string[] {
  const same = ({ path, text }: PlainFile & { kind: 'text' }) => {
    const now = readPlainFile(path)
    return now.kind === 'absent' || (now.kind === 'text' && now.text === text)
  }
  // All or none: the parts belong together.
  if (!files.every(same)) return files.map(({ path }) => path)
  for (const { path } of files) {
    try {
      unlinkSync(path)
    } catch (cause) {
      if (errorCode(cause) !== 'ENOENT') throw fileError('delete', path, cause)
    }
  }
  return []
}

/**
 * The text of a file that the environment names, such as one of certificates. A FIFO without a writer would be waited for, and
 * `/dev/zero` read for ever: only a regular file of bounded size is read. Links are followed.
 *
 * @throws Error with the system's `code`; `EINVAL` for what is no regular file, `EFBIG` for one above `maxBytes`
 */
export function readRegularFile(path: string, maxBytes: number): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
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
