import { constants, fstatSync, readSync } from 'node:fs'
import { SesameError } from '../errors.ts'
import { printable } from '../printable.ts'
import { refused, windows, withFile } from '../private-access.ts'
import { rememberSecret } from '../secret.ts'

/** A key file, either generation. */
export interface KeyFile {
  /** Seals, and opens. */
  key: string
  /** Only open, until their time if they have one. */
  formerKeys: readonly FormerKey[]
  /** Of the later generation: the name in the tokens' prefix. */
  serviceName?: string
}

export interface FormerKey {
  key: string
  until?: Date
}

const maxBytes = 65_536

/**
 * Reads a key file: `key:` (or `aesKey:` and `serviceName:`, the later generation), and `formerKeys:`, a list of texts or
 * of `key:` and `until:`. Refuses a file that its group or others can read, unless `allowShared`.
 * @throws SesameError ERR_FILE, ERR_CONFIG; never with a word of the content
 */
export async function readKeyFile(
  path: string,
  { allowShared = false }: { allowShared?: boolean } = {},
): Promise<KeyFile> {
  const text = withFile(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0), 'read', (fd) => {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw refused(path, 'it is not a regular file', 'Name a key file.')
    if (stats.size > maxBytes) throw refused(path, `it is larger than ${maxBytes} bytes`, 'Name a key file.')
    if (!windows && !allowShared && (stats.mode & 0o077) !== 0) {
      const name = printable(path)
      throw refused(
        path,
        'others can read this key',
        `Run "chmod 600 ${name}", or say that it is meant (--force).`,
      )
    }
    const bytes = Buffer.alloc(stats.size)
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0))
  })
  if (text === undefined) {
    throw new SesameError('ERR_FILE', `There is no key file ${printable(path)}.`, {
      hint: '"sesame sst create-key --key-file FILE" makes one.',
    })
  }
  return parseKeyFile(text, `The key file ${printable(path)}`)
}

/** Reads the text of a key file; `what` names it in errors. @throws SesameError ERR_CONFIG */
export async function parseKeyFile(text: string, what: string): Promise<KeyFile> {
  const entries = await parseYaml(text, what)
  const key = textOf(entries.key)
  const aesKey = textOf(entries.aesKey)
  if (key !== undefined && aesKey !== undefined && key !== aesKey) {
    throw unreadable(what, 'names two different keys, "key" and "aesKey"')
  }
  const sealing = key ?? aesKey
  if (sealing === undefined) throw unreadable(what, 'names no key: it needs key: "…"')
  rememberSecret(sealing)
  const serviceName = textOf(entries.serviceName)
  const formerKeys = readFormerKeys(entries.formerKeys, what)
  return { key: sealing, formerKeys, ...(serviceName === undefined ? {} : { serviceName }) }
}

/**
 * Every scalar stays the text that it is, as in the Go program: a key of digits is no number. Whatever the parser says
 * may quote the file, so it is not passed on.
 */
async function parseYaml(text: string, what: string): Promise<Record<string, unknown>> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false })
  if (document.errors.length > 0) throw unreadable(what, 'is not YAML')
  const content = toPlain(document, what)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw unreadable(what, 'names no key: it needs key: "…"')
  }
  return { ...content }
}

function toPlain(document: { toJS(options: { maxAliasCount: number }): unknown }, what: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    // Aliases can make a short file as large as one likes.
    if (error instanceof ReferenceError) throw unreadable(what, 'uses aliases')
    throw error
  }
}

function readFormerKeys(value: unknown, what: string): FormerKey[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw unreadable(what, 'has formerKeys that are no list')
  return value.map((entry: unknown) => {
    const fields: Record<string, unknown> =
      typeof entry === 'object' && entry !== null ? { ...entry } : { key: entry }
    const key = textOf(fields.key)
    if (key === undefined) throw unreadable(what, 'has a former key without a text')
    rememberSecret(key)
    if (fields.until === undefined) return { key }
    const until = new Date(textOf(fields.until) ?? '')
    if (Number.isNaN(until.getTime()))
      throw unreadable(what, 'has a former key whose "until" is no date and time')
    return { key, until }
  })
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function unreadable(what: string, why: string): SesameError {
  return new SesameError('ERR_CONFIG', `${what} ${why}.`)
}
