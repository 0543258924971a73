import { isSesameError } from '../../errors.ts'
import { type Config, providerUrlOf, type StoreChoice } from '../../profile/index.ts'
import { marginMs } from '../../token/index.ts'
import { profileStatus } from '../profile-status.ts'
import { assignmentOf, chooseStore, resolveProfile } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { readFreshToken } from '../sign-in.ts'
import type { ProfileFacts } from './check-profile.ts'
import { within } from './within.ts'

/**
 * Looks at one profile: its credentials, and the sign-in that would renew them. `readable` says whether its store is
 * worth asking; a keychain that hangs once need not hang for each profile.
 */
async function lookAtProfile(
  name: string,
  config: Config,
  context: SessionContext,
  readable: (choice: StoreChoice) => boolean,
): Promise<ProfileFacts> {
  const profile = config.profiles.get(name)
  const current = config.currentProfile === name
  const signInUrl = providerUrlOf(config, profile)
  const choice = chooseStore(config, profile, context.storeOverride)
  const base = { name, current, signInUrl }
  if (signInUrl === undefined || choice === 'auto') return { ...base, status: 'none' }
  if (!readable(choice)) return { ...base, status: 'unknown' }
  const { status, expiresAt } = await profileStatus(name, config, context)
  if (status === 'unknown') return { ...base, status }
  return { ...base, status, expiresAt, signedInUntil: await signedInUntil(name, config, choice, context) }
}

/** Undefined when nobody is signed in, and when no role was chosen that the sign-in could renew. */
async function signedInUntil(
  name: string,
  config: Config,
  choice: StoreChoice,
  context: SessionContext,
): Promise<Date | undefined> {
  try {
    const resolved = resolveProfile(name, config, context)
    if (resolved.kind !== 'cloudsso' || assignmentOf(resolved) === undefined) return undefined
    const token = await readFreshToken(resolved, await context.openStore(choice, 'read'), context)
    if (token === undefined) return undefined
    return new Date(token.lifetime.expiresAt.getTime() - marginMs(token.lifetime))
  } catch (error) {
    // The store has just given the credentials; what it says about this item is told by `checkStore`.
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
  const late = (name: string): ProfileFacts => ({
    name,
    current: config.currentProfile === name,
    signInUrl: providerUrlOf(config, config.profiles.get(name)),
    status: 'unknown',
  })
  return Promise.all(
    names.map((name) =>
      within(limitMs, lookAtProfile(name, config, context, readable), late(name), context.clock),
    ),
  )
}
