import { randomText } from '../cloudsso/secrets.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import { refuse } from './refusal.ts'
import type { IdaasViolation } from './violations.ts'

interface RefreshToken {
  expiresAtMs: number
  /** The request that spent it, while tokens rotate. */
  spentBy?: RecordedRequest
  /** Whether the answer with its successor has reached the client. */
  successorDelivered?: boolean
}

export type RefreshTokens = ReturnType<typeof createRefreshTokens>

/** The refresh tokens handed out, and what became of them. */
export function createRefreshTokens(violations: IdaasViolation[]) {
  const tokens = new Map<string, RefreshToken>()
  return {
    issue(days: number): string {
      const token = randomText(64)
      tokens.set(token, { expiresAtMs: performance.now() + days * 86_400_000 })
      return token
    },
    /** @throws IdaasRefusal for a token that is unknown, expired, revoked or spent: the answer does not tell which */
    check(token: string, request: RecordedRequest): RefreshToken {
      const known = tokens.get(token)
      if (known?.successorDelivered) violations.push({ kind: 'refresh-token-reused', atMs: request.atMs })
      if (known === undefined || known.spentBy !== undefined || performance.now() >= known.expiresAtMs)
        return refuse('The refresh_token is invalid or has expired.')
      return known
    },
    /** Must be called for every answer: a client whose answer was lost may try the spent token again. */
    answered(request: RecordedRequest, delivered: boolean): void {
      for (const token of tokens.values()) if (token.spentBy === request) token.successorDelivered = delivered
    },
    revokeAll: () => tokens.clear(),
  }
}
