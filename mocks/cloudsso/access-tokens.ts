import type { RecordedRequest } from '../http/recorded-request.ts'
import { refuse } from './refusal.ts'
import { makeAccessToken } from './secrets.ts'

export type AccessTokens = ReturnType<typeof createAccessTokens>

/** The access tokens that are valid. */
export function createAccessTokens() {
  const expiries = new Map<string, number>()
  return {
    issue(lifeSeconds: number): string {
      const token = makeAccessToken()
      expiries.set(token, performance.now() + lifeSeconds * 1000)
      return token
    },
    /** @throws Refusal 401 for a token that is unknown, expired or revoked; the real code is not public */
    check(token: string): void {
      const expiresAtMs = expiries.get(token)
      if (expiresAtMs === undefined || performance.now() >= expiresAtMs) {
        refuse(401, 'InvalidAccessToken', 'The access token is invalid or has expired.')
      }
    },
    revokeAll: () => expiries.clear(),
  }
}

/** The token of `Authorization: Bearer …`, or an empty text. */
export function bearerOf(request: RecordedRequest): string {
  return /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
}
