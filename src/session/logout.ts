import { type Config, signInUrlOf } from '../profile/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { remainingMs } from '../token/index.ts'
import { credentialsKey, tokenKey } from './entry-key.ts'
import { assignmentOf, type ResolvedProfile, resolveProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'
import { parseCredentials } from './stored-entry.ts'

/** What a logout found and forgot. */
export interface LogoutResult {
  name: string
  /** False when there was nothing to forget; a second logout is fine. */
  forgotten: boolean
  /** Credentials that were already handed out stay valid until then: STS cannot call them back. */
  validUntil?: Date
  /** Other profiles that shared the sign-in and will have to sign in again. */
  shared: readonly string[]
}

/** How long a logout waits for another sesame that is signing in the same profile. */
const waitMs = 10_000

/**
 * Forgets the credentials of a profile and the bearer token of its directory. Runs under the locks of login, so that
 * nobody who is just renewing brings them back afterwards.
 */
export function logout(name: string, context: SessionContext): Promise<LogoutResult> {
  const locked = async (): Promise<LogoutResult> => {
    const config = context.readConfig()
    const resolved = resolveProfile(name, config, context)
    if (resolved.storeChoice === 'auto') return { name, forgotten: false, shared: [] }
    const store = await context.openStore(resolved.storeChoice, 'read')
    const key = tokenKey(resolved.signIn)
    const hadToken = await context.withLock<boolean>(key, () => store.remove(key), { waitMs })
    const shared = profilesSharing(resolved, config)
    return {
      name,
      ...(await forgetCredentials(resolved, store, hadToken, context)),
      shared: hadToken ? shared : [],
    }
  }
  return context.withLock(`profile:${name}`, locked, { waitMs })
}

function profilesSharing({ name, signIn }: ResolvedProfile, config: Config): string[] {
  return [...config.profiles].flatMap(([other, profile]) => {
    const url = signInUrlOf(config, profile)
    // Compared as it is written: another profile's bad URL is not this one's problem.
    const same = url !== undefined && tokenKey({ ...signIn, signInUrl: url }) === tokenKey(signIn)
    return same && other !== name ? [other] : []
  })
}

async function forgetCredentials(
  resolved: ResolvedProfile,
  store: CredentialStore,
  hadToken: boolean,
  { clock }: SessionContext,
): Promise<{ forgotten: boolean; validUntil?: Date }> {
  const assignment = assignmentOf(resolved)
  if (assignment === undefined) return { forgotten: hadToken }
  const key = credentialsKey(assignment)
  const stored = parseCredentials(await store.read(key))
  const removed = await store.remove(key)
  const alive = stored !== undefined && remainingMs(stored.lifetime, clock.now(), clock.bootedAt()) > 0
  return { forgotten: removed || hadToken, ...(alive ? { validUntil: stored.credentials.expiresAt } : {}) }
}
