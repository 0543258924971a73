import type { EndSessionPage } from '../identity/index.ts'
import { isSesameError, remainingMs, type Secret, t } from '../kit/index.ts'
import { type Config, checkConfigured } from '../profiles/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { openKind } from './kinds/kind.ts'
import { withoutPending } from './kinds/pending-sign-in.ts'
import { resolvableProfiles, resolveProfile } from './kinds/resolve-profile.ts'
import { baseOf, type ResolvedProfile } from './kinds/resolved-profile.ts'
import { openKept, otherStores, unlessUnusable } from './profile-stores.ts'
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
    const { tokens } = resolved.items
    const sharing = tokens === undefined ? [] : profilesSharing(name, tokens, config, context)
    const spared = tokens === undefined || (sparesOthers && sharing.length > 0)
    const found = await forgetEverywhere(resolved, spared ? undefined : tokens, context)
    if (!spared) await context.state.change((state) => withoutPending(state, [tokens]))
    const { validUntil } = found
    const end = {
      name,
      forgotten: found.forgotten,
      shared: found.hadTokens ? sharing : [],
      ...(validUntil === undefined ? {} : { validUntil }),
    }
    if (tokens === undefined) return { ...end, ...(found.looked && { base: baseOf(resolved).name }) }
    const revocation = await revokeAll(resolved, found.tokens, context)
    return { ...end, ...(revocation === undefined ? {} : { revocation }) }
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

/** What was found of a profile in its stores, and is gone. */
interface Found {
  /** Whether there was any store to look into. */
  looked: boolean
  forgotten: boolean
  hadTokens: boolean
  /** The items of tokens that could be read, for the provider. */
  tokens: string[]
  validUntil?: Date
}

/** Empties the profile's own store, and every other one that ever held something of it. */
async function forgetEverywhere(
  resolved: ResolvedProfile,
  tokens: string | undefined,
  context: SessionContext,
): Promise<Found> {
  const found: Found = { looked: false, forgotten: false, hadTokens: false, tokens: [] }
  const own = await openKept(resolved, context)
  if (own !== undefined) await forgetIn(own, { resolved, tokens, found }, context)
  for (const held of otherStores(resolved, context)) {
    const failure = t('What the store {store} holds of profile {profile} stays there', {
      store: held.name,
      profile: resolved.name,
    })
    const forget = async () =>
      forgetIn(await context.openStore(held.name, 'leave'), { resolved, tokens, found }, context)
    await unlessUnusable(held, forget, { ...context, failure })
  }
  return found
}

async function forgetIn(
  store: CredentialStore,
  { resolved, tokens, found }: { resolved: ResolvedProfile; tokens: string | undefined; found: Found },
  context: SessionContext,
): Promise<void> {
  found.looked = true
  const isOwn = store.kind === resolved.store
  if (tokens !== undefined) {
    const forget = async () => {
      const item = await readToForget(store, tokens, { isOwn, context })
      const had = await store.remove(tokens)
      if (item !== undefined) found.tokens.push(item)
      found.hadTokens ||= had
    }
    await context.withLock(tokens, forget, { waitMs })
  }
  const key = resolved.items.credentials
  if (key !== undefined) {
    const stored = parseCredentials(await readToForget(store, key, { isOwn, context }))
    found.forgotten = (await store.remove(key)) || found.forgotten
    const { clock } = context
    const expiresAt = stored?.credentials.expiresAt
    const valid = stored !== undefined && remainingMs(stored.lifetime, clock.now(), clock.bootedAt()) > 0
    if (valid && expiresAt !== undefined && !(found.validUntil !== undefined && found.validUntil > expiresAt))
      found.validUntil = expiresAt
  }
  found.forgotten ||= found.hadTokens
}

/** What a store that was left holds is forgotten, too, when the passphrase that would show it is not at hand. */
async function readToForget(
  store: CredentialStore,
  key: string,
  { isOwn, context }: { isOwn: boolean; context: SessionContext },
): Promise<string | undefined> {
  try {
    return await store.read(key)
  } catch (error) {
    if (isOwn || !isSesameError(error, 'ERR_STORE_PASSPHRASE')) throw error
    context.warn(
      t('What the store {store} held was deleted unread, so it was not revoked: {reason}', {
        store: store.kind,
        reason: error.message,
      }),
    )
    return undefined
  }
}

/** Revokes the tokens of several stores; what went wrong with one of them counts. */
async function revokeAll(
  resolved: ResolvedProfile,
  items: readonly string[],
  context: SessionContext,
): Promise<Revocation | undefined> {
  const ends: (Revocation | undefined)[] = []
  for (const item of new Set(items)) ends.push(await revoke(resolved, item, context))
  const first = (kind: Revocation['kind']) => ends.find((end) => end?.kind === kind)
  return first('failed') ?? first('revoked') ?? first('not-supported')
}

function profilesSharing(name: string, tokens: string, config: Config, context: SessionContext): string[] {
  return resolvableProfiles(config, context).flatMap((each) =>
    each.name !== name && baseOf(each).items.tokens === tokens ? [each.name] : [],
  )
}
