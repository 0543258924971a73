import { isSesameError, type StoreChoice, within } from '../kit/index.ts'
import { type Config, lacksSignInUrl, providerUrlOf } from '../profiles/index.ts'
import {
  baseOf,
  type Outlook,
  openKind,
  profileStatus,
  type ResolvedProfile,
  resolveProfile,
  type SessionContext,
} from '../session/index.ts'
import { type Failure, failureOf } from './finding.ts'
import type { ProfileFacts } from './profiles.ts'

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
