/** A rule that the client broke. A test of a good client asserts that there are none. */
export type Violation =
  /** A poll before the interval had passed since the previous answer (RFC 8628 section 3.5). */
  | { kind: 'poll-too-soon'; userCode: string; waitedMs: number; requiredMs: number; atMs: number }
  /** A poll although the code had been redeemed, denied or reported as expired, and the client had received that answer. */
  | { kind: 'poll-after-final-answer'; userCode: string; atMs: number }
  /** A code challenge seen before: a verifier is made for one login only (RFC 7636 section 4.1). */
  | { kind: 'challenge-reused'; atMs: number }
  /** A secret in a path or query, where logs keep it. */
  | { kind: 'secret-in-url'; atMs: number }
  /** A request that no correct client sends; `detail` names the member or header. */
  | { kind: 'invalid-request'; path: string; detail: string; atMs: number }
