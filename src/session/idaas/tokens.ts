import { type IdaasTokens, refreshIdToken, retrieveIdToken } from '../../identity/index.ts'
import { isFresh, isSesameError, remainingMs } from '../../kit/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import { secretKey, tokenKey } from '../entry-key.ts'
import { keep } from '../keep.ts'
import { readSecret } from '../oidc/provider.ts'
import { isPassingFault } from '../passing-fault.ts'
import type { Attempter } from '../renewal/outcome.ts'
import { renewTogether } from '../renewal/renew-together.ts'
import type { ResolvedIdaas } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { parseIdaasTokens, type StoredIdaasTokens, serializeIdaasTokens } from '../stored-token.ts'

export const defaultApiVersion = 'v1.2'

export interface ApplicationTokenOptions {
  /** Fetch anew, whatever is in the store. */
  force?: boolean
  /** A token that a server has just refused although it looked fresh. */
  notThis?: StoredIdaasTokens | undefined
  by: Attempter
}

/**
 * The application's ID token: from the store while fresh, else by the refresh token, else by the application's secret. No
 * person is involved. Of many processes one asks the server.
 */
export async function applicationTokens(
  resolved: ResolvedIdaas,
  options: ApplicationTokenOptions,
  context: SessionContext,
): Promise<{ tokens: StoredIdaasTokens; store: CredentialStore }> {
  // The secret itself rests there, so this is never `auto` for long: without a store there is nothing to begin with.
  const store = await context.openStore(resolved.storeChoice, 'read')
  const key = tokenKey(resolved.signIn)
  const { notThis, force = false, by } = options
  let first: { stored: StoredIdaasTokens | undefined } | undefined
  let before: StoredIdaasTokens | undefined
  try {
    const tokens = await renewTogether<StoredIdaasTokens | undefined, StoredIdaasTokens>(
      {
        lock: key,
        by,
        of: `${resolved.storeChoice} ${key}${force ? ' anew' : ''}`,
        read: async () => {
          before = parseIdaasTokens(await store.read(key))
          first ??= { stored: before }
          return before
        },
        isGood: (stored): stored is StoredIdaasTokens => {
          if (stored === undefined || !isUsable(stored, notThis, context)) return false
          // With `force` one that another process has fetched meanwhile is new enough.
          return !force || !isSame(stored, first?.stored)
        },
        renew: (stored) => fetchTokens(resolved, force ? undefined : stored, context),
        write: (tokens) =>
          keep(() => store.write(key, serializeIdaasTokens(tokens)), 'The ID token', context),
      },
      context,
    )
    return { tokens, store }
  } catch (error) {
    return { tokens: stillAlive(error, force ? undefined : before, notThis, context), store }
  }
}

/** A server that is down: the token of before goes on as long as it lives. */
function stillAlive(
  error: unknown,
  stored: StoredIdaasTokens | undefined,
  notThis: StoredIdaasTokens | undefined,
  { clock, warn }: SessionContext,
): StoredIdaasTokens {
  if (stored === undefined || isSame(stored, notThis) || !isPassingFault(error)) throw error
  if (remainingMs(stored.idToken.lifetime, clock.now(), clock.bootedAt()) <= 0) throw error
  warn(`Renewal failed, using the cached token: ${error.message}`)
  return stored
}

async function fetchTokens(
  resolved: ResolvedIdaas,
  stored: StoredIdaasTokens | undefined,
  context: SessionContext,
): Promise<IdaasTokens> {
  const { idaasUrl, applicationUuid, appKey, apiVersion = defaultApiVersion } = resolved.profile
  const application = { url: idaasUrl, applicationUuid, appKey, apiVersion }
  const { clock } = context
  const refreshToken = stored?.refreshToken
  if (refreshToken !== undefined && remainingMs(refreshToken.lifetime, clock.now(), clock.bootedAt()) > 0) {
    try {
      return { refreshToken, ...(await refreshIdToken(application, refreshToken.token, context)) }
    } catch (error) {
      // Refused is not the end: the application's secret gives a new pair. A server that is down leaves both alone.
      if (!isSesameError(error, 'ERR_UNAUTHORIZED', 'ERR_REFUSED')) throw error
      context.log('sesame:http', `refresh refused, asking with the secret: ${error.message}`)
    }
  }
  return retrieveIdToken(application, await readSecret(resolved, context), context)
}

function isUsable(
  { idToken }: StoredIdaasTokens,
  notThis: StoredIdaasTokens | undefined,
  { clock }: SessionContext,
): boolean {
  if (isSame({ idToken }, notThis)) return false
  return isFresh(idToken.lifetime, clock.now(), clock.bootedAt())
}

function isSame(a: StoredIdaasTokens, b: StoredIdaasTokens | undefined): boolean {
  return a.idToken.token.reveal() === b?.idToken.token.reveal()
}

/** Whether the profile's secret is there, without telling it. */
export async function hasSecret(
  { signIn, storeChoice }: ResolvedIdaas,
  context: Pick<SessionContext, 'openStore'>,
): Promise<boolean> {
  if (storeChoice === 'auto') return false
  const store = await context.openStore(storeChoice, 'read')
  return (await store.read(secretKey(signIn))) !== undefined
}
