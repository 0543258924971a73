import { isSesameError, messageWithRequestId, remainingMs, SesameError, t } from '../kit/index.ts'
import { checkConfigured } from '../profiles/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { openKind } from './kinds/kind.ts'
import { resolveProfile } from './kinds/resolve-profile.ts'
import type { ResolvedProfile } from './kinds/resolved-profile.ts'
import { persistOrWarn } from './profile-stores.ts'
import { attemptAt, isFreshFor, readStored } from './read-cached.ts'
import { isWaitOver } from './renewal/await-turn.ts'
import { patiently } from './renewal/limit.ts'
import { renewTogether } from './renewal/renew-together.ts'
import type { SessionContext } from './session-context.ts'
import { loginRequired, withoutRole } from './sign-in-errors.ts'
import { type StoredCredentials, serializeCredentials } from './stored-items.ts'

export interface GetCredentialsOptions {
  /** At least so much life must be left; the margin before expiry holds in any case. */
  minTtlSeconds?: number | undefined
  /** Renew when less is left (default: the margin of every credential); capped at half of the life. */
  marginSeconds?: number | undefined
  /** The caller has no deadline: the servers and the other processes may take as long as they do with a login. */
  unhurried?: boolean | undefined
  /** Called with credentials that are valid but to be renewed, before anything is waited for. */
  onStillValid?: ((stored: StoredCredentials) => void) | undefined
}

/**
 * Credentials for a program: from the store while they are fresh, else renewed with what is still valid: the token of a
 * sign-in, a refresh token, an application's secret. Never prompts the user and never opens a browser. If renewal fails and the
 * old ones are valid long enough, they are handed out with a warning. Errors: ERR_LOGIN_REQUIRED; ERR_CONFIG for a profile without
 * a role; ERR_USAGE when no renewal can give `minTtlSeconds`; ERR_TIMEOUT when another process still renews at the end of a
 * program's patience; what the network or the server said.
 */
export function getCredentials(
  name: string,
  options: GetCredentialsOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  return patiently(options.unhurried === true, context, (patient) => answer(name, options, patient))
}

/** Of one link: a chain of roles comes here once for each, under the one limit. */
async function answer(
  name: string,
  options: GetCredentialsOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  const { clock } = context
  const resolved = resolveProfile(name, context.readConfig(), context)
  if (resolved.tokensOnly) throw withoutRole(name)
  let before: StoredCredentials | undefined
  let store: CredentialStore | undefined
  try {
    const given = await renewTogether<StoredCredentials | undefined, StoredCredentials>(
      {
        lock: `profile:${name}`,
        by: 'program',
        of: attemptAt(resolved),
        read: async () => {
          // The configuration too: another process may have signed in to another account meanwhile.
          before = await readStored(resolveProfile(name, context.readConfig(), context), context)
          if (before !== undefined && isValidFor(before, options, context)) options.onStillValid?.(before)
          return before
        },
        isGood: (stored): stored is StoredCredentials =>
          stored !== undefined && isFreshFor(stored, options, clock),
        renew: async () => {
          const now = resolveProfile(name, context.readConfig(), context)
          checkConfigured(now)
          const fromSource = (source: string) => answer(source, options, context)
          const renewed = await (await openKind(now, context)).renew(fromSource)
          store = renewed.store
          return renewed.credentials
        },
        write: async (credentials) => {
          const key = resolveProfile(name, context.readConfig(), context).items.credentials
          if (key === undefined) return
          await persistOrWarn(
            async () => store?.write(key, serializeCredentials(credentials)),
            t('Could not store the credentials'),
            context,
          )
        },
      },
      context,
    )
    return await longEnough(given, resolved, options, context)
  } catch (error) {
    if (before === undefined || !isValidFor(before, options, context))
      throw await explain(error, resolved, context)
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    context.warn(
      t('Renewal failed, using cached credentials: {reason}', { reason: messageWithRequestId(error) }),
    )
    return before
  }
}

async function longEnough(
  given: StoredCredentials,
  resolved: ResolvedProfile,
  options: GetCredentialsOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  if (isFreshFor(given, options, context.clock)) return given
  const lifeSeconds = (given.lifetime.expiresAt.getTime() - given.lifetime.obtainedAt.getTime()) / 1000
  // A caller that asks for the whole life gets it, though the way here took a part of a second.
  if ((options.minTtlSeconds ?? 0) <= lifeSeconds) return given
  const { name } = resolved
  const { lifeSetBy } = await openKind(resolved, context)
  throw new SesameError(
    'ERR_USAGE',
    t('The credentials of profile {name} are never valid for as long as --min-ttl.', { name }),
    {
      hint: t('{what} gives {seconds} s at the most.', {
        what: t(lifeSetBy),
        seconds: Math.floor(lifeSeconds),
      }),
    },
  )
}

/**
 * A refused or missing sign-in needs the person. So does a lock that is not let go while there is nothing to renew with:
 * then its holder is most likely waiting for that very person. Otherwise the holder works, and its server is slow.
 */
async function explain(error: unknown, resolved: ResolvedProfile, context: SessionContext): Promise<unknown> {
  const kind = await openKind(resolved, context)
  if (isSesameError(error, 'ERR_UNAUTHORIZED') && kind.needsPerson) return loginRequired(resolved.name, error)
  // A sign-in for the whole chain is a sign-in at its base.
  if (isSesameError(error, 'ERR_LOGIN_REQUIRED') && resolved.source !== undefined)
    return loginRequired(resolved.name, error)
  return isWaitOver(error) && !(await kind.canRenew()) ? loginRequired(resolved.name, error) : error
}

function isValidFor(
  { lifetime }: StoredCredentials,
  { minTtlSeconds = 0 }: GetCredentialsOptions,
  { clock }: SessionContext,
): boolean {
  return remainingMs(lifetime, clock.now(), clock.bootedAt()) > Math.max(minTtlSeconds, 1) * 1000
}
