import { refreshTokens, type TokenSet } from '../../identity/index.ts'
import { decodeJwt } from '../../jwt/index.ts'
import {
  isFresh,
  isSesameError,
  type Lifetime,
  messageWithRequestId,
  remainingMs,
  type Secret,
  type SesameError,
} from '../../kit/index.ts'
import { persistOrWarn } from '../persist-or-warn.ts'
import { isPassingFault } from '../renewal/after-failure.ts'
import type { Attempter } from '../renewal/outcome.ts'
import { longestRotationMs, renewTogether, type Shield } from '../renewal/renew-together.ts'
import type { SessionContext } from '../session-context.ts'
import { parseToken, serializeToken } from '../stored-items.ts'
import type { WantedToken } from './kind.ts'
import { openProvider } from './oidc-provider.ts'
import { type ResolvedOidc, storeChoiceOf } from './resolve-profile.ts'
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
 * a prompt. Undefined when only a sign-in helps. The provider may rotate refresh tokens and accept each but once (RFC 9700
 * section 4.14.2): of many processes one renews, and what it got is in the store before any process uses it.
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
  let before: TokenSet | undefined
  let rotated: Rotated | undefined
  try {
    const token = await renewTogether<TokenSet | undefined, TokenSet | undefined>(
      {
        lock: key,
        by,
        of: `${choice} ${key}`,
        read: async () => {
          before = await read()
          return before
        },
        // With nothing to renew with there is nothing to do: the holder of the lock is signing in, and is not waited for.
        isGood: (kept): kept is TokenSet | undefined =>
          kept?.refreshToken === undefined || isUsable(kept, options, context),
        renew: async (kept, shield) => {
          if (kept?.refreshToken === undefined) return kept
          rotated = await rotate(resolved, kept, kept.refreshToken, { shield, read, context })
          return rotated.token
        },
        write: async (token) => {
          if (token === undefined || rotated?.kind === 'sibling') return
          const failure =
            rotated?.kind === 'refused'
              ? 'Could not delete the expired refresh token'
              : 'Could not store the renewed sign-in'
          await persistOrWarn(() => store.write(key, serializeToken(token)), failure, context)
          // Only now: the old refresh token is worth nothing any more, whatever became of the ID token.
          if (wanted === 'id' && rotated?.idTokenFailure !== undefined) throw rotated.idTokenFailure
        },
      },
      context,
    )
    // Within one second some providers sign the same ID token again; the server that refused it may accept it now.
    const check = rotated?.kind === 'renewed' ? { wanted, by } : options
    return token !== undefined && isValid(token, check, context) ? { token, store } : undefined
  } catch (error) {
    if (before === undefined || !isValid(before, options, context) || !isPassingFault(error)) throw error
    context.warn(`Renewal failed, using the cached token: ${messageWithRequestId(error)}`)
    return { token: before, store }
  }
}

/** What a rotation ended in: new tokens; those that a sibling has put there; or the old ones, without their refresh token. */
interface Rotated {
  kind: 'renewed' | 'sibling' | 'refused'
  token: TokenSet | undefined
  idTokenFailure?: SesameError | undefined
}

async function rotate(
  resolved: ResolvedOidc,
  stored: TokenSet,
  refreshToken: Secret,
  { shield, read, context }: Rotation,
): Promise<Rotated> {
  const { signal } = shield
  // Discovery and keys under the same signal: the keys are asked for when the new tokens are there already.
  const provider = await openProvider(resolved, { ...context, signal })
  shield.onTheWire()
  try {
    const options = { signal, limitMs: longestRotationMs, previousSubject: subjectOf(stored) }
    const { idTokenFailure, ...fresh } = await refreshTokens(provider, refreshToken, options)
    // Without a new refresh token the old one goes on (RFC 6749 section 6); the same holds for the ID token.
    return { kind: 'renewed', token: { ...stored, ...fresh }, idTokenFailure }
  } catch (error) {
    if (!isSesameError(error, 'ERR_UNAUTHORIZED')) throw error
    // If a sibling has put another refresh token there meanwhile, its tokens count; else this one need not be tried again.
    const now = await read()
    if (now?.refreshToken?.reveal() !== refreshToken.reveal()) return { kind: 'sibling', token: now }
    const { refreshToken: refused, ...others } = now
    return { kind: 'refused', token: others }
  }
}

interface Rotation {
  shield: Shield
  read: () => Promise<TokenSet | undefined>
  context: SessionContext
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

function isUsable(token: TokenSet, options: UsableTokenOptions, { clock }: SessionContext): boolean {
  const lifetime = lifetimeOf(token, options)
  return lifetime !== undefined && isFresh(lifetime, clock.now(), clock.bootedAt())
}

function isValid(token: TokenSet, options: UsableTokenOptions, { clock }: SessionContext): boolean {
  const lifetime = lifetimeOf(token, options)
  return lifetime !== undefined && remainingMs(lifetime, clock.now(), clock.bootedAt()) > 0
}
