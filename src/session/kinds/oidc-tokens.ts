import { refreshTokens, type TokenSet } from '../../identity/index.ts'
import { decodeJwt } from '../../jwt/index.ts'
import {
  isFresh,
  type Lifetime,
  messageWithRequestId,
  remainingMs,
  type Secret,
  type SesameError,
  t,
} from '../../kit/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import { persistOrWarn } from '../profile-stores.ts'
import { isAboutRenewal, isPassingFault, isRefusal } from '../renewal/after-failure.ts'
import type { Attempter } from '../renewal/outcome.ts'
import { longestRotationMs, renewTogether, type Shield } from '../renewal/renew-together.ts'
import type { SessionContext } from '../session-context.ts'
import { parseToken, type StoredTokens, serializeToken } from '../stored-items.ts'
import type { WantedToken } from './kind.ts'
import { canRenew } from './oidc-outlook.ts'
import { type Learning, learning, openProvider } from './oidc-provider.ts'
import { type ResolvedOidc, storeChoiceOf } from './resolved-profile.ts'
import { isSame, type KeptToken, unlessUnusable } from './sign-in.ts'

export interface UsableTokenOptions {
  wanted: WantedToken
  /** Who asks: a person's login, or a program. */
  by: Attempter
  /** Tokens that a server has just refused although they looked fresh. */
  notThis?: TokenSet | undefined
  /** The sign-in of another profile counts, too, wherever the store that `auto` chooses has it. */
  fromOthers?: boolean
}

/**
 * The tokens of a provider with one that is good for a while, renewed with the refresh token where needed, without
 * a prompt. Undefined when only a sign-in helps, which for a person is whenever the provider did not renew. The provider may rotate
 * refresh tokens and accept each but once (RFC 9700 section 4.14.2): of many processes one renews, and what it got is in the store
 * before any process uses it.
 */
export async function usableTokens(
  resolved: ResolvedOidc,
  options: UsableTokenOptions,
  context: SessionContext,
): Promise<KeptToken | undefined> {
  if (resolved.store === undefined && !options.fromOthers) return undefined
  const { wanted, by } = options
  const choice = storeChoiceOf(resolved)
  const store = await context.openStore(choice, 'read')
  const key = resolved.items.tokens
  const read = () => unlessUnusable(resolved, async () => parseToken(await store.read(key)))
  let before: StoredTokens | undefined
  let rotated: Rotated | undefined
  try {
    const token = await renewTogether<StoredTokens | undefined, StoredTokens | undefined>(
      {
        lock: key,
        by,
        // Its failures are not those of the sign-in that follows, under the same lock.
        of: `${choice} ${key} renewed`,
        read: async () => {
          before = await read()
          return before
        },
        // With nothing to renew with there is nothing to do: the holder of the lock is signing in, and is not waited for.
        isGood: (kept): kept is StoredTokens | undefined =>
          kept === undefined || !canRenew(kept, wanted) || isUsable(kept, options, context),
        renew: async (kept, shield) => {
          if (kept?.refreshToken === undefined) return kept
          rotated = await rotate(resolved, kept, kept.refreshToken, { shield, read, store, context })
          return rotated.token
        },
        write: async (token) => {
          if (token === undefined || rotated?.kind === 'sibling') return
          const failure =
            rotated?.kind === 'refused'
              ? t('Could not delete the expired refresh token')
              : t('Could not store the renewed sign-in')
          await persistOrWarn(() => store.write(key, serializeToken(token)), failure, context)
          await rotated?.learned.keep()
          // Only now: the old refresh token is worth nothing any more, whatever became of the ID token.
          if (wanted === 'id' && rotated?.idTokenFailure !== undefined) throw rotated.idTokenFailure
        },
      },
      context,
    )
    // Within one second some providers sign the same ID token again; the server that refused it may accept it now.
    const check = rotated?.kind === 'renewed' ? { wanted, by } : options
    return token !== undefined && isEnough(token, check, context) ? { token, store } : undefined
  } catch (error) {
    // New tokens that cannot be checked just now are no reason to ask the user for others.
    const asker = rotated === undefined ? by : 'program'
    const rest = before !== undefined && isValid(before, options, context) ? before : undefined
    const token = afterFailure(error, rest, asker, context)
    return token && { token, store }
  }
}

