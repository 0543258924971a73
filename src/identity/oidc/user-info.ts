import { requestJson } from '../../http/index.ts'
import { decodeJwt } from '../../jwt/index.ts'
import { asRecord, isSesameError, printable } from '../../kit/index.ts'
import type { TokenSet } from '../token-set.ts'
import { checkEndpoint } from './check-endpoints.ts'
import type { OidcProvider } from './provider.ts'

const timeoutMs = 3_000

/**
 * Puts the user's name into tokens whose ID token has none but `sub`: many providers give names at the UserInfo endpoint only
 * (OpenID Connect Core section 5.4). Asked once, with the access token, and believed only for the same `sub` (section 5.3.2). Best
 * effort: without an answer the tokens stay as they are.
 *
 * @throws the signal's reason
 */
export async function withUserName(provider: OidcProvider, tokens: TokenSet): Promise<TokenSet> {
  const { idToken, accessToken } = tokens
  const { context, metadata, issuer, client } = provider
  const url: unknown = metadata.userinfo_endpoint
  if (idToken === undefined || url === undefined) return tokens
  const { claims } = decodeJwt(idToken.token.reveal())
  if (nameIn(claims) !== undefined) return tokens
  try {
    const checked = checkEndpoint('userinfo_endpoint', url, { issuer, trustedHosts: client.trustedHosts })
    const request = {
      method: 'GET',
      url: checked.href,
      bearer: accessToken,
      signal: context.signal,
      timeoutMs,
    }
    const { status, body } = await requestJson(context.fetch, request)
    const user = status === 200 ? asRecord(body) : undefined
    const name = user?.sub === claims.sub ? nameIn(user ?? {}, 'name') : undefined
    context.log('sesame:device', `userinfo: status ${status}, ${name === undefined ? 'no name' : 'a name'}`)
    return name === undefined ? tokens : { ...tokens, idToken: { ...idToken, userName: name } }
  } catch (error) {
    context.signal.throwIfAborted()
    if (!isSesameError(error)) throw error
    context.log('sesame:device', `userinfo: ${error.message}`)
    return tokens
  }
}

/** The name of a user among their claims (OpenID Connect Core section 5.1): what they sign in with, rather than what they are called. */
export function nameIn(claims: Record<string, unknown>, ...others: readonly string[]): string | undefined {
  const name = ['preferred_username', 'email', ...others]
    .map((claim) => claims[claim])
    .find((each) => typeof each === 'string' && each !== '')
  return typeof name === 'string' ? printable(name, 200) : undefined
}
