import { type Node, parseTree } from 'jsonc-parser'
import { asRecord, isRecord, parseJson, SesameError, t } from '../../kit/index.ts'
import {
  type AliyunContent,
  aliyunConfigPath,
  credentialFields,
  readAliyunConfig,
  readAliyunProfile,
  runsSesame,
  secretsOf,
  textFields,
} from '../../profiles/index.ts'
import { realFile } from '../tool-file.ts'

/** One profile of the aliyun CLI's `config.json`, as it stands there. */
export type AliyunEntry = Readonly<Record<string, unknown>>

/** What a profile of mode External is made of. */
export interface ExternalProfile {
  name: string
  /** The command line that prints credentials: split as a shell would, but run without one. */
  processCommand: string
  /** Wanted region; without one the profile keeps its own. */
  region: string | undefined
}

/** What the aliyun CLI itself falls back to. */
export const fallbackRegion = 'cn-hangzhou'

/** The profile of that name in the text of a `config.json`; undefined when there is none. */
export function findProfile(text: string, name: string): AliyunEntry | undefined {
  return entriesOf(text).find((entry) => nameOf(entry) === name)
}

/** True for a profile that takes its credentials from us: that one may be written again. */
export function isOurs(entry: AliyunEntry): boolean {
  return runsSesame(readAliyunProfile(entry))
}

/** True when any profile of the text has a secret in it. */
export function textHoldsSecret(text: string): boolean {
  return entriesOf(text).some((entry) => secretsOf(readAliyunProfile(entry)).length > 0)
}

/** The profile that calls sesame. What `before` says of other things stays; secrets go. */
export function externalProfile(
  before: AliyunEntry | undefined,
  { name, processCommand, region }: ExternalProfile,
): AliyunEntry {
  const own = before === undefined ? undefined : readAliyunProfile(before).fields.region_id
  const replaced = ['name', 'mode', 'process_command', 'region_id']
  return {
    name,
    mode: 'External',
    process_command: processCommand,
    region_id: region ?? (typeof own === 'string' && own !== '' ? own : fallbackRegion),
    // The CLI reads members in any capitals, and one that stayed beside ours would count as well.
    ...Object.fromEntries(
      Object.entries(withoutCredentials(before ?? { output_format: 'json', language: 'en' })).flatMap(
        ([key, value]) =>
          replaced.includes(key.toLowerCase()) ? [] : [[key, readable(key, value)] as const],
      ),
    ),
  }
}

/** A number where the CLI wants a text makes it refuse the whole file. */
function readable(key: string, value: unknown): unknown {
  return typeof value === 'number' && textFields.includes(key.toLowerCase()) ? String(value) : value
}

/** A profile without its secrets and what belongs to them. Older CLIs write every member they know, empty ones too: those stay. */
export function withoutCredentials(entry: AliyunEntry): AliyunEntry {
  return Object.fromEntries(
    Object.entries(entry).filter(([key, value]) => !value || !credentialFields.includes(key.toLowerCase())),
  )
}

/** Puts a profile in the place of the one of its name, or behind the last. Every other byte of the text stays. */
export function withProfileText(text: string, profile: AliyunEntry): string {
  const names = entriesOf(text).map(nameOf)
  const at = names.indexOf(nameOf(profile))
  if (at >= 0) return withEntryText(text, at, profile)
  if (text.trim() === '')
    return `${JSON.stringify({ current: profile.name, profiles: [profile], meta_path: '' }, null, '\t')}\n`
  const list = memberOf(text, 'profiles')
  if (list === undefined) return withMemberText(text, `"profiles": [\n\t\t${entryText(profile)}\n\t]`)
  const last = list.children?.at(-1)
  return last === undefined
    ? `${text.slice(0, list.offset)}[\n\t\t${entryText(profile)}\n\t]${text.slice(endOf(list))}`
    : `${text.slice(0, endOf(last))},\n\t\t${entryText(profile)}${text.slice(endOf(last))}`
}