/** What is left of the old tokens, while that may do; undefined for a person who had better sign in. @throws the failure */
function afterFailure(
  error: unknown,
  rest: StoredTokens | undefined,
  by: Attempter,
  { warn }: SessionContext,
): StoredTokens | undefined {
  if (rest !== undefined && isPassingFault(error) && (by === 'program' || !isRefusal(error))) {
    warn(t('Renewal failed, using the cached token: {reason}', { reason: messageWithRequestId(error) }))
    return rest
  }
  if (by === 'program' || !isAboutRenewal(error)) throw error
  warn(t('The last sign-in could not be renewed: {reason}', { reason: messageWithRequestId(error) }))
  return undefined
}

/** What a rotation ended in: new tokens; those that a sibling has put there; or the old ones, marked as refused. */
interface Rotated {
  kind: 'renewed' | 'sibling' | 'refused'
  token: StoredTokens | undefined
  learned: Learning
  idTokenFailure?: SesameError | undefined
}

interface Rotation {
  shield: Shield
  read: () => Promise<StoredTokens | undefined>
  store: CredentialStore
  context: SessionContext
}

async function rotate(
  resolved: ResolvedOidc,
  stored: StoredTokens,
  refreshToken: Secret,
  { shield, read, store, context }: Rotation,
): Promise<Rotated> {
  const { signal } = shield
  // Discovery and keys under the same signal: the keys are asked for when the new tokens are there already.
  const learned = learning(resolved, context)
  const provider = await openProvider(resolved, { ...context, signal }, learned)
  shield.onTheWire()
  try {
    const previous = { previousSubject: subjectOf(stored), previousUserName: stored.idToken?.userName }
    const options = { signal, limitMs: longestRotationMs, ...previous }
    const { idTokenFailure, ...fresh } = await refreshTokens(provider, refreshToken, options)
    return { kind: 'renewed', token: renewed(stored, fresh, idTokenFailure), learned, idTokenFailure }
  } catch (error) {
    if (!isRefusal(error)) throw error
    // If a sibling has put another refresh token there meanwhile, its tokens count.
    const now = await read()
    if (now?.refreshToken?.reveal() !== refreshToken.reveal()) return { kind: 'sibling', token: now, learned }
    const refused: StoredTokens = { ...now, refusal: error.message }
    if (error.code === 'ERR_UNAUTHORIZED') {
      // Only the provider's own word that it is worth nothing costs the refresh token: it need not be tried again.
      if (error.serverCode !== undefined) delete refused.refreshToken
      return { kind: 'refused', token: refused, learned }
    }
    if (now.refusal !== refused.refusal)
      await persistOrWarn(
        () => store.write(resolved.items.tokens, serializeToken(refused)),
        t('Could not note what the provider said'),
        context,
      )
    throw error
  }
}

/** Without a new refresh token the old one goes on (RFC 6749 section 6); the same holds for the ID token (OIDC Core section 12.2). */
function renewed(
  { idTokenNotRenewed: _, refusal: __, ...stored }: StoredTokens,
  fresh: TokenSet,
  idTokenFailure: SesameError | undefined,
): StoredTokens {
  const without = fresh.idToken === undefined && idTokenFailure === undefined
  return { ...stored, ...fresh, ...(without && { idTokenNotRenewed: true }) }
}

/** Who signed in; the token was checked when it came. */
function subjectOf({ idToken }: TokenSet): string | undefined {
  const subject = idToken && decodeJwt(idToken.token.reveal()).claims.sub
  return typeof subject === 'string' ? subject : undefined
}

function lifetimeOf(token: TokenSet, { wanted, notThis }: UsableTokenOptions): Lifetime | undefined {
  if (isSame(token, notThis, wanted)) return undefined
  return wanted === 'id' ? token.idToken?.lifetime : token.lifetime
}

/** A person who is there can sign in again, so that tokens of a sign-in that the provider no longer renews are not good for them. */
function isUsable(token: StoredTokens, options: UsableTokenOptions, { clock }: SessionContext): boolean {
  if (options.by === 'person' && token.refusal !== undefined) return false
  const lifetime = lifetimeOf(token, options)
  return lifetime !== undefined && isFresh(lifetime, clock.now(), clock.bootedAt())
}

/**
 * A program takes what is valid at all. So does a person's login whose ID token is exchanged at once; an access token that is about
 * to expire would leave them signed in for nothing.
 */
function isEnough(token: StoredTokens, options: UsableTokenOptions, context: SessionContext): boolean {
  const takesRest = options.by === 'program' || (options.wanted === 'id' && token.refusal === undefined)
  return takesRest ? isValid(token, options, context) : isUsable(token, options, context)
}

function isValid(token: TokenSet, options: UsableTokenOptions, { clock }: SessionContext): boolean {
  const lifetime = lifetimeOf(token, options)
  return lifetime !== undefined && remainingMs(lifetime, clock.now(), clock.bootedAt()) > 0
}
