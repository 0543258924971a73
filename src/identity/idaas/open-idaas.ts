import type { Secret } from '../../kit/index.ts'
import type { IdaasApplication, IdaasContext, IdaasTokens } from './application.ts'

// Loaded when a token is asked for: the cached path goes through this room's door too.

/** See `request-tokens.ts`. */
export async function retrieveIdToken(
  application: IdaasApplication,
  appSecret: Secret,
  context: IdaasContext,
): Promise<IdaasTokens> {
  return (await import('./request-tokens.ts')).retrieveIdToken(application, appSecret, context)
}

/** See `request-tokens.ts`. */
export async function refreshIdToken(
  application: IdaasApplication,
  refreshToken: Secret,
  context: IdaasContext,
): Promise<IdaasTokens> {
  return (await import('./request-tokens.ts')).refreshIdToken(application, refreshToken, context)
}
