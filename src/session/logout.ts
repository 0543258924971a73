import type { EndSessionPage } from '../identity/index.ts'
import { isSesameError, remainingMs, type Secret } from '../kit/index.ts'
import { type Config, checkConfigured } from '../profiles/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { openKind } from './kinds/kind.ts'
import { baseOf, type ResolvedProfile, resolvableProfiles, resolveProfile } from './kinds/resolve-profile.ts'
import { openKept } from './read-cached.ts'
import { Limit, underLimit } from './renewal/limit.ts'
import type { SessionContext } from './session-context.ts'
import { parseCredentials, parseToken } from './stored-items.ts'

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
  /** The profile at the end of the chain, at which the user is still signed in. */
  base?: string
}

/** What became of tokens at the provider. */
type Revocation = { kind: 'revoked' | 'not-supported' } | { kind: 'failed'; message: string }

/** How long a logout waits for another sesame that is signing in the same profile. */
const waitMs = 10_000

/**
 * Forgets the credentials of a profile and the tokens of its sign-in, and revokes them where the provider can. Runs under
 * the locks of login, so that no process that is just renewing brings them back afterwards. What a role is built upon stays, and
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
    const store = await openKept(resolved, context)
    if (store === undefined) return { name, forgotten: false, shared: [] }
    const { tokens } = resolved.items
    if (tokens === undefined) {
      const forgotten = await forgetCredentials(resolved, store, false, context)
      return { name, ...forgotten, shared: [], base: baseOf(resolved).name }
    }
    const sharing = profilesSharing(name, tokens, config, context)
    const spared = sparesOthers && sharing.length > 0
    const { had, item } = spared ? nothing : await forgetTokens(tokens, store, context)
    const shared = had ? sharing : []
    const forgotten = await forgetCredentials(resolved, store, had, context)
    const revocation = item === undefined ? undefined : await revoke(resolved, item, context)
    return { name, ...forgotten, shared, ...(revocation === undefined ? {} : { revocation }) }
  }
  return context.withLock(`profile:${name}`, locked, { waitMs })
}

/**
 * Where the browser's session ends (RP-Initiated Logout) at the provider that a profile, or the base of its roles, signed in
 * at; undefined where it cannot.
 */
export async function endSessionAddress(name: string, context: SessionContext): Promise<string | undefined> {
  const base = baseOf(resolveProfile(name, context.readConfig(), context))
  const kind = await openKind(base, context)
  if (kind.endSessionUrl === undefined) return undefined
  checkConfigured(base)
  return kind.endSessionUrl()
}

/**
 * The ID token of a profile's sign-in, or of that at the base of its roles, while it is there: with it the provider ends the
 * browser's session without asking. Undefined where there is none, or where the store cannot be read.
 */
export async function readIdTokenHint(name: string, context: SessionContext): Promise<Secret | undefined> {
  const base = baseOf(resolveProfile(name, context.readConfig(), context))
  const { tokens } = base.items
  try {
    const store = await openKept(base, context)
    return tokens === undefined ? undefined : parseToken(await store?.read(tokens))?.idToken?.token
  } catch (error) {
    // What keeps the store from being read is reported by the logout itself.
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    return undefined
  }
}

/** A page of this machine that leads to an end-session address with the ID token, which is in no address itself. */
export async function openLogoutPage(
  address: string,
  idToken: Secret,
  { clock, log }: Pick<SessionContext, 'clock' | 'log'>,
): Promise<EndSessionPage> {
  const { openEndSessionPage } = await import('../identity/index.ts')
  return openEndSessionPage({ address, idToken, clock, log })
}

const revocationLimitMs = 5_000

/** Best effort, as the tokens are gone from here already: a provider that does not answer is reported. */
async function revoke(
  resolved: ResolvedProfile,
  item: string,
  context: SessionContext,
): Promise<Revocation | undefined> {
  const { clock, signal: outer } = context
  try {
    const limit = new Limit(clock, clock.monotonicMs() + revocationLimitMs)
    return await underLimit(limit, outer, async (signal) => {
      const kind = await openKind(resolved, { ...context, signal })
      if (kind.revoke === undefined) return undefined
      checkConfigured(resolved)
      const end = await kind.revoke(item)
      return end && { kind: end }
    })
  } catch (error) {
    outer.throwIfAborted()
    if (!isSesameError(error)) throw error
    return { kind: 'failed', message: error.message }
  }
}

interface Forgotten {
  had: boolean
  /** What was there. */
  item: string | undefined
}

const nothing: Forgotten = { had: false, item: undefined }

async function forgetTokens(
  key: string,
  store: CredentialStore,
  context: SessionContext,
): Promise<Forgotten> {
  const forget = async () => {
    const item = await store.read(key)
    return { had: await store.remove(key), item }
  }
  return context.withLock(key, forget, { waitMs })
}

function profilesSharing(name: string, tokens: string, config: Config, context: SessionContext): string[] {
  return resolvableProfiles(config, context).flatMap((each) =>
    each.name !== name && baseOf(each).items.tokens === tokens ? [each.name] : [],
  )
}

async function forgetCredentials(
  resolved: ResolvedProfile,
  store: CredentialStore,
  hadToken: boolean,
  { clock }: SessionContext,
): Promise<{ forgotten: boolean; validUntil?: Date }> {
  const key = resolved.items.credentials
  if (key === undefined) return { forgotten: hadToken }
  const stored = parseCredentials(await store.read(key))
  const removed = await store.remove(key)
  const valid = stored !== undefined && remainingMs(stored.lifetime, clock.now(), clock.bootedAt()) > 0
  return { forgotten: removed || hadToken, ...(valid ? { validUntil: stored.credentials.expiresAt } : {}) }
}
