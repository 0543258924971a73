import { SesameError } from '../../kit/index.ts'
import { childSpans, rootSpan } from './json-spans.ts'

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

/** Members that hold secrets, or say how long a secret next to them lives. */
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
  const list = text.trim() === '' ? undefined : childSpans(text, rootSpan(text)).findLast(isProfiles)
  if (list === undefined || !Array.isArray(root.profiles)) {
    return `${JSON.stringify({ current: profile.name, meta_path: '', ...root, profiles: [profile] }, null, '\t')}\n`
  }
  const spans = childSpans(text, list)
  const place = spans[profiles.findIndex(({ name }) => name === profile.name)]
  if (place !== undefined) return text.slice(0, place.start) + entryText(profile) + text.slice(place.end)
  const end = spans.at(-1)?.end
  return end === undefined
    ? `${text.slice(0, list.start)}[\n\t\t${entryText(profile)}\n\t]${text.slice(list.end)}`
    : `${text.slice(0, end)},\n\t\t${entryText(profile)}${text.slice(end)}`
}

/** One profile as it stands in the file: indented with tabs, as the CLI writes it. */
function entryText(profile: AliyunProfile): string {
  return JSON.stringify(profile, null, '\t').replaceAll('\n', '\n\t\t')
}

function isProfiles({ name }: { name: string | undefined }): boolean {
  return name === 'profiles'
}

function profilesOf({ profiles }: Record<string, unknown>): AliyunProfile[] {
  if (profiles === undefined || profiles === null) return []
  if (Array.isArray(profiles) && profiles.every((each) => typeof each === 'object' && each !== null))
    return profiles
  throw unreadable('profiles must be a list of objects')
}

function parse(text: string): Record<string, unknown> {
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    // The engine's message would quote the text, secrets and all.
    if (cause instanceof SyntaxError) throw unreadable('it is not valid JSON')
    throw cause
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw unreadable('it must hold an object')
}

function unreadable(reason: string): SesameError {
  return new SesameError('ERR_CONFIG', `The configuration of the aliyun CLI cannot be read: ${reason}.`, {
    hint: 'Mend ~/.aliyun/config.json, or add --print and put the profile there by hand.',
  })
}
