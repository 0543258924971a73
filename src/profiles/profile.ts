import { printable, SesameError, type StoreName, t } from '../kit/index.ts'
import type { Config } from './config.ts'
import type { JsonType, Kind } from './setting.ts'
import type { settings } from './settings.ts'

type Table = typeof settings

/** The keys of settings that `config.json` can have: secrets are in the store. */
type Key = { [S in keyof Table]: Table[S]['type'] extends 'secret' ? never : S }[keyof Table]

/** Those that a kind of profile has; those that it cannot be without. */
type KeyOf<K extends Kind> = { [S in Key]: K extends Table[S]['kinds'][number] ? S : never }[Key]
type RequiredKeyOf<K extends Kind> = {
  [S in KeyOf<K>]: Table[S] extends { required: readonly (infer R)[] } ? (K extends R ? S : never) : never
}[KeyOf<K>]

type Value<S extends Key> = Table[S] extends { values: readonly (infer V)[] } ? V : JsonType<Table[S]['type']>

/** The members of a kind of profile, made from the rows that name the kind. */
type ProfileOf<K extends Kind> = {
  kind: K
  /** Which store holds its secrets; set by the first login, never changed silently. */
  store?: StoreName
} & { [S in keyof Table as S extends RequiredKeyOf<K> ? S : never]: Value<S & Key> } & {
  [S in keyof Table as S extends Exclude<KeyOf<K>, RequiredKeyOf<K>> ? S : never]?: Value<S & Key>
}

/** A profile that signs in at an Alibaba Cloud CloudSSO portal. */
export interface CloudSsoProfile extends ProfileOf<'cloudsso'> {}

/** A profile that signs in at an OIDC provider; without a role it has tokens, not credentials. */
export interface OidcProfile extends ProfileOf<'oidc'> {}

/** A profile that fetches an application's ID token from Alibaba IDaaS; no person is involved. */
export interface IdaasProfile extends ProfileOf<'idaas'> {}

/** A profile that assumes a role with the credentials of another profile. */
export interface RoleProfile extends ProfileOf<'role'> {}

export type Profile = CloudSsoProfile | OidcProfile | IdaasProfile | RoleProfile

/** All settings that a profile of some kind has: what can be asked of a profile whatever its kind is. */
export type AnySettings = { readonly [S in keyof Table as S extends Key ? S : never]?: Value<S & Key> }

/** What may be said about a profile, as it was said; an empty text takes the member away. */
export type ProfileSettings = {
  [S in keyof Table as S extends Key ? (Table[S] extends { option: object } ? S : never) : never]?:
    | Value<S & Key>
    | ''
    | undefined
}

/** Those that `sesame login` takes too, for one sign-in. */
export type LoginSettings = {
  [S in keyof Table as S extends Key ? (Table[S] extends { option: { atLogin: true } } ? S : never) : never]?:
    | Value<S & Key>
    | ''
    | undefined
}

/** Tried first: compiling the classes of all Unicode letters takes a noticeable part of the cached path. */
const plain = /^\w(?:[\w.@+-]{0,62}[\w@+-])?$/
const allowed = /^[\p{L}\p{N}_](?:[\p{L}\p{N} ._@+-]{0,62}[\p{L}\p{N}_@+-])?$/u

/** See `checkProfileName`. */
export function isProfileName(name: string): boolean {
  return plain.test(name) || allowed.test(name)
}

/**
 * Checks a profile name: 1 to 64 letters, digits and `_ . @ + -` or inner spaces, beginning with a letter, digit or
 * underscore. It goes to shells, tables and prompts, so control characters, quotes, `/` and leading dashes are refused.
 */
export function checkProfileName(name: string): string {
  if (isProfileName(name)) return name
  throw new SesameError('ERR_USAGE', t('"{name}" cannot be a profile name.', { name: printable(name, 40) }), {
    hint: t(
      'Use up to 64 letters, digits and _ . @ + - (or spaces inside), beginning with a letter or digit.',
    ),
  })
}

/** Whether anything says which profile is meant, if only by being `default`; without profiles there is nothing to choose. */
export function isProfileSettled(
  config: Config,
  { option, environment }: { option: string | undefined; environment: string | undefined },
): boolean {
  const name = option ?? (environment || config.currentProfile)
  return name !== undefined || config.profiles.has('default') || config.profiles.size === 0
}

/** The profile a command works on: `--profile`, then SESAME_PROFILE, then the current one, then `default`. */
export function chooseProfileName(
  config: Config,
  wanted: { option: string | undefined; environment: string | undefined },
): string {
  return checkProfileName(wanted.option ?? (wanted.environment || (config.currentProfile ?? 'default')))
}
