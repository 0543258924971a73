import type { Lifetime, Secret } from '../../kit/index.ts'
import { parseIdaasTokens, parseToken } from '../stored-items.ts'
import type { OidcSignIn } from './item-names.ts'
import type { WantedToken } from './kind.ts'

/** Finds a token in the item that a sign-in has left in the store. */
export type KeptTokenReader = (item: string | undefined) => { token: Secret; lifetime: Lifetime } | undefined

/** Undefined for a token that the profile does not give. */
export function oidcTokenReader(
  signIn: Pick<OidcSignIn, 'scope'>,
  wanted: WantedToken | undefined,
): KeptTokenReader | undefined {
  if (wanted === 'id') return asksForIdToken(signIn) ? (item) => parseToken(item)?.idToken : undefined
  return (item) => {
    const tokens = parseToken(item)
    return tokens && { token: tokens.accessToken, lifetime: tokens.lifetime }
  }
}

/** IDaaS gives an ID token and no other. */
export function idaasTokenReader(wanted: WantedToken | undefined): KeptTokenReader | undefined {
  return wanted === 'access' ? undefined : (item) => parseIdaasTokens(item)?.idToken
}

/** Whether an ID token belongs to what the profile asks for (OpenID Connect Core section 3.1.2.1). */
export function asksForIdToken({ scope }: Pick<OidcSignIn, 'scope'>): boolean {
  return scope.split(' ').includes('openid')
}
