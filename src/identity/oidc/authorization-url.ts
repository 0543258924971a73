import { isEntraId } from '../../values/index.ts'
import type { PkcePair } from '../pkce.ts'
import { configure, loadOpenidClient } from './client-authentication.ts'
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
  const { scope, audience, acrValues } = provider.client
  const prompt = promptOf(provider)
  const url = openid.buildAuthorizationUrl(configure(openid, provider), {
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: pkce.codeChallenge,
    code_challenge_method: pkce.codeChallengeMethod,
    ...(hasScope(scope, 'openid') && { nonce }),
    ...(audience !== undefined && { audience }),
    ...(acrValues !== undefined && { acr_values: acrValues }),
    ...(prompt !== '' && { prompt }),
  })
  return url.href
}

/**
 * What the profile says; else, as without consent offline access is to be ignored (OpenID Connect Core section 11), `consent` with
 * it. Entra ID grants it all the same, and would demand an administrator's consent each time.
 */
function promptOf({ client: { issuer, scope, prompt } }: OidcProvider): string {
  if (prompt !== undefined) return prompt
  return hasScope(scope, 'offline_access') && !isEntraId(new URL(issuer)) ? 'consent' : ''
}

/** Is this one of the space-separated scopes? */
export function hasScope(scope: string, name: string): boolean {
  return scope.split(' ').includes(name)
}
