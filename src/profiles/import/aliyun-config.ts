import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type PlainFile, readJsonFile, readPlainFile } from '../../files/index.ts'
import { asRecord, errorCode, isRecord, parseJson, printable, type TextEncoding, t } from '../../kit/index.ts'
import { cliModes, recognizedMode, textFields } from './aliyun-fields.ts'

/** One profile of the aliyun CLI. */
export interface AliyunProfile {
  /** As it stands in the file. */
  entry: Readonly<Record<string, unknown>>
  /** Its members under their names in small letters: the CLI reads them in any capitals, the last of one name counts. */
  fields: Readonly<Record<string, unknown>>
  name: string
  /** In the CLI's own spelling; the one that the CLI recognizes where none is written, `''` where it recognizes none. */
  mode: string
}

export interface AliyunContent {
  kind: 'content'
  path: string
  /** Without a byte order mark. */
  text: string
  encoding: TextEncoding
  /** Permission bits; 0 on Windows. */
  mode: number
  /** The profile that the CLI takes when none is named. */
  current: string
  profiles: readonly AliyunProfile[]
  file: PlainFile & { kind: 'text' }
}

/** `~/.aliyun/config.json`, or a file of its kind, as it was found. */
export type AliyunConfig =
  | { kind: 'absent'; path: string }
  | { kind: 'unusable'; path: string; reason: string; because: 'file' | 'content' }
  | AliyunContent

/** Where all tools look for it. */
export function aliyunConfigPath(home: string): string {
  return join(home, '.aliyun', 'config.json')
}

/** The copies of the configuration that `configure --for aliyun` has left beside it, the newest first. */
export function aliyunBackups(path: string): string[] {
  const directory = dirname(path)
  try {
    return readdirSync(directory)
      .filter((name) => name.startsWith(`${basename(path)}.bak-`))
      .sort()
      .reverse()
      .map((name) => join(directory, name))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return []
    throw error
  }
}

/**
 * THE reader of the aliyun CLI's configuration: for the import, for `configure --for aliyun` and for the doctor. A link is followed, as
 * the CLI does; a byte order mark and UTF-16 are understood, which it does not (`whyCliRefuses`).
 */
export function readAliyunConfig(path: string): AliyunConfig {
  const file = readPlainFile(path, { followLink: true })
  if (file.kind === 'absent') return file
  if (file.kind === 'unusable') return { ...file, because: 'file' }
  const { text, encoding, mode } = file
  const content = { kind: 'content' as const, path, text, encoding, mode, file }
  if (text.trim() === '') return { ...content, current: 'default', profiles: [] }
  const read = readJsonFile(file)
  if (read.kind === 'unusable') return { ...read, because: 'content' }
  const profiles = readProfiles(text)
  if (profiles === undefined) {
    const reason = t('Cannot use {path}: {reason}', {
      path: printable(path),
      reason: t('profiles must be a list of objects'),
    })
    return { kind: 'unusable', path, reason, because: 'content' }
  }
  const { current } = lowerCased(read.value)
  return { ...content, current: typeof current === 'string' ? current : 'default', profiles }
}

/** One profile, from its member of the list. */
export function readAliyunProfile(
  entry: Readonly<Record<string, unknown>>,
  exact: Readonly<Record<string, unknown>> = entry,
): AliyunProfile {
  const fields = lowerCased(exact)
  const name = textField({ fields }, 'name') ?? ''
  return { entry, fields, name, mode: recognizedMode((field) => textField({ fields }, field)) }
}

/** A member as text, numbers too; undefined for an empty text and everything else. */
export function textField({ fields }: Pick<AliyunProfile, 'fields'>, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Why the aliyun CLI cannot read the file at all, so that every command of it fails; undefined when it can. */
export function whyCliRefuses({
  encoding,
  profiles,
}: Pick<AliyunContent, 'encoding' | 'profiles'>): string | undefined {
  if (encoding === 'utf-16') return t('it is UTF-16')
  if (encoding === 'utf-8-bom') return t('it begins with a byte order mark')
  for (const { name, entry } of profiles) {
    // As it is written: in `fields` long numbers are texts already.
    const fields = lowerCased(entry)
    const wrong = textFields.find(
      (field) => !['string', 'undefined'].includes(typeof (fields[field] ?? undefined)),
    )
    if (wrong !== undefined)
      return t('{field} of profile {name} is not in quotes', { field: wrong, name: printable(name, 64) })
  }
  return undefined
}

/** How the mode of a profile must be spelled for the CLI; undefined when it is. In the file it minds capitals. */
export function misspelledMode({ fields, mode }: AliyunProfile): string | undefined {
  const written = textField({ fields }, 'mode')
  return written === undefined || written === mode || !cliModes.includes(mode) ? undefined : mode
}

/** The profiles, numbers of more digits than JavaScript keeps as texts; undefined for what is no list of objects. */
function readProfiles(text: string): AliyunProfile[] | undefined {
  const listOf = (json: string) => lowerCased(asRecord(parseJson(json)?.value) ?? {}).profiles ?? []
  const entries = listOf(text)
  // Account ids of 16 digits and more were written without quotes; what is between quotes is skipped.
  const exact = listOf(
    text.replace(/("(?:[^"\\]|\\.)*")|-?\b\d{16,}\b(?![.eE])/g, (all, quoted) => quoted ?? `"${all}"`),
  )
  if (!Array.isArray(entries) || !Array.isArray(exact) || !entries.every(isRecord)) return undefined
  return entries.map((entry, i) => readAliyunProfile(entry, asRecord(exact[i]) ?? entry))
}

function lowerCased(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // Without a prototype, a member called __proto__ is one like any other.
  const fields = Object.create(null) as Record<string, unknown>
  for (const [key, value] of Object.entries(record)) {
    // As in Go, null leaves what was there.
    if (value !== null) fields[key.toLowerCase()] = value
  }
  return fields
}
