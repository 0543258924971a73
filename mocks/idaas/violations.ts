/** A rule that the client broke. A test of a good client asserts that there are none. */
export type IdaasViolation =
  /** A request that no correct client sends; `detail` names the member, header or path. */
  | { kind: 'invalid-request'; path: string; detail: string; atMs: number }
  /** A token or the application's secret in a path or query, where logs keep it. */
  | { kind: 'secret-in-url'; atMs: number }
  /** A refresh token used again although its successor had been delivered. */
  | { kind: 'refresh-token-reused'; atMs: number }
  /** The application's secret was sent to the call that does not need it. */
  | { kind: 'app-secret-at-refresh'; atMs: number }
