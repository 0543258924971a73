import {
  formatInstant,
  isSesameError,
  type StoreChoice,
  type StoreName,
  shellWord,
  within,
} from '../kit/index.ts'
import { type Config, providerUrlOf } from '../profiles/index.ts'
import {
  baseOf,
  lacksSignInUrl,
  type Outlook,
  openKind,
  type ProfileStatus,
  profileStatus,
  type ResolvedProfile,
  resolveProfile,
  type SessionContext,
} from '../session/index.ts'
import { type Failure, type Finding, failureOf, ok, problem, warning } from './finding.ts'

export interface ProfileFacts {
  name: string
  current: boolean
  signInUrl: string | undefined
  status: ProfileStatus['status']
  expiresAt?: Date | undefined
  /** It counts as expired before `expiresAt` by the local clock, which was set, or is slow. */
  beforeTime?: boolean | undefined
  renewal?: Outlook | undefined
  /** It has no role: tokens are all it gives. */
  tokensOnly?: boolean | undefined
  /** A store that was left has its sign-in; the next login takes it along. */
  elsewhere?: StoreName | undefined
  /** It cannot be used as it is configured. */
  failure?: Failure
}

/** One profile: what `sesame credentials`, or `sesame token get`, would say to a program now. */
export function checkProfile(facts: ProfileFacts): Finding {
  const { name, current, status, expiresAt, renewal, failure } = facts
  const who = current ? `${name} (current)` : name
  const login = `sesame login --profile ${shellWord(name)}`
  if (failure !== undefined)
    return problem(
      'profile',
      `${who}: ${failure.message}`,
      failure.hint ?? `Look at it with: sesame profile show ${shellWord(name)}`,
    )
  if (facts.signInUrl === undefined) {
    const fix = `sesame configure --profile ${shellWord(name)} --signin-url https://…/login`
    return problem('profile', `${who}: no sign-in URL`, fix)
  }
  if (facts.elsewhere !== undefined) {
    const message = `${who}: its secrets are in the store ${facts.elsewhere} still, and move with the next login`
    return warning('profile', message, login)
  }
  if (renewal?.kind === 'no-secret') {
    const whose = renewal.of === name ? 'its secret' : `the secret of profile ${renewal.of}`
    const fix = `sesame configure --profile ${shellWord(renewal.of)} ${renewal.option}`
    return problem('profile', `${who}: ${whose} is not in the store`, fix)
  }
  if (renewal?.kind === 'blocked') {
    const left = status === 'valid' && expiresAt ? `valid until ${formatInstant(expiresAt)}, and then` : 'is'
    return warning('profile', `${who}: ${left} not renewed: ${renewal.why.replace(/\.$/, '')}`, renewal.fix)
  }
  const what = facts.tokensOnly ? 'tokens ' : ''
  const until = expiresAt === undefined ? '' : ` ${formatInstant(expiresAt)}`
  const expired = facts.beforeTime
    ? `counts as expired, since this machine's clock was set or is slow (valid until${until} by the server's)`
    : `expired at${until}`
  switch (status) {
    case 'valid':
      return ok('profile', `${who}: ${what}valid until${until}${inWords(renewal)}`)
    case 'unknown':
      return warning(
        'profile',
        `${who}: its store cannot be read just now`,
        'Fix the store first, see above.',
      )
    case 'expired':
      return renewal === undefined
        ? warning('profile', `${who}: ${what}${expired}`, login)
        : ok('profile', `${who}: ${what}expired${inWords(renewal)}`)
    case 'none':
      return renewal === undefined
        ? warning('profile', `${who}: signed out`, login)
        : ok('profile', `${who}: no ${facts.tokensOnly ? 'tokens' : 'credentials'} yet${inWords(renewal)}`)
  }
}

function inWords(renewal: Outlook | undefined): string {
  if (renewal?.kind === 'open') return '; renews by itself'
  return renewal?.kind === 'until' ? `; renews by itself until ${formatInstant(renewal.at)}` : ''
}

/**
 * Looks at one profile: its credentials or tokens, and what would renew them. `readable` says whether its store is worth
 * asking; a keychain that hangs once need not hang for each profile.
 */
async function lookAtProfile(
  name: string,
  config: Config,
  context: SessionContext,
  readable: (choice: StoreChoice) => boolean,
): Promise<ProfileFacts> {
  const facts = factsOf(name, config)
  // Reported in a finding of its own.
  if (lacksSignInUrl(config, config.profiles.get(name))) return { ...facts, status: 'none' }
  const resolved = attempt(() => resolveProfile(name, config, context))
  if (resolved.kind === 'failed') return { ...facts, status: 'none', failure: resolved }
  const { tokensOnly } = resolved
  const choices = [resolved.store, baseOf(resolved).store].filter((choice) => choice !== undefined)
  if (!choices.every(readable)) return { ...facts, status: 'unknown', tokensOnly }
  const { status, expiresAt } = await profileStatus(name, config, context)
  if (status === 'unknown') return { ...facts, status, tokensOnly }
  const beforeTime = status === 'expired' && expiresAt !== undefined && expiresAt > context.clock.now()
  return { ...facts, status, expiresAt, beforeTime, tokensOnly, renewal: await outlookOf(resolved, context) }
}

function factsOf(name: string, config: Config): Omit<ProfileFacts, 'status'> {
  const signInUrl = providerUrlOf(config, config.profiles.get(name))
  return { name, current: config.currentProfile === name, signInUrl }
}

function attempt(get: () => ResolvedProfile): ResolvedProfile | Failure {
  try {
    return get()
  } catch (error) {
    return failureOf(error)
  }
}

/** What would renew a profile without a person; undefined when only a sign-in would. */
async function outlookOf(resolved: ResolvedProfile, context: SessionContext): Promise<Outlook | undefined> {
  const kind = await openKind(resolved, context)
  try {
    return await kind.outlook(resolved.tokensOnly ? 'tokens' : 'credentials')
  } catch (error) {
    // The store has just given the credentials; what it says about this item is reported by `checkStore`.
    if (!isSesameError(error, 'ERR_STORE_LOCKED', 'ERR_STORE_UNAVAILABLE', 'ERR_FILE')) throw error
    return undefined
  }
}

const limitMs = 3000

/** All profiles at once; one that does not answer in time is `unknown`. */
export async function lookAtProfiles(
  names: readonly string[],
  config: Config,
  context: SessionContext,
  readable: (choice: StoreChoice) => boolean,
): Promise<ProfileFacts[]> {
  return Promise.all(
    names.map((name) => {
      const late = (): ProfileFacts => ({ ...factsOf(name, config), status: 'unknown' })
      const looked = lookAtProfile(name, config, context, readable)
      return within({ ms: limitMs, clock: context.clock, late }, looked)
    }),
  )
}
