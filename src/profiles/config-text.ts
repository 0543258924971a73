import { printable, SesameError, type StoreChoice, storeChoices, storeNames, t } from '../kit/index.ts'
import type { Config } from './config.ts'
import { members as ownMembers } from './members.ts'
import { isProfileName, type Profile } from './profile.ts'
import {
  type Kind,
  kindNames,
  type Members,
  membersOfKind,
  type Setting,
  type SettingsTable,
  settingTypes,
} from './setting.ts'
import { settings } from './settings.ts'

/** Newest layout this program writes; a file of a later one is refused rather than cut down. */
const configVersion = 1

/** 40,000 profiles: what "sesame profile sync" makes for a large company is read again. */
export const maxConfigBytes = 2 ** 24

/** Turns the text of a configuration file into a `Config`; `path` is for the error only. */
export function parseConfig(text: string, path: string, members: Members = ownMembers): Config {
  const file = asRecord(parseJson(text, path), path, t('the file'))
  if (typeof file.version === 'number' && file.version > configVersion) {
    throw invalid(path, t('version {version} was written by a newer sesame', { version: file.version }))
  }
  const config: { -readonly [K in keyof Config]: Config[K] } = {
    profiles: readProfiles(file.profiles, path, members),
  }
  const signInUrl = optionalString(file, 'signInUrl', path)
  if (signInUrl !== undefined) config.signInUrl = signInUrl
  const currentProfile = optionalString(file, 'currentProfile', path)
  if (currentProfile !== undefined) config.currentProfile = currentProfile
  const store = optionalString(file, 'store', path)
  if (store !== undefined) {
    if (!(storeChoices as readonly string[]).includes(store))
      throw invalid(path, t('store "{store}" is not known', { store: printable(store, 40) }))
    config.store = store as StoreChoice
  }
  return config
}

function readProfiles(value: unknown, path: string, members: Members): Map<string, Profile> {
  const profiles = new Map<string, Profile>()
  if (value === undefined) return profiles
  for (const [name, entry] of Object.entries(asRecord(value, path, 'profiles'))) {
    // Names go to terminals and completion scripts as they are.
    if (!isProfileName(name))
      throw invalid(path, t('"{name}" cannot be a profile name', { name: printable(name, 40) }))
    profiles.set(name, readProfile(asRecord(entry, path, t('profile {name}', { name })), name, path, members))
  }
  return profiles
}

/** What the file says of one profile, in the order in which it is written. */
function readProfile(entry: Record<string, unknown>, name: string, path: string, members: Members): Profile {
  const { kind } = entry
  if (typeof kind !== 'string' || !Object.hasOwn(members, kind))
    throw invalid(path, t('profile {name} has an unknown kind', { name }))
  const known = new Set(['kind'])
  for (const member of members[kind as Kind].split(' ')) {
    const [field = '', type] = member.split(/[:!]/)
    const value = Object.hasOwn(entry, field) ? entry[field] : undefined
    if (member.endsWith('!') && (value === undefined || value === ''))
      throw invalid(path, t('profile {name} lacks {field}', { name, field }))
    if (value === undefined) continue
    const shape = type === 'number' || type === 'boolean' ? type : 'string'
    if (typeof value !== shape || (shape === 'number' && !Number.isSafeInteger(value)))
      throw invalid(path, t('{field} must be a {shape}', { field, shape }))
    if (type === 'name' && !isProfileName(String(value)))
      throw invalid(path, t('{field} of profile {name} cannot be a profile name', { field, name }))
    known.add(field)
  }
  if (storeNames.some((store) => store === entry.store)) known.add('store')
  // The table gives the members of each kind, each with its type.
  return Object.fromEntries(Object.entries(entry).filter(([field]) => known.has(field))) as unknown as Profile
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw invalid(path, t('it is not valid JSON'), cause)
  }
}

function asRecord(value: unknown, path: string, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw invalid(path, t('{what} must be an object', { what }))
}

function optionalString(record: Record<string, unknown>, name: string, path: string): string | undefined {
  const value = Object.hasOwn(record, name) ? record[name] : undefined
  if (value === undefined || typeof value === 'string') return value
  throw invalid(path, t('{field} must be a {shape}', { field: name, shape: 'string' }))
}

function invalid(path: string, reason: string, cause?: unknown): SesameError {
  return new SesameError(
    'ERR_CONFIG',
    t('The configuration {path} cannot be read: {reason}.', { path, reason }),
    {
      hint: t('Fix it in an editor, or move it away and run "sesame configure".'),
      cause,
    },
  )
}

export const schemaFileName = 'config.schema.json'

/** @throws SesameError ERR_CONFIG for a configuration that could not be read again */
export function checkConfigSize(config: Config): void {
  if (Buffer.byteLength(serializeConfig(config)) <= maxConfigBytes) return
  const { size } = config.profiles
  const message = t('{count} profiles are more than the configuration can hold.', { count: size })
  throw new SesameError('ERR_CONFIG', message, { hint: t('Take fewer of them with --match.') })
}

/** The text of `config.json`, with the schema that editors use for completion and checks. */
export function serializeConfig(config: Config): string {
  const { profiles, ...rest } = config
  const file = {
    $schema: `./${schemaFileName}`,
    version: configVersion,
    ...rest,
    profiles: Object.fromEntries(profiles),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** JSON Schema of `config.json`, written beside it so that an editor can complete and check it offline. */
export function configSchemaOf(table: SettingsTable = settings): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'sesame configuration',
    description: 'Names and choices only: secrets are kept in the store.',
    type: 'object',
    properties: {
      version: { const: 1 },
      signInUrl: { type: 'string', format: 'uri', description: 'Default CloudSSO sign-in URL.' },
      store: {
        enum: storeChoices,
        description: 'Where secrets are kept; auto takes the OS keychain where it works.',
      },
      profiles: {
        type: 'object',
        additionalProperties: { oneOf: kindNames.map((kind) => schemaOfKind(kind, table)) },
      },
    },
  }
}

function schemaOfKind(kind: Kind, table: SettingsTable): Record<string, unknown> {
  const rows = membersOfKind(kind, table)
  const required = rows.filter(([, row]) => row.required?.includes(kind)).map(([key]) => key)
  return {
    type: 'object',
    required: ['kind', ...required],
    properties: {
      kind: { const: kind },
      ...Object.fromEntries(rows.map(([key, row]) => [key, schemaOfValue(row)])),
    },
  }
}

function schemaOfValue({ type, values, description }: Setting): Record<string, unknown> {
  return { ...(values ? { enum: values } : settingTypes[type]), ...(description && { description }) }
}
