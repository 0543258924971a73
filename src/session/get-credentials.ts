import { isSesameError, SesameError } from '../errors.ts'
import { isFresh, remainingMs } from '../token/index.ts'
import { baseOf } from './base-of.ts'
import { checkConfigured } from './configure/check-settings.ts'
import { tokenKey } from './entry-key.ts'
import { hasSecret } from './idaas/tokens.ts'
import { inTime } from './in-time.ts'
import { keep } from './keep.ts'
import { obtain, withoutRole } from './obtain.ts'
import { loginRequired } from './obtained.ts'
import { isFreshFor, readStored } from './read-cached.ts'
import { credentialsKeyOf, givesTokensOnly, type ResolvedProfile, resolveProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'
import { type StoredCredentials, serializeCredentials } from './stored-entry.ts'
import { parseToken } from './stored-token.ts'

export interface GetCredentialsOptions {
  /** At least so much life must be left; the margin before expiry holds in any case. */
  minTtlSeconds?: number | undefined
  /** Renew when less is left (default: the margin of every credential); capped at half of the life. */
  marginSeconds?: number | undefined
}

/** A program waits for the answer: whoever else is at work in this profile may take this long. */
const lockWaitMs = 4_000
/** And the servers this long, the whole chain of roles together, so that the process answers within ten seconds. */
const renewalMs = 5_000
/** Who broke off while a refresh token is being rotated would lose the sign-in; so that may take what waiting left over. */
const rotationMs = 4_500

/**
 * Credentials for a program: from the store while they are fresh, else renewed with what still lives: the token of a
 * sign-in, a refresh token, an application's secret. Never asks anybody and never opens anything. If renewal fails and the
 * old ones live long enough, they are handed out with a warning. Errors: ERR_LOGIN_REQUIRED; ERR_CONFIG for a profile without
 * a role; ERR_USAGE when no renewal can give `minTtlSeconds`; what the network or the server said.
 */
export async function getCredentials(
  name: string,
  options: GetCredentialsOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  return answerBy(context.clock.monotonicMs() + lockWaitMs, name, options, context)
}

/** `waitUntilMs` (monotonic) is the end of all waiting for other processes, for a chain of roles as for one. */
async function answerBy(
  waitUntilMs: number,
  name: string,
  options: GetCredentialsOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  const resolved = resolveProfile(name, context.readConfig(), context)
  if (givesTokensOnly(resolved)) throw withoutRole(name)
  const before = await readStored(resolved, context)
  if (before !== undefined && isFreshFor(before, options, context.clock)) return before
  try {
    return await context.withLock(`profile:${name}`, () => renew(waitUntilMs, name, options, context), {
      waitMs: waitLeftMs(waitUntilMs, context),
    })
  } catch (error) {
    if (before === undefined || !livesFor(before, options, context))
      throw await explain(error, resolved, context)
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    context.warn(`Not renewed, still valid: ${error.message}`)
    return before
  }
}

async function renew(
  waitUntilMs: number,
  name: string,
  options: GetCredentialsOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  // Another process may have signed in or renewed while this one waited.
  const resolved = resolveProfile(name, context.readConfig(), context)
  const stored = await readStored(resolved, context)
  if (stored !== undefined && isFreshFor(stored, options, context.clock)) return stored
  checkConfigured(resolved)
  const renewed = await obtainAgain(waitUntilMs, resolved, options, context)
  if (isFreshFor(renewed, options, context.clock)) return renewed
  const lifeSeconds = (renewed.lifetime.expiresAt.getTime() - renewed.lifetime.obtainedAt.getTime()) / 1000
  // Whoever asks for the whole life gets it, though the way here took a part of a second.
  if ((options.minTtlSeconds ?? 0) <= lifeSeconds) return renewed
  const giver = resolved.kind === 'cloudsso' ? 'The access configuration' : 'The role'
  throw new SesameError('ERR_USAGE', `No credentials of profile ${name} live as long as --min-ttl asks.`, {
    hint: `${giver} gives ${Math.floor(lifeSeconds)} s at the most.`,
  })
}

async function obtainAgain(
  waitUntilMs: number,
  resolved: ResolvedProfile,
  options: GetCredentialsOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  const rotationLeftMs = waitLeftMs(waitUntilMs, context) + rotationMs
  return inTime(rotationLeftMs, context.rotationSignal ?? context.signal, (rotationSignal) =>
    inTime(renewalMs, context.signal, async (signal) => {
      const hurried: SessionContext = {
        ...context,
        signal,
        rotationSignal,
        // Somebody may be signing in to another profile of the same provider just now: that can take minutes.
        withLock: (lock, run, { waitMs = Number.POSITIVE_INFINITY } = {}) =>
          context.withLock(lock, run, { waitMs: Math.min(waitMs, waitLeftMs(waitUntilMs, context)) }),
      }
      const fromSource = (source: string) => answerBy(waitUntilMs, source, options, hurried)
      const { credentials, store } = await obtain(resolved, { wanted: {}, force: false, fromSource }, hurried)
      const key = credentialsKeyOf(resolved)
      if (key !== undefined)
        await keep(() => store.write(key, serializeCredentials(credentials)), 'The credentials', context)
      return credentials
    }),
  )
}

function waitLeftMs(waitUntilMs: number, { clock }: SessionContext): number {
  return Math.max(0, Math.ceil(waitUntilMs - clock.monotonicMs()))
}

/**
 * A refused or missing sign-in needs the person. So does a lock that is not let go while there is nothing to renew with:
 * then its holder is most likely waiting for that very person. Otherwise the holder itself is in the way.
 */
async function explain(error: unknown, resolved: ResolvedProfile, context: SessionContext): Promise<unknown> {
  const base = baseOf(resolved)
  if (isSesameError(error, 'ERR_UNAUTHORIZED') && base.kind !== 'idaas')
    return loginRequired(resolved.name, error)
  // A sign-in for the whole chain is a sign-in at its base.
  if (isSesameError(error, 'ERR_LOGIN_REQUIRED') && base !== resolved)
    return loginRequired(resolved.name, error)
  const waited = isSesameError(error, 'ERR_LOCK_TIMEOUT')
  return waited && !(await canRenew(base, context)) ? loginRequired(resolved.name, error) : error
}

async function canRenew(
  base: Exclude<ResolvedProfile, { kind: 'role' }>,
  context: SessionContext,
): Promise<boolean> {
  if (base.kind === 'idaas') return hasSecret(base, context)
  if (base.storeChoice === 'auto') return false
  const store = await context.openStore(base.storeChoice, 'read')
  const token = parseToken(await store.read(tokenKey(base.signIn)))
  if (token === undefined) return false
  const { clock } = context
  return token.refreshToken !== undefined || isFresh(token.lifetime, clock.now(), clock.bootedAt())
}

function livesFor(
  { lifetime }: StoredCredentials,
  { minTtlSeconds = 0 }: GetCredentialsOptions,
  { clock }: SessionContext,
): boolean {
  return remainingMs(lifetime, clock.now(), clock.bootedAt()) > Math.max(minTtlSeconds, 1) * 1000
}
