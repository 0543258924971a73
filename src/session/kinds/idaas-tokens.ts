import { type IdaasTokens, refreshIdToken, retrieveIdToken } from '../../identity/index.ts'
import { isFresh, messageWithRequestId, remainingMs, t } from '../../kit/index.ts'
import type { CredentialStore } from '../../store/index.ts'
import { persistOrWarn } from '../profile-stores.ts'
import { isPassingFault, isRefusal } from '../renewal/after-failure.ts'
import type { Attempter } from '../renewal/outcome.ts'
import { renewTogether } from '../renewal/renew-together.ts'
import type { SessionContext } from '../session-context.ts'
import { parseIdaasTokens, serializeIdaasTokens } from '../stored-items.ts'
import { readSecret } from './client-secret.ts'
import { type ResolvedIdaas, storeChoiceOf } from './resolved-profile.ts'

const defaultApiVersion = 'v1.2'

export interface ApplicationTokenOptions {
  /** Fetch anew, whatever is in the store. */
  force?: boolean
  /** A token that a server has just refused although it looked fresh. */
  notThis?: IdaasTokens | undefined
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
): Promise<{ tokens: IdaasTokens; store: CredentialStore }> {
  // The secret itself is stored there, so this is never `auto` for long: without a store there is nothing to begin with.
  const choice = storeChoiceOf(resolved)
  const store = await context.openStore(choice, 'read')
  const key = resolved.items.tokens
  const { notThis, force = false, by } = options
  let first: { stored: IdaasTokens | undefined } | undefined
  let before: IdaasTokens | undefined
  try {
    const tokens = await renewTogether<IdaasTokens | undefined, IdaasTokens>(
      {
        lock: key,
        by,
        of: `${choice} ${key}${force ? ' anew' : ''}`,
        read: async () => {
          before = parseIdaasTokens(await store.read(key))
          first ??= { stored: before }
          return before
        },
        isGood: (stored): stored is IdaasTokens => {
          if (stored === undefined || !isUsable(stored, notThis, context)) return false
          // With `force` one that another process has fetched meanwhile is new enough.
          return !force || !isSame(stored, first?.stored)
        },
        renew: (stored) => fetchTokens(resolved, { stored: force ? undefined : stored, by }, context),
        write: (tokens) =>
          persistOrWarn(
            () => store.write(key, serializeIdaasTokens(tokens)),
            t('Could not store the ID token'),
            context,
          ),
      },
      context,
    )
    return { tokens, store }
  } catch (error) {
    return { tokens: stillValid(error, force ? undefined : before, notThis, context), store }
  }
}

/** A server that is down: the former token is used until it expires. */
function stillValid(
  error: unknown,
  stored: IdaasTokens | undefined,
  notThis: IdaasTokens | undefined,
  { clock, warn }: SessionContext,
): IdaasTokens {
  if (stored === undefined || isSame(stored, notThis) || !isPassingFault(error)) throw error
  if (remainingMs(stored.idToken.lifetime, clock.now(), clock.bootedAt()) <= 0) throw error
  warn(t('Renewal failed, using the cached token: {reason}', { reason: messageWithRequestId(error) }))
  return stored
}

async function fetchTokens(
  resolved: ResolvedIdaas,
  { stored, by }: { stored: IdaasTokens | undefined; by: Attempter },
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
      // Refused is not the end: the application's secret gives a new pair. A server that is down leaves both alone, and so does what is
      // no answer of IDaaS, unless a user asks, who is to get on.
      if (!isRefusal(error) || (by === 'program' && error.code === 'ERR_RESPONSE_INVALID')) throw error
      context.log('sesame:http', `refresh refused, asking with the secret: ${error.message}`)
    }
  }
  return retrieveIdToken(application, await readSecret(resolved, '--app-secret-stdin', context), context)
}

function isUsable(
  { idToken }: IdaasTokens,
  notThis: IdaasTokens | undefined,
  { clock }: SessionContext,
): boolean {
  if (isSame({ idToken }, notThis)) return false
  return isFresh(idToken.lifetime, clock.now(), clock.bootedAt())
}

function isSame(a: IdaasTokens, b: IdaasTokens | undefined): boolean {
  return a.idToken.token.reveal() === b?.idToken.token.reveal()
}
