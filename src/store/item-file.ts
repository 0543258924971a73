import { join } from 'node:path'
import { readPrivateFile, setAside } from '../files/index.ts'
import { type Clock, errorCode, fingerprint, isSesameError, printable, t, type Warn } from '../kit/index.ts'

/** File systems take 255 bytes; extensions and temporary names need some of them. */
const longestName = 180

const plainCharacters = 'abcdefghijklmnopqrstuvwxyz0123456789._-'

/** Where a file store keeps the item of this key. */
export function itemPath(directory: string, key: string): string {
  return join(directory, `${fileNameOf(key)}.json`)
}

/**
 * A key as a file name: what is not `[a-z0-9._-]` becomes `%xx`, upper case too, since some file systems do not distinguish
 * it from lower case, and so does a leading dot. Long names are cut and end in a hash of the whole; the files hold
 * their key, so that two keys of one name are noticed.
 */
export function fileNameOf(key: string): string {
  let name = ''
  // A loop and not a replace with a callback, by characters and not by bytes: this is on the cached path.
  for (const char of key) {
    const plain = plainCharacters.includes(char) && !(char === '.' && name === '')
    name += plain ? char : escaped(char)
  }
  return name.length <= longestName ? name : `${name.slice(0, longestName - 17)}-${fingerprint(key)}`
}

function escaped(char: string): string {
  const bytes = char < '\u0080' ? [char.charCodeAt(0)] : [...Buffer.from(char)]
  return bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}

export interface ItemReading {
  clock: Clock
  warn: Warn
}

/**
 * Reads a file and understands it with `parse`; undefined when there is none. What `parse` makes nothing of, or what
 * is far too large, is set aside with a warning and counts as absent.
 */
export function readItem<T>(
  path: string,
  parse: (text: string) => T | undefined,
  { clock, warn }: ItemReading,
): T | undefined {
  const first = read(path, warn)
  if (first === undefined) return undefined
  const parsed = first === 'too large' ? undefined : parse(first)
  if (parsed !== undefined) return parsed
  // A writer may have replaced it since: what is moved away must be what was found damaged.
  const again = read(path, warn)
  if (again !== first) return again === undefined || again === 'too large' ? undefined : parse(again)
  warn(
    t('Malformed item {path} was moved to {kept}.', {
      path: printable(path),
      kept: printable(setAside(path, clock.now())),
    }),
  )
  return undefined
}

function read(path: string, warn: Warn): string | undefined {
  try {
    return readPrivateFile(path, { warn })
  } catch (error) {
    if (isSesameError(error, 'ERR_FILE') && errorCode(error.cause) === 'EFBIG') return 'too large'
    throw error
  }
}
