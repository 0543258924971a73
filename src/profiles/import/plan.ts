import { type Config, isSignInUrl, signInUrlOf, withProfile } from '../config.ts'
import type { AnySettings, CloudSsoProfile, Profile } from '../profile.ts'
import type { ForeignConfiguration, ForeignProfile } from './foreign.ts'

/**
 * What becomes of one foreign profile: `create` and `replace` change the configuration, `same` finds it as it would be,
 * `taken` leaves alone another profile of that name (`by` says whose).
 */
export type ImportStep = { foreign: ForeignProfile } & (
  | { kind: 'create' | 'same' | 'replace'; profile: Profile }
  | { kind: 'taken'; by: 'configuration' | 'import' }
)

/** What an import does to a configuration. */
export interface ImportPlan {
  steps: readonly ImportStep[]
  /** The configuration afterwards. */
  config: Config
  /** Set when it had none. */
  signInUrl?: string
  currentProfile?: string
}

/**
 * Plans an import. A profile of the same name is replaced only with `overwrite`, and never one that came in this import;
 * the default sign-in URL and the current profile are set only where there is none.
 */
export function planImport(
  foreign: readonly ForeignConfiguration[],
  before: Config,
  { overwrite }: { overwrite: boolean },
): ImportPlan {
  const signInUrl = before.signInUrl ?? foreign.find((each) => each.signInUrl !== undefined)?.signInUrl
  let config: Config = signInUrl === undefined ? before : { ...before, signInUrl }
  const steps: ImportStep[] = []
  const names = new Set<string>()
  for (const each of foreign.flatMap(({ profiles }) => profiles)) {
    const step = planProfile(each, config, { overwrite, imported: names.has(each.name) })
    steps.push(step)
    names.add(each.name)
    if (step.kind === 'create' || step.kind === 'replace')
      config = withProfile(config, each.name, step.profile)
  }
  const current = foreign
    .map(({ currentProfile }) => currentProfile)
    .find((name) => name !== undefined && steps.some((step) => isTaken(step, name)))
  if (before.currentProfile === undefined && current !== undefined)
    config = { ...config, currentProfile: current }
  return {
    steps,
    config,
    ...(before.signInUrl === undefined && signInUrl !== undefined ? { signInUrl } : {}),
    ...(config.currentProfile !== before.currentProfile && current !== undefined
      ? { currentProfile: current }
      : {}),
  }
}

function planProfile(
  foreign: ForeignProfile,
  config: Config,
  { overwrite, imported }: { overwrite: boolean; imported: boolean },
): ImportStep {
  const existing = config.profiles.get(foreign.name)
  const profile = profileFrom(foreign, config, existing)
  if (existing === undefined) return { kind: 'create', foreign, profile }
  if (isSame(existing, profile, config, overwrite)) return { kind: 'same', foreign, profile: existing }
  if (imported) return { kind: 'taken', foreign, by: 'import' }
  return overwrite ? { kind: 'replace', foreign, profile } : { kind: 'taken', foreign, by: 'configuration' }
}

function profileFrom(
  { signInUrl, accountId, accessConfigurationId, accessConfigurationName, region }: ForeignProfile,
  config: Config,
  existing: Profile | undefined,
): CloudSsoProfile {
  return {
    kind: 'cloudsso',
    ...(signInUrl === undefined || isSignInUrl(signInUrl, config.signInUrl) ? {} : { signInUrl }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(accessConfigurationId === undefined ? {} : { accessConfigurationId }),
    ...(accessConfigurationName === undefined ? {} : { accessConfigurationName }),
    ...(region === undefined ? {} : { region }),
    ...(existing?.store === undefined ? {} : { store: existing.store }),
  }
}

/** Whether both sign in to the same; a region of its own is no other profile, unless the imported one is to replace it. */
function isSame(existing: Profile, imported: CloudSsoProfile, config: Config, withRegion: boolean): boolean {
  const { accountId, accessConfigurationId, accessConfigurationName, region }: AnySettings = existing
  const isAssigned =
    imported.accessConfigurationId === undefined && imported.accessConfigurationName !== undefined
      ? accessConfigurationName === imported.accessConfigurationName
      : accessConfigurationId === imported.accessConfigurationId
  const [before, after] = [signInUrlOf(config, existing), signInUrlOf(config, imported)]
  return (
    existing.kind === imported.kind &&
    accountId === imported.accountId &&
    isAssigned &&
    (!withRegion || imported.region === undefined || region === imported.region) &&
    (before === after || (after !== undefined && isSignInUrl(after, before)))
  )
}

function isTaken(step: ImportStep, name: string): boolean {
  return step.kind !== 'taken' && step.foreign.name === name
}
