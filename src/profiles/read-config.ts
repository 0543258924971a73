import { join } from 'node:path'
import { readPrivateFile } from '../files/index.ts'
import { printable, SesameError, type StoreChoice, storeChoices, type Warn } from '../kit/index.ts'
import { type Config, emptyConfig, type Profile } from './config.ts'
import { isProfileName } from './profile-name.ts'

export const configFileName = 'config.json'

/** Newest layout this program writes; a file of a later one is refused rather than cut down. */
export const configVersion = 1

/** Members of each kind of profile; a `!` marks those that it cannot be without. */
const role = ['roleArn', 'roleSessionName', 'policy']
const textMembers: Record<string, readonly string[]> = {
  cloudsso: ['signInUrl', 'accountId', 'accountName', 'accessConfigurationId', 'accessConfigurationName'],
  oidc: ['issuer!', 'clientId!', 'scope', 'audience', 'trustedHosts', 'flow', 'oidcProviderArn', ...role],
  idaas: ['idaasUrl!', 'applicationUuid!', 'appKey!', 'apiVersion', 'publicKey', 'oidcProviderArn', ...role],
  role: ['sourceProfile!', 'roleArn!', 'roleSessionName', 'policy', 'externalId'],
}
const otherMembers = {
  durationSeconds: 'number',
  redirectPort: 'number',
  devicePkce: 'boolean',
  confidential: 'boolean',
} as const
const storeNames: readonly unknown[] = ['keychain', 'encrypted-file', 'plaintext']

/**
 * Reads `config.json`. A missing or empty file is an empty configuration; one that cannot be understood is
 * ERR_CONFIG and stays as it is, since a person may have written it. Unknown members are ignored.
 */
export function readConfig(directory: string, warn: Warn): Config {
  const path = join(directory, configFileName)
  const text = readPrivateFile(path, { warn })
  if (text === undefined || text.trim() === '') return emptyConfig
  return parseConfig(text, path)
}

/** Turns the text of a configuration file into a `Config`; `path` is for the error only. */
export function parseConfig(text: string, path: string): Config {
  const file = asRecord(parseJson(text, path), path, 'the file')
  if (typeof file.version === 'number' && file.version > configVersion) {
    throw invalid(path, `version ${file.version} was written by a newer sesame`)
  }
  const config: { -readonly [K in keyof Config]: Config[K] } = {
    profiles: readProfiles(file.profiles, path),
  }
  const signInUrl = optionalString(file, 'signInUrl', path)
  if (signInUrl !== undefined) config.signInUrl = signInUrl
  const currentProfile = optionalString(file, 'currentProfile', path)
  if (currentProfile !== undefined) config.currentProfile = currentProfile
  const store = optionalString(file, 'store', path)
  if (store !== undefined) {
    if (!(storeChoices as readonly string[]).includes(store))
      throw invalid(path, `store "${printable(store, 40)}" is not known`)
    config.store = store as StoreChoice
  }
  return config
}

function readProfiles(value: unknown, path: string): Map<string, Profile> {
  const profiles = new Map<string, Profile>()
  if (value === undefined) return profiles
  for (const [name, entry] of Object.entries(asRecord(value, path, 'profiles'))) {
    // Names go to terminals and completion scripts as they are.
    if (!isProfileName(name)) throw invalid(path, `"${printable(name, 40)}" cannot be a profile name`)
    profiles.set(name, readProfile(asRecord(entry, path, `profile ${name}`), name, path))
  }
  return profiles
}

function readProfile(entry: Record<string, unknown>, name: string, path: string): Profile {
  const { kind } = entry
  const members = typeof kind === 'string' && Object.hasOwn(textMembers, kind) ? textMembers[kind] : undefined
  if (members === undefined) throw invalid(path, `profile ${name} has an unknown kind`)
  const profile: Record<string, unknown> = { kind }
  for (const member of [...members, 'region', 'stsEndpoint']) {
    const [field = ''] = member.split('!')
    const value = optionalString(entry, field, path)
    if (!value && member !== field) throw invalid(path, `profile ${name} lacks ${field}`)
    if (value !== undefined) profile[field] = value
  }
  for (const [field, type] of Object.entries(otherMembers)) {
    if (!Object.hasOwn(entry, field) || kind === 'cloudsso') continue
    const value = entry[field]
    const fits = type === 'number' ? Number.isSafeInteger(value) : typeof value === 'boolean'
    if (!fits) throw invalid(path, `${field} must be a ${type}`)
    profile[field] = value
  }
  if (storeNames.includes(entry.store)) profile.store = entry.store
  if (kind === 'role' && !isProfileName(String(profile.sourceProfile)))
    throw invalid(path, `sourceProfile of profile ${name} cannot be a profile name`)
  // The tables above name the members of the four kinds, each with its type.
  return profile as unknown as Profile
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw invalid(path, 'it is not valid JSON', cause)
  }
}

function asRecord(value: unknown, path: string, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw invalid(path, `${what} must be an object`)
}

function optionalString(record: Record<string, unknown>, name: string, path: string): string | undefined {
  const value = Object.hasOwn(record, name) ? record[name] : undefined
  if (value === undefined || typeof value === 'string') return value
  throw invalid(path, `${name} must be a string`)
}

function invalid(path: string, reason: string, cause?: unknown): SesameError {
  return new SesameError('ERR_CONFIG', `The configuration ${path} cannot be read: ${reason}.`, {
    hint: 'Mend it in an editor, or move it away and run "sesame configure".',
    cause,
  })
}
