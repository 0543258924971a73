import { isSesameError, SesameError, shellWord, t } from '../../kit/index.ts'
import {
  type AnySettings,
  type Config,
  checkSetting,
  checkSettings,
  type Kind,
  kindNames,
  kindOptions,
  kinds,
  optionOf,
  type Profile,
  type ProfileSettings,
  type SettingsTable,
  settings,
  signInUrlOf,
  withoutForgotten,
} from '../../profiles/index.ts'
import { normalizeSignInUrl, readSignInLink } from '../../values/index.ts'

/**
 * A profile with these settings: what is not named stays as it is. Errors: ERR_USAGE for settings that contradict each
 * other, that do not fit the kind of profile, that are missing, or outside the documented limits.
 */
export function changeProfile(
  name: string,
  config: Config,
  wanted: ProfileSettings,
  table: SettingsTable = settings,
): Profile {
  const before = config.profiles.get(name)
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
  const kind = kindFor(name, before, given, table)
  const foreign = Object.keys(given).find((key) => !table[key]?.kinds.includes(kind))
  if (foreign !== undefined) {
    const message = t('{option} does not go with a profile of {kind}.', {
      option: optionOf(foreign, table),
      kind: kinds[kind].name,
    })
    throw new SesameError('ERR_USAGE', message)
  }
  const checked = checkSettings(given, table)
  // A direct access link says which account and access configuration, too.
  const { signInUrl: _, ...linked } = wanted.signInUrl ? readSignInLink(wanted.signInUrl) : { signInUrl: '' }
  const staying =
    linked.accountId === undefined ? before : before && withoutForgotten(before, ['signInUrl'], table)
  const merged: Record<string, unknown> = {
    kind,
    ...stayingOf(staying, checked, config, table),
    ...(linked.accountId === undefined ? {} : linked),
    ...checked,
  }
  for (const [key, value] of Object.entries(merged)) if (value === '') delete merged[key]
  const missing = missingOf(kind, merged, table)
  if (missing.length > 0) {
    const options = missing.map((key) => optionOf(key, table)).join(t(' and '))
    throw new SesameError(
      'ERR_USAGE',
      t('A profile of {kind} needs {options}.', { kind: kinds[kind].name, options }),
    )
  }
  // The table gives the settings of each kind, and each was checked.
  return merged as unknown as Profile
}

/** What belongs to a former sign-in does not outlive it: its accounts, its client's secret. */
function stayingOf(
  before: Profile | undefined,
  given: Readonly<Record<string, unknown>>,
  config: Config,
  table: SettingsTable,
): object {
  if (before === undefined) return {}
  const defaults = Object.entries(config).filter(([key]) => table[key]?.forAllProfiles)
  const known: Record<string, unknown> = { ...Object.fromEntries(defaults), ...before }
  const changed = Object.keys(given).filter((key) => given[key] !== normalForm(key, known[key], table))
  return withoutForgotten(before, changed, table)
}

/** A value that a person, or a former version, wrote in another spelling is the same; one that is invalid is another. */
function normalForm(key: string, value: unknown, table: SettingsTable): unknown {
  if (value === undefined) return undefined
  try {
    return checkSetting(key, value, table)
  } catch (error) {
    if (!isSesameError(error)) throw error
    return value
  }
}

/** What the profile cannot be without; else of settings that go together the one that is not there. */
function missingOf(kind: Kind, merged: Readonly<Record<string, unknown>>, table: SettingsTable): string[] {
  const rows = Object.entries(table).filter(([, row]) => row.kinds.includes(kind))
  const missing = rows
    .filter(([key, { required }]) => required?.includes(kind) && merged[key] === undefined)
    .map(([key]) => key)
  if (missing.length > 0) return missing
  return rows.flatMap(([key, { togetherWith: other }]) =>
    other !== undefined && (merged[key] === undefined) !== (merged[other] === undefined)
      ? [merged[key] === undefined ? key : other]
      : [],
  )
}

/** The kinds of profile that these settings belong to alone. */
export function kindsNamedBy(given: ProfileSettings, table: SettingsTable = settings): Kind[] {
  const alone = Object.entries(given).flatMap(([key, value]) => {
    const [kind, ...others] = table[key]?.kinds ?? []
    return value === undefined || kind === undefined || others.length > 0 ? [] : [kind]
  })
  return kindNames.filter((kind) => alone.includes(kind))
}

function kindFor(
  name: string,
  before: Profile | undefined,
  given: ProfileSettings,
  table: SettingsTable,
): Kind {
  const [first, second] = kindsNamedBy(given, table)
  if (first !== undefined && second !== undefined) {
    const message = t('These options belong to different profiles: of {first} and of {second}.', {
      first: kinds[first].name,
      second: kinds[second].name,
    })
    throw new SesameError('ERR_USAGE', message)
  }
  if (before !== undefined && first !== undefined && before.kind !== first) {
    throw new SesameError(
      'ERR_USAGE',
      t('Profile {name} is one of {kind} already.', { name, kind: kinds[before.kind].name }),
      {
        hint: t('Choose another name, or delete it first: sesame profile delete {name}', {
          name: shellWord(name),
        }),
      },
    )
  }
  const kind = before?.kind ?? first
  if (kind !== undefined) return kind
  throw new SesameError('ERR_USAGE', t('Say how profile {name} signs in.', { name }), {
    hint: t('With {options}.', { options: kindOptions() }),
  })
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
    const { sourceProfile }: AnySettings = profile
    if (sourceProfile === undefined) return undefined
    if (chain.includes(sourceProfile)) {
      const circle = [...chain, sourceProfile].join(' -> ')
      throw new SesameError('ERR_USAGE', t('The roles would form a circle: {circle}.', { circle }))
    }
    chain.push(sourceProfile)
  }
}

export function withDefaultUrl(before: Config, signInUrl: string): Config {
  const after = { ...before, signInUrl }
  const move = (profile: Profile): Profile =>
    isSameUrl(signInUrlOf(before, profile), signInUrlOf(after, profile))
      ? profile
      : withoutForgotten(profile, ['signInUrl'])
  const profiles = new Map([...before.profiles].map(([name, profile]) => [name, move(profile)]))
  return { ...after, profiles }
}

/** In whichever spelling: a person may have written the former one. */
function isSameUrl(before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return before === after
  try {
    return normalizeSignInUrl(before) === normalizeSignInUrl(after)
  } catch (error) {
    if (!isSesameError(error)) throw error
    return before === after
  }
}
