import { constants, fstatSync, readSync, type Stats } from 'node:fs'
import { checkTrustedFile, followTrusted, refused, withFile } from '../files/index.ts'
import {
  decodeText,
  misuse,
  printable,
  readBoolean,
  readOptions,
  readText,
  rememberSecret,
  SesameError,
  t,
} from '../kit/index.ts'
import { inspectYaml } from './inspect-yaml.ts'

/** A key file, either generation. */
export interface KeyFile {
  /** Seals, and opens. */
  key: string
  /** Only open, until their time if they have one. */
  formerKeys: readonly FormerKey[]
  /** Of the later generation: the label in the tokens' prefix; no audience (`TokenServiceOptions.service`). */
  serviceName?: string
}

export interface FormerKey {
  key: string
  until?: Date
}

const mostBytes = 65_536

/** ISO 8601. JavaScript makes a date of nearly anything: of "99999" one that never comes. */
const instant = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/

/**
 * Reads a key file: `key:` (or `aesKey:` and `serviceName:`, the later generation), and `formerKeys:`, a list of texts or
 * of `key:` and `until:`. Refuses a file that its group or others can read, or that belongs to a user other than this one and
 * root; links and directories on the way must be theirs, too. With `allowShared` (secrets mounted into a container) its group
 * may do anything and others may read it.
 * @throws SesameError ERR_USAGE, ERR_FILE, ERR_CONFIG; never with a word of the content
 */
export async function readKeyFile(path: string, options: { allowShared?: boolean } = {}): Promise<KeyFile> {
  const given = readText(path, 'keyFile')
  if (given === undefined) throw misuse('keyFile', t('the path of a key file'))
  const allowShared = readBoolean(readOptions(options).allowShared, 'allowShared') ?? false
  const text = readTrusted(given, allowShared)
  if (text !== undefined) return parseKeyFile(text, t('The key file {path}', { path: printable(given) }))
  throw new SesameError('ERR_FILE', t('There is no key file {path}.', { path: printable(given) }), {
    hint: t('"sesame sst create-key --key-file FILE" makes one.'),
  })
}

function readTrusted(path: string, allowShared: boolean): string | undefined {
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants
  const { path: realPath, stats: expected } = followTrusted(path, { allowShared })
  if (expected === undefined) return undefined
  // What is no file is not even opened: a device may act on it.
  checkKeyFile(path, expected, allowShared)
  return withFile(realPath, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 'read', (fd) => {
    const stats = fstatSync(fd)
    checkKeyFile(path, stats, allowShared)
    if (stats.size > mostBytes)
      throw refused(path, t('it is larger than {bytes} bytes', { bytes: mostBytes }), t('Name a key file.'))
    const bytes = Buffer.alloc(stats.size)
    let length = 0
    // A key of which a part is missing would be another key.
    for (let read = -1; length < bytes.length && read !== 0; length += read)
      read = readSync(fd, bytes, length, bytes.length - length, length)
    return decodeText(bytes.subarray(0, length)).text
  })
}

function checkKeyFile(path: string, stats: Stats, allowShared: boolean): void {
  checkTrustedFile(path, stats, { forbidden: 0o077, why: t('other users can access this key'), allowShared })
}

/** Reads the text of a key file; `what` names it in errors. @throws SesameError ERR_USAGE, ERR_CONFIG */
export async function parseKeyFile(text: string, what: string): Promise<KeyFile> {
  if (typeof text !== 'string') throw misuse('text', t('the text of a key file'), text)
  if (typeof what !== 'string') throw misuse('what', t('a string'), what)
  const entries = readPlainLines(text) ?? (await parseYaml(text, what))
  const key = textOf(entries.key)
  const aesKey = textOf(entries.aesKey)
  if (key !== undefined && aesKey !== undefined && key !== aesKey) {
    throw unreadable(what, t('names two different keys, "key" and "aesKey"'))
  }
  const sealing = key ?? aesKey
  if (sealing === undefined) throw unreadable(what, t('names no key: it needs key: "…"'))
  rememberSecret(sealing)
  const serviceName = textOf(entries.serviceName)
  const formerKeys = readFormerKeys(entries.formerKeys, what)
  return { key: sealing, formerKeys, ...(serviceName === undefined ? {} : { serviceName }) }
}

/** A member that means one thing only: printable ASCII in quotes, without an escape. */
const plainMember = /^([A-Za-z]+): "([ !#-[\]-~]*)"$/

/**
 * A key file as nearly all are, with such members and comments only; undefined for everything else. The parser of YAML takes more time
 * than the rest of a verification.
 */
export function readPlainLines(text: string): Record<string, string> | undefined {
  const members = new Map<string, string>()
  for (const line of text.split('\n')) {
    if (/^(?:#[\t -~]*)?$/.test(line)) continue
    const [, name, value] = plainMember.exec(line) ?? []
    if (name === undefined || value === undefined || members.has(name)) return undefined
    members.set(name, value)
  }
  return members.size === 0 || text.length > mostBytes ? undefined : Object.fromEntries(members)
}

/**
 * Every scalar stays the text that it is, as in the Go program: a key of digits is no number. Whatever the parser says
 * may quote the file, so it is not passed on.
 */
export async function parseYaml(text: string, what: string): Promise<Record<string, unknown>> {
  if (Buffer.byteLength(text) > mostBytes)
    throw unreadable(what, t('is larger than {bytes} bytes', { bytes: mostBytes }))
  const { CST, Lexer, parseDocument } = await import('yaml')
  const found = inspectYaml(new Lexer().lex(text), CST.tokenType)
  if (found !== undefined) throw unreadable(what, found)
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false })
  if (document.errors.length > 0) throw unreadable(what, t('is not YAML'))
  const content = toPlain(document, what)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw unreadable(what, t('names no key: it needs key: "…"'))
  }
  return { ...content }
}

function toPlain(document: { toJS(options: { maxAliasCount: number }): unknown }, what: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    // Aliases can make a short file as large as one likes.
    if (error instanceof ReferenceError) throw unreadable(what, t('uses aliases'))
    throw error
  }
}

function readFormerKeys(value: unknown, what: string): FormerKey[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw unreadable(what, t('has formerKeys that are no list'))
  return value.map((entry: unknown) => {
    const fields: Record<string, unknown> =
      typeof entry === 'object' && entry !== null ? { ...entry } : { key: entry }
    const key = textOf(fields.key)
    if (key === undefined) throw unreadable(what, t('has a former key without a text'))
    rememberSecret(key)
    if (fields.until === undefined) return { key }
    const text = textOf(fields.until) ?? ''
    const until = new Date(instant.test(text) ? text : Number.NaN)
    if (Number.isNaN(until.getTime()))
      throw unreadable(what, t('has a former key whose "until" is no date and time'))
    return { key, until }
  })
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function unreadable(what: string, why: string): SesameError {
  return new SesameError('ERR_CONFIG', t('{what} {why}.', { what, why }))
}
