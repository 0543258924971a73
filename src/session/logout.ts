import { remainingMs } from '../kit/index.ts'
import type { Config } from '../profiles/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { baseOf } from './base-of.ts'
import { type SignIn, tokenKey } from './entry-key.ts'
import type { Revocation } from './oidc/revoke.ts'
import { otherProfiles } from './other-profiles.ts'
import {
  credentialsKeyOf,
  type ResolvedOidc,
  type ResolvedProfile,
  resolveProfile,
} from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'
import { parseCredentials } from './stored-entry.ts'
import { parseToken, type StoredToken } from './stored-token.ts'

/** What a logout found and forgot. */
export interface LogoutResult {
  name: string
  /** False when there was nothing to forget; a second logout is fine. */
  forgotten: boolean
  /** Credentials that were already handed out stay valid until then: STS cannot call them back. */
  validUntil?: Date
  /** Other profiles that shared the sign-in and will have to sign in again. */
  shared: readonly string[]
  /** What became of the tokens at an OIDC provider; absent where there were none. */
  revocation?: Revocation
  /** The profile at the end of the chain, at which somebody is still signed in. */
  base?: string
}

/** How long a logout waits for another sesame that is signing in the same profile. */
const waitMs = 10_000

/**
 * Forgets the credentials of a profile and the tokens of its sign-in, and revokes them where the provider can. Runs under
 * the locks of login, so that nobody who is just renewing brings them back afterwards. What a role is built upon stays, and
 * with `sparesOthers` a sign-in that another profile shares.
 */
export function logout(
  name: string,
  { sparesOthers }: { sparesOthers: boolean },
  context: SessionContext,
): Promise<LogoutResult> {
  const locked = async (): Promise<LogoutResult> => {
    const config = context.readConfig()
    const resolved = resolveProfile(name, config, context)
    if (resolved.storeChoice === 'auto') return { name, forgotten: false, shared: [] }
    const store = await context.openStore(resolved.storeChoice, 'read')
    if (resolved.kind === 'role')
      return {
        name,
        ...(await forgetCredentials(resolved, store, false, context)),
        shared: [],
        base: baseOf(resolved).name,
      }
    const sharing = profilesSharing(name, resolved.signIn, config, context)
    const spared = sparesOthers && sharing.length > 0
    const { had, token } = spared ? nothing : await forgetTokens(resolved.signIn, store, context)
    const shared = had ? sharing : []
    const forgotten = await forgetCredentials(resolved, store, had, context)
    const revocation =
      resolved.kind === 'oidc' && token !== undefined ? await revoke(resolved, token, context) : undefined
    return { name, ...forgotten, shared, ...(revocation === undefined ? {} : { revocation }) }
  }
  return context.withLock(`profile:${name}`, locked, { waitMs })
}

interface Forgotten {
  had: boolean
  token: StoredToken | undefined
}

const nothing: Forgotten = { had: false, token: undefined }

async function forgetTokens(
  signIn: SignIn,
  store: CredentialStore,
  context: SessionContext,
): Promise<Forgotten> {
  const key = tokenKey(signIn)
  const forget = async () => {
    const token = parseToken(await store.read(key))
    return { had: await store.remove(key), token }
  }
  return context.withLock(key, forget, { waitMs })
}

/** Best effort: the tokens are gone from here already. */
async function revoke(
  resolved: ResolvedOidc,
  token: StoredToken,
  context: SessionContext,
): Promise<Revocation> {
  const { revokeAtProvider } = await import('./oidc/revoke.ts')
  return revokeAtProvider(resolved, token, context)
}

function profilesSharing(name: string, signIn: SignIn, config: Config, context: SessionContext): string[] {
  return otherProfiles(name, config, context).flatMap((each) =>
    tokenKey(baseOf(each).signIn) === tokenKey(signIn) ? [each.name] : [],
  )
}

async function forgetCredentials(
  resolved: ResolvedProfile,
  store: CredentialStore,
  hadToken: boolean,
  { clock }: SessionContext,
): Promise<{ forgotten: boolean; validUntil?: Date }> {
  const key = credentialsKeyOf(resolved)
  if (key === undefined) return { forgotten: hadToken }
  const stored = parseCredentials(await store.read(key))
  const removed = await store.remove(key)
  const alive = stored !== undefined && remainingMs(stored.lifetime, clock.now(), clock.bootedAt()) > 0
  return { forgotten: removed || hadToken, ...(alive ? { validUntil: stored.credentials.expiresAt } : {}) }
}