/** Puts a profile in the place of the one at `index`. Every other byte of the text stays. */
export function withEntryText(text: string, index: number, profile: AliyunEntry): string {
  const place = memberOf(text, 'profiles')?.children?.[index]
  if (place === undefined) throw new TypeError('there is no such profile')
  return text.slice(0, place.offset) + entryText(profile) + text.slice(endOf(place))
}

/** Makes a profile the one that the CLI takes when none is named. Every other byte of the text stays. */
export function withCurrentText(text: string, name: string): string {
  const current = memberOf(text, 'current')
  if (current === undefined) return withMemberText(text, `"current": ${JSON.stringify(name)}`)
  return text.slice(0, current.offset) + JSON.stringify(name) + text.slice(endOf(current))
}

/** One more member at the end of the file's object. */
function withMemberText(text: string, member: string): string {
  const root = parseTree(text)
  const last = root?.children?.at(-1)
  if (root === undefined) throw new TypeError('the text is no object')
  return last === undefined
    ? `${text.slice(0, root.offset)}{\n\t${member}\n}${text.slice(endOf(root))}`
    : `${text.slice(0, endOf(last))},\n\t${member}${text.slice(endOf(last))}`
}

/** Where the value of a member of the file stands: in any capitals, and the last one counts, as for the CLI. */
function memberOf(text: string, name: string): Node | undefined {
  const isNamed = ({ children }: Node) => String(children?.[0]?.value).toLowerCase() === name
  return parseTree(text)?.children?.findLast(isNamed)?.children?.[1]
}

function endOf({ offset, length }: Node): number {
  return offset + length
}

/** One profile as it stands in the file: indented with tabs, as the CLI writes it. */
function entryText(profile: AliyunEntry): string {
  return JSON.stringify(profile, null, '\t').replaceAll('\n', '\n\t\t')
}

function nameOf(entry: AliyunEntry): string {
  return readAliyunProfile(entry).name
}

function entriesOf(text: string): AliyunEntry[] {
  const root = parse(text)
  const key = Object.keys(root).findLast((each) => each.toLowerCase() === 'profiles')
  const profiles = key === undefined ? undefined : root[key]
  if (profiles === undefined || profiles === null) return []
  if (Array.isArray(profiles) && profiles.every(isRecord)) return profiles
  throw unreadable(t('profiles must be a list of objects'))
}

function parse(text: string): Record<string, unknown> {
  if (text.trim() === '') return {}
  // The engine's message would quote the text, secrets and all.
  const parsed = parseJson(text)
  if (parsed === undefined) throw unreadable(t('it is not valid JSON'))
  const record = asRecord(parsed.value)
  if (record === undefined) throw unreadable(t('it must hold an object'))
  return record
}

function unreadable(reason: string): SesameError {
  return new SesameError(
    'ERR_CONFIG',
    t('The configuration of the aliyun CLI cannot be read: {reason}.', { reason }),
    {
      hint: t('Fix ~/.aliyun/config.json, or add --print and put the profile there by hand.'),
    },
  )
}

/** The aliyun CLI's configuration as it is now; empty when there is none yet. @throws SesameError ERR_FILE, ERR_CONFIG */
export function openAliyunConfig(homeDirectory: string): Omit<AliyunContent, 'file' | 'kind'> {
  const path = aliyunConfigPath(homeDirectory)
  // A link that leads nowhere must be found before anything is written to it.
  realFile(path)
  const config = readAliyunConfig(path)
  if (config.kind === 'content') return config
  if (config.kind === 'absent')
    return { path, text: '', encoding: 'utf-8', mode: 0, current: 'default', profiles: [] }
  const code = config.because === 'file' ? 'ERR_FILE' : 'ERR_CONFIG'
  throw new SesameError(code, `${config.reason}.`, {
    hint: t('Fix ~/.aliyun/config.json, or add --print and put the profile there by hand.'),
  })
}
