import { isSesameError } from '../../errors.ts'
import { type IdaasTokens, refreshIdToken, retrieveIdToken } from '../../identity/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import { isFresh, remainingMs } from '../../token/index.ts'
import { secretKey, tokenKey } from '../entry-key.ts'
import { keep } from '../keep.ts'
import { readSecret } from '../oidc/provider.ts'
import { isPassingFault } from '../passing-fault.ts'
import type { ResolvedIdaas } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { parseIdaasTokens, type StoredIdaasTokens, serializeIdaasTokens } from '../stored-token.ts'

export const defaultApiVersion = 'v1.2'

export interface ApplicationTokenOptions {
  /** Fetch anew, whatever is in the store. */
  force?: boolean
  /** A token that a server has just refused although it looked fresh. */
  notThis?: StoredIdaasTokens | undefined
  /** How long to wait for another sesame that is fetching; for ever by default. */
  waitMs?: number
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
  const read = async () => parseIdaasTokens(await store.read(key))
  const fresh = (tokens: StoredIdaasTokens) => isUsable(tokens, options.notThis, context)
  const found = await read()
  if (found !== undefined && !options.force && fresh(found)) return { tokens: found, store }
  const renew = async () => {
    // Another process may have fetched one while this one waited; with `force` that one is new enough, too.
    const stored = await read()
    const news = stored?.idToken.token.reveal() !== found?.idToken.token.reveal()
    if (stored !== undefined && (news || !options.force) && fresh(stored)) return stored
    const tokens = await fetchTokens(resolved, options.force ? undefined : stored, context).catch((error) =>
      stillAlive(error, options.force ? undefined : stored, options.notThis, context),
    )
    if (tokens !== stored)
      await keep(() => store.write(key, serializeIdaasTokens(tokens)), 'The ID token', context)
    return tokens
  }
  const { waitMs } = options
  return { tokens: await context.withLock(key, renew, waitMs === undefined ? undefined : { waitMs }), store }
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
  warn(`Offline, going on with the present token: ${error.message}`)
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
