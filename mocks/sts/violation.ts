/** A rule that the client broke. A test of a good client asserts that there are none. */
export type StsViolation =
  /** A secret in a path or query, where logs keep it. */
  | { kind: 'secret-in-url'; action: string; atMs: number }
  /** A request that no correct client sends; `detail` says why. */
  | { kind: 'invalid-request'; action: string; detail: string; atMs: number }
