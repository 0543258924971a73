/** A rule that the client broke. A test of a good client asserts that there are none. */
export type OidcViolation =
  /** A poll before the interval had passed since the previous answer (RFC 8628 section 3.5). */
  | { kind: 'poll-too-soon'; userCode: string; waitedMs: number; requiredMs: number; atMs: number }
  /** A device code or authorization code presented again although the client had received the final answer. */
  | { kind: 'request-after-final-answer'; what: 'device code' | 'authorization code'; atMs: number }
  /** A code challenge or verifier seen in another sign-in: one is made for each (RFC 7636 section 4.1). */
  | { kind: 'challenge-reused' | 'verifier-reused'; atMs: number }
  /** A secret in a path or query, where logs keep it. */
  | { kind: 'secret-in-url'; secret: string; path: string; atMs: number }
  /** A token, code or verifier of another provider. */
  | { kind: 'foreign-secret'; issuer: string; path: string; atMs: number }
  /** An authorization request without what makes it safe; `detail` says what (RFC 9700 section 2.1, RFC 8252). */
  | { kind: 'unsafe-authorization-request'; detail: string; atMs: number }
  /** A request that no correct client sends; `detail` is the provider's word on it. */
  | { kind: 'invalid-request'; path: string; detail: string; atMs: number }
