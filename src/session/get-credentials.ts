import { isSesameError, SesameError } from '../errors.ts'
import { remainingMs } from '../token/index.ts'
import { credentialsKey } from './entry-key.ts'
import { exchange } from './exchange.ts'
import { keep } from './keep.ts'
import { isFreshFor, readStored } from './read-cached.ts'
import { assignmentOf, type ResolvedProfile, resolveProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'
import { readFreshToken } from './sign-in.ts'
import { type StoredCredentials, type StoredToken, serializeCredentials } from './stored-entry.ts'

export interface GetCredentialsOptions {
  /** At least so much life must be left; the margin before expiry holds in any case. */
  minTtlSeconds?: number | undefined
  /** Renew when less is left (default: the margin of every credential); capped at half of the life. */
  marginSeconds?: number | undefined
}

/** A program waits for the answer: whoever else is at work in this profile may take this long. */
const lockWaitMs = 4_000
/** And the portal this long, so that the whole process answers within ten seconds. */
const renewalMs = 5_000

/**
 * Credentials for a program: from the store while they are fresh, else renewed with the bearer token that still lives.
 * Never asks anybody and never opens anything. If renewal fails and the old ones live long enough, they are
 * handed out with a warning. Errors: ERR_LOGIN_REQUIRED; ERR_USAGE when no renewal can give `minTtlSeconds`; what the
 * network or the portal said.
 */
export async function getCredentials(
  name: string,
  options: GetCredentialsOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  const resolved = resolveProfile(name, context.readConfig(), context)
  const before = await readStored(resolved, context)
  if (before !== undefined && isFreshFor(before, options, context.clock)) return before
  try {
    const waitMs = lockWaitMs
    return await context.withLock(`profile:${name}`, () => renew(name, options, context), { waitMs })
  } catch (error) {
    if (before === undefined || !livesFor(before, options, context))
      throw await explain(error, resolved, context)
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    context.warn(`Not renewed, still valid: ${error.message}`)
    return before
  }
}

async function renew(
  name: string,
  options: GetCredentialsOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  // Another process may have signed in or renewed while this one waited.
  const resolved = resolveProfile(name, context.readConfig(), context)
  const stored = await readStored(resolved, context)
  if (stored !== undefined && isFreshFor(stored, options, context.clock)) return stored
  const renewed = await exchangeAgain(resolved, context)
  if (isFreshFor(renewed, options, context.clock)) return renewed
  const lifeSeconds = (renewed.lifetime.expiresAt.getTime() - renewed.lifetime.obtainedAt.getTime()) / 1000
  // Whoever asks for the whole life gets it, though the way here took a part of a second.
  if ((options.minTtlSeconds ?? 0) <= lifeSeconds) return renewed
  throw new SesameError('ERR_USAGE', `No credentials of profile ${name} live as long as --min-ttl asks.`, {
    hint: `The access configuration gives ${Math.floor(lifeSeconds)} s at the most.`,
  })
}

async function exchangeAgain(resolved: ResolvedProfile, context: SessionContext): Promise<StoredCredentials> {
  const assignment = assignmentOf(resolved)
  const token = await readToken(resolved, context)
  if (assignment === undefined || token === undefined) throw loginRequired(resolved.name)
  const store = await context.openStore(resolved.storeChoice, 'read')
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(renewalMs)])
  const renewed = await exchange(assignment, token, { ...context, signal }).catch((error) => {
    context.signal.throwIfAborted()
    throw signal.aborted
      ? new SesameError('ERR_TIMEOUT', 'The portal did not answer in time.', { cause: error })
      : error
  })
  await keep(
    () => store.write(credentialsKey(assignment), serializeCredentials(renewed)),
    'The credentials',
    context,
  )
  return renewed
}

async function readToken(
  resolved: ResolvedProfile,
  context: SessionContext,
): Promise<StoredToken | undefined> {
  // `auto` without a remembered store: this profile has never kept anything.
  if (resolved.storeChoice === 'auto') return undefined
  return readFreshToken(resolved, await context.openStore(resolved.storeChoice, 'read'), context)
}

/**
 * A refused or missing sign-in needs the person. So does a lock that is not let go while there is nothing to renew with:
 * then its holder is most likely waiting for that very person. Otherwise the holder itself is in the way.
 */
async function explain(error: unknown, resolved: ResolvedProfile, context: SessionContext): Promise<unknown> {
  if (isSesameError(error, 'ERR_UNAUTHORIZED')) return loginRequired(resolved.name, error)
  const waited = isSesameError(error, 'ERR_LOCK_TIMEOUT')
  return waited && (await readToken(resolved, context)) === undefined
    ? loginRequired(resolved.name, error)
    : error
}

function loginRequired(name: string, cause?: unknown): SesameError {
  const message = `Sign in first: sesame login --profile ${/\s/.test(name) ? `"${name}"` : name}`
  return new SesameError('ERR_LOGIN_REQUIRED', message, { cause })
}

function livesFor(
  { lifetime }: StoredCredentials,
  { minTtlSeconds = 0 }: GetCredentialsOptions,
  { clock }: SessionContext,
): boolean {
  return remainingMs(lifetime, clock.now(), clock.bootedAt()) > Math.max(minTtlSeconds, 1) * 1000
}
