import { createHash, randomBytes } from 'node:crypto'

/** What a person agreed to, or has not yet; by device code, authorization code or refresh token. */
export interface QuirkyGrant {
  kind: 'device' | 'code' | 'refresh'
  clientId: string
  scope: string
  audience?: string | undefined
  nonce?: string | undefined
  codeChallenge?: string | undefined
  redirectUri?: string | undefined
  userCode?: string
  state: 'pending' | 'approved' | 'denied' | 'spent'
  /** Monotonic milliseconds. */
  expiresAtMs: number
  pendingAnswers: number
}

export type QuirkyGrants = ReturnType<typeof createGrants>

/** Every code and refresh token that was handed out; refresh tokens are made of so many random bytes. */
export function createGrants(refreshTokenBytes = 32) {
  const grants = new Map<string, QuirkyGrant>()
  return {
    add(grant: Omit<QuirkyGrant, 'pendingAnswers'>): string {
      const value = randomBytes(grant.kind === 'refresh' ? refreshTokenBytes : 32).toString('base64url')
      grants.set(value, { ...grant, pendingAnswers: 0 })
      return value
    },
    find(kind: QuirkyGrant['kind'], value: string | undefined): QuirkyGrant | undefined {
      const grant = grants.get(value ?? '')
      return grant?.kind === kind ? grant : undefined
    },
    remove: (value: string) => grants.delete(value),
    pending: () =>
      [...grants.values()].filter((grant) => grant.userCode !== undefined && grant.state === 'pending'),
    /** Every refresh token stops working. */
    revokeAll(): void {
      for (const [value, { kind }] of grants) if (kind === 'refresh') grants.delete(value)
    },
  }
}

/** Whether the verifier belongs to the challenge; a grant without a challenge asks for none. */
export function provesKey(grant: QuirkyGrant, verifier: string | undefined): boolean {
  if (grant.codeChallenge === undefined) return true
  return (
    createHash('sha256')
      .update(verifier ?? '')
      .digest('base64url') === grant.codeChallenge
  )
}
