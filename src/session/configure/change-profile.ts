import { SesameError, shellWord } from '../../kit/index.ts'
import { type Config, type Profile, signInUrlOf, withoutAssignment } from '../../profiles/index.ts'
import { checkSettings } from './check-settings.ts'
import { kindNames, optionOf, type ProfileSettings, required, settingsOf } from './profile-settings.ts'

type Kind = Profile['kind']

const kinds = Object.keys(settingsOf) as Kind[]

/**
 * A profile with these settings: what is not named stays as it is. Errors: ERR_USAGE for settings that contradict each
 * other, that do not fit the kind of profile, that are missing, or outside the documented limits.
 */
export function changeProfile(name: string, config: Config, settings: ProfileSettings): Profile {
  const before = config.profiles.get(name)
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
  const kind = kindOf(name, before, given)
  const { own, others } = settingsOf[kind]
  const known: readonly string[] = [...own, ...others]
  const foreign = Object.keys(given).find((setting) => !known.includes(setting))
  if (foreign !== undefined) {
    const option = optionOf(foreign as keyof ProfileSettings)
    throw new SesameError('ERR_USAGE', `${option} does not go with a profile of ${kindNames[kind]}.`)
  }
  const checked = checkSettings(given)
  const merged: Record<string, unknown> = { kind, ...stayingOf(before, checked, config), ...checked }
  for (const [setting, value] of Object.entries(merged)) if (value === '') delete merged[setting]
  const missing = required[kind].filter((setting) => merged[setting] === undefined)
  if (missing.length > 0) throw lacking(kind, missing)
  // Both ARNs name one role; with one of them alone it could not be assumed.
  if (
    (kind === 'oidc' || kind === 'idaas') &&
    (merged.roleArn === undefined) !== (merged.oidcProviderArn === undefined)
  )
    throw lacking(kind, [merged.roleArn === undefined ? 'roleArn' : 'oidcProviderArn'])
  // The tables name the settings of each kind, and each was checked.
  return merged as unknown as Profile
}

/**
 * Another directory has other accounts: the old choice would name something that is not there. Another client may have no
 * secret, and has not that of the former one.
 */
function stayingOf(
  before: Profile | undefined,
  { signInUrl, issuer, clientId }: ProfileSettings,
  config: Config,
): Partial<Profile> {
  if (before?.kind === 'oidc') {
    const { confidential, ...others } = before
    const same =
      (issuer ?? before.issuer) === before.issuer && (clientId ?? before.clientId) === before.clientId
    return same ? before : others
  }
  if (before?.kind !== 'cloudsso') return before ?? {}
  if (signInUrl === undefined || signInUrlOf(config, before) === signInUrl) return before
  return withoutAssignment(before)
}

function kindOf(name: string, before: Profile | undefined, given: ProfileSettings): Kind {
  const named = kinds.filter((kind) => settingsOf[kind].own.some((setting) => given[setting] !== undefined))
  const [first, second] = named
  if (first !== undefined && second !== undefined) {
    const message = `These options belong to different profiles: of ${kindNames[first]} and of ${kindNames[second]}.`
    throw new SesameError('ERR_USAGE', message)
  }
  if (before !== undefined && first !== undefined && before.kind !== first) {
    throw new SesameError('ERR_USAGE', `Profile ${name} is one of ${kindNames[before.kind]} already.`, {
      hint: `Choose another name, or delete it first: sesame profile delete ${shellWord(name)}`,
    })
  }
  const kind = before?.kind ?? first
  if (kind !== undefined) return kind
  throw new SesameError('ERR_USAGE', `Say how profile ${name} signs in.`, {
    hint: 'With --signin-url, --issuer and --client-id, --idaas-url, or --source-profile.',
  })
}

function lacking(kind: Kind, missing: readonly (keyof ProfileSettings)[]): SesameError {
  return new SesameError(
    'ERR_USAGE',
    `A profile of ${kindNames[kind]} needs ${missing.map(optionOf).join(' and ')}.`,
  )
}

/**
 * Follows a chain of roles to its end. A circle is ERR_USAGE; a profile that does not exist yet is returned, since it may
 * come later.
 */
export function findMissingSource(name: string, config: Config): string | undefined {
  const chain = [name]
  for (;;) {
    const profile = config.profiles.get(chain.at(-1) ?? name)
    if (profile === undefined) return chain.at(-1)
    if (profile.kind !== 'role') return undefined
    if (chain.includes(profile.sourceProfile)) {
      const circle = [...chain, profile.sourceProfile].join(' -> ')
      throw new SesameError('ERR_USAGE', `The roles would form a circle: ${circle}.`)
    }
    chain.push(profile.sourceProfile)
  }
}
