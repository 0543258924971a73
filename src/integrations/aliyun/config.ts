import { type Node, parseTree } from 'jsonc-parser'
import { asRecord, isRecord, parseJson, SesameError } from '../../kit/index.ts'

/** One profile of the aliyun CLI's `config.json`, as it stands there. */
export type AliyunProfile = Record<string, unknown>

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

/** Members that hold secrets, or say when a secret next to them expires. */
const secretMembers: readonly string[] = [
  'access_key_id',
  'access_key_secret',
  'sts_token',
  'sts_expiration',
  'access_token',
  'cloud_sso_access_token_expire',
  'oauth_access_token',
  'oauth_refresh_token',
  'oauth_access_token_expire',
  'oauth_refresh_token_expire',
  'private_key',
  'bearer_token',
]

/** The profile of that name in the text of a `config.json`; undefined when there is none. */
export function findProfile(text: string, name: string): AliyunProfile | undefined {
  return profilesOf(parse(text)).find((profile) => profile.name === name)
}

/** True for a profile that takes its credentials from us: that one may be written again. */
export function isOurs({ mode, process_command: command }: AliyunProfile): boolean {
  if (typeof mode !== 'string' || mode.toLowerCase() !== 'external' || typeof command !== 'string')
    return false
  return /(?:^|[\\/\s'"])sesame(?:\.[a-z]+)?['"]? credentials /.test(command)
}

/** True when a profile has a secret in it, in plain text. */
export function holdsSecret(profile: AliyunProfile): boolean {
  return [
    'access_key_secret',
    'sts_token',
    'access_token',
    'oauth_refresh_token',
    'private_key',
    'bearer_token',
  ].some((member) => typeof profile[member] === 'string' && profile[member] !== '')
}

/** True when any profile of the text has one. */
export function textHoldsSecret(text: string): boolean {
  return profilesOf(parse(text)).some(holdsSecret)
}

/** The profile that calls sesame. What `before` says of other things stays; secrets go. */
export function externalProfile(
  before: AliyunProfile | undefined,
  { name, processCommand, region }: ExternalProfile,
): AliyunProfile {
  const kept = Object.entries(before ?? { output_format: 'json', language: 'en' })
  const own = typeof before?.region_id === 'string' ? before.region_id : ''
  return {
    name,
    mode: 'External',
    process_command: processCommand,
    region_id: region ?? (own === '' ? fallbackRegion : own),
    ...Object.fromEntries(
      kept.filter(
        ([key]) =>
          !['name', 'mode', 'process_command', 'region_id'].includes(key) && !secretMembers.includes(key),
      ),
    ),
  }
}

/** Puts a profile in the place of the one of its name, or behind the last. Every other byte of the text stays. */
export function withProfileText(text: string, profile: AliyunProfile): string {
  const root = parse(text)
  const profiles = profilesOf(root)
  const list = listOfProfiles(text)
  if (list === undefined || !Array.isArray(root.profiles)) {
    return `${JSON.stringify({ current: profile.name, meta_path: '', ...root, profiles: [profile] }, null, '\t')}\n`
  }
  const entries = list.children ?? []
  const place = entries[profiles.findIndex(({ name }) => name === profile.name)]
  if (place !== undefined) return text.slice(0, place.offset) + entryText(profile) + text.slice(endOf(place))
  const last = entries.at(-1)
  return last === undefined
    ? `${text.slice(0, list.offset)}[\n\t\t${entryText(profile)}\n\t]${text.slice(endOf(list))}`
    : `${text.slice(0, endOf(last))},\n\t\t${entryText(profile)}${text.slice(endOf(last))}`
}

/** Where the value of `profiles` stands; the last one counts, as for `JSON.parse`. */
function listOfProfiles(text: string): Node | undefined {
  const isProfiles = ({ children }: Node) => children?.[0]?.value === 'profiles'
  return parseTree(text)?.children?.findLast(isProfiles)?.children?.[1]
}

function endOf({ offset, length }: Node): number {
  return offset + length
}

/** One profile as it stands in the file: indented with tabs, as the CLI writes it. */
function entryText(profile: AliyunProfile): string {
  return JSON.stringify(profile, null, '\t').replaceAll('\n', '\n\t\t')
}

function profilesOf({ profiles }: Record<string, unknown>): AliyunProfile[] {
  if (profiles === undefined || profiles === null) return []
  if (Array.isArray(profiles) && profiles.every(isRecord)) return profiles
  throw unreadable('profiles must be a list of objects')
}

function parse(text: string): Record<string, unknown> {
  if (text.trim() === '') return {}
  // The engine's message would quote the text, secrets and all.
  const parsed = parseJson(text)
  if (parsed === undefined) throw unreadable('it is not valid JSON')
  const record = asRecord(parsed.value)
  if (record === undefined) throw unreadable('it must hold an object')
  return record
}

function unreadable(reason: string): SesameError {
  return new SesameError('ERR_CONFIG', `The configuration of the aliyun CLI cannot be read: ${reason}.`, {
    hint: 'Fix ~/.aliyun/config.json, or add --print and put the profile there by hand.',
  })
}
