import { isEntraId } from '../../values/index.ts'
import type { PkcePair } from '../pkce.ts'
import { configure, loadOpenidClient } from './client-request.ts'
import type { OidcProvider } from './provider.ts'

/** What ties the response to this sign-in and to nothing else. */
export interface Ties {
  pkce: PkcePair
  state: string
  nonce: string
  redirectUri: string
}

/**
 * The authorization request that the browser is sent to (OpenID Connect Core section 3.1.2.1, RFC 7636 section 4.3). Nothing in it
 * is a secret.
 */
export async function authorizationUrl(
  provider: OidcProvider,
  { pkce, state, nonce, redirectUri }: Ties,
): Promise<string> {
  const openid = await loadOpenidClient()
  const { scope, audience, issuer } = provider.client
  // OpenID Connect Core section 11: without consent, offline access is to be ignored. Entra ID grants it all the same,
  // and would demand an administrator's consent each time.
  const consent = hasScope(scope, 'offline_access') && !isEntraId(new URL(issuer))
  const url = openid.buildAuthorizationUrl(configure(openid, provider), {
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: pkce.codeChallenge,
    code_challenge_method: pkce.codeChallengeMethod,
    ...(hasScope(scope, 'openid') && { nonce }),
    ...(audience !== undefined && { audience }),
    ...(consent && { prompt: 'consent' }),
  })
  return url.href
}

/** Is this one of the space-separated scopes? */
export function hasScope(scope: string, name: string): boolean {
  return scope.split(' ').includes(name)
}
