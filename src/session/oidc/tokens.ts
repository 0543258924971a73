import { isSesameError } from '../../errors.ts'
import { refreshTokens } from '../../identity/index.ts'
import type { Secret } from '../../secret.ts'
import type { CredentialStore } from '../../store/index.ts'
import { decodeJwt, isFresh, type Lifetime, remainingMs } from '../../token/index.ts'
import { tokenKey } from '../entry-key.ts'
import { keep } from '../keep.ts'
import { isPassingFault } from '../passing-fault.ts'
import type { ResolvedOidc } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { isSame, type KeptToken, unlessUnusable, type WantedToken } from '../sign-in.ts'
import { parseToken, type StoredToken, serializeToken } from '../stored-token.ts'
import { openProvider } from './provider.ts'

export interface UsableTokenOptions {
  wanted: WantedToken
  /** Tokens that a server has just refused although they looked fresh. */
  notThis?: StoredToken | undefined
  /** The sign-in of another profile counts, too, wherever `auto` finds it. */
  fromOthers?: boolean
  /** How long to wait for another sesame that is renewing; for ever by default. */
  waitMs?: number
}

/**
 * The tokens of a provider with one that is good for a while, renewed with the refresh token where needed; nobody is
 * asked. Undefined when only a sign-in helps. The provider may rotate refresh tokens and accept each but once (RFC 9700
 * section 4.14.2): of many processes one renews, and what it got is in the store before anybody uses it.
 */
export async function usableTokens(
  resolved: ResolvedOidc,
  options: UsableTokenOptions,
  context: SessionContext,
): Promise<KeptToken | undefined> {
  // `auto` without a remembered store: this profile never kept anything.
  if (resolved.storeChoice === 'auto' && !options.fromOthers) return undefined
  const store = await context.openStore(resolved.storeChoice, 'read')
  const key = tokenKey(resolved.signIn)
  const read = async () => parseToken(await store.read(key))
  const found = await unlessUnusable(resolved, read)
  if (found === undefined) return undefined
  if (isUsable(found, options, context)) return { token: found, store }
  const alive = isAlive(found, options, context) ? found : undefined
  // Nothing to renew with: whoever holds the lock is signing in, and need not be waited for.
  if (found.refreshToken === undefined) return alive && { token: alive, store }
  const { waitMs } = options
  try {
    const renewed = await context.withLock<StoredToken | undefined>(
      key,
      () => renew(resolved, options, { store, read }, context),
      waitMs === undefined ? undefined : { waitMs },
    )
    return renewed && { token: renewed, store }
  } catch (error) {
    if (alive === undefined || !isSesameError(error, 'ERR_LOCK_TIMEOUT')) throw error
    return { token: alive, store }
  }
}

interface Place {
  store: CredentialStore
  read(): Promise<StoredToken | undefined>
}

async function renew(
  resolved: ResolvedOidc,
  options: UsableTokenOptions,
  { store, read }: Place,
  context: SessionContext,
): Promise<StoredToken | undefined> {
  // Another process may have renewed, or signed in or out, while this one waited.
  const stored = await read()
  if (stored === undefined || isUsable(stored, options, context)) return stored
  const stillAlive = isAlive(stored, options, context) ? stored : undefined
  if (stored.refreshToken === undefined) return stillAlive
  try {
    const renewed = await refresh(
      resolved,
      stored,
      stored.refreshToken,
      options.wanted,
      { store, read },
      context,
    )
    // Within one second some providers sign the same ID token again; whoever refused it may think better of it.
    return isAlive(renewed, { wanted: options.wanted }, context) ? renewed : undefined
  } catch (error) {
    if (isSesameError(error, 'ERR_UNAUTHORIZED'))
      return (await anotherSignIn(resolved, stored, options, { store, read }, context)) ?? stillAlive
    if (stillAlive === undefined || !isPassingFault(error)) throw error
    context.warn(`Offline, going on with the present token: ${error.message}`)
    return stillAlive
  }
}

async function refresh(
  resolved: ResolvedOidc,
  stored: StoredToken,
  refreshToken: Secret,
  wanted: WantedToken,
  { store }: Place,
  context: SessionContext,
): Promise<StoredToken> {
  const signal = context.rotationSignal ?? context.signal
  const provider = await openProvider(resolved, { ...context, signal })
  const options = { signal, previousSubject: subjectOf(stored) }
  const { idTokenFailure, ...fresh } = await refreshTokens(provider, refreshToken, options)
  // Without a new refresh token the old one goes on (RFC 6749 section 6); the same holds for the ID token.
  const renewed: StoredToken = { ...stored, ...fresh }
  await keep(
    () => store.write(tokenKey(resolved.signIn), serializeToken(renewed)),
    'The renewed sign-in',
    context,
  )
  // Only now: the old refresh token is worth nothing any more, whatever became of the ID token.
  if (idTokenFailure !== undefined && wanted === 'id') throw idTokenFailure
  return renewed
}

/** Who signed in; the token was checked when it came. */
function subjectOf({ idToken }: StoredToken): string | undefined {
  const subject = idToken && decodeJwt(idToken.token.reveal()).claims.sub
  return typeof subject === 'string' ? subject : undefined
}

/**
 * The provider no longer knows the refresh token. If a sibling has put another one there meanwhile, its tokens count; else
 * nobody needs to try this one again.
 */
async function anotherSignIn(
  resolved: ResolvedOidc,
  refused: StoredToken,
  options: UsableTokenOptions,
  { store, read }: Place,
  context: SessionContext,
): Promise<StoredToken | undefined> {
  const now = await read()
  if (now === undefined) return undefined
  if (now.refreshToken?.reveal() !== refused.refreshToken?.reveal())
    return isUsable(now, options, context) ? now : undefined
  const { refreshToken, ...others } = now
  const forget = () => store.write(tokenKey(resolved.signIn), serializeToken(others))
  await keep(forget, 'The end of the sign-in', context)
  return undefined
}

function lifetimeOf(token: StoredToken, { wanted, notThis }: UsableTokenOptions): Lifetime | undefined {
  if (isSame(token, notThis, wanted)) return undefined
  return wanted === 'id' ? token.idToken?.lifetime : token.lifetime
}

function isUsable(token: StoredToken, options: UsableTokenOptions, { clock }: SessionContext): boolean {
  const lifetime = lifetimeOf(token, options)
  return lifetime !== undefined && isFresh(lifetime, clock.now(), clock.bootedAt())
}

function isAlive(token: StoredToken, options: UsableTokenOptions, { clock }: SessionContext): boolean {
  const lifetime = lifetimeOf(token, options)
  return lifetime !== undefined && remainingMs(lifetime, clock.now(), clock.bootedAt()) > 0
}
