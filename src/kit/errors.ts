/** Every way in which sesame fails. `cli/explain-error.ts` turns a code into an exit code and a next step. */
export type ErrorCode =
  | 'ERR_USAGE'
  | 'ERR_CONFIG'
  | 'ERR_LOGIN_REQUIRED'
  | 'ERR_ACCESS_DENIED'
  | 'ERR_DEVICE_CODE_EXPIRED'
  | 'ERR_STORE_LOCKED'
  | 'ERR_STORE_UNAVAILABLE'
  | 'ERR_STORE_PASSPHRASE'
  | 'ERR_FILE'
  | 'ERR_LOCK_TIMEOUT'
  | 'ERR_NETWORK'
  | 'ERR_TIMEOUT'
  | 'ERR_TLS'
  | 'ERR_PROXY'
  | 'ERR_SERVER'
  | 'ERR_RESPONSE_INVALID'
  | 'ERR_REFUSED'
  | 'ERR_UNAUTHORIZED'
  | 'ERR_FORBIDDEN'
  | 'ERR_TOKEN_INVALID'
  | 'ERR_INSECURE_URL'
  | 'ERR_UNSAFE_OUTPUT'
  | 'ERR_OUTPUT'
  | 'ERR_INTERRUPTED'

export interface SesameErrorOptions {
  /** What the user can do next, where only the place that failed knows it. */
  hint?: string
  /** The server's own error code, verbatim. */
  serverCode?: string | undefined
  /** The RequestId of the answer, never redacted: support asks for it. */
  requestId?: string | undefined
  /** HTTP status of the answer. */
  status?: number | undefined
  cause?: unknown
}

/**
 * The one error class. Messages are one line without secrets; `code` is what callers switch on,
 * and `cause` keeps what lay below.
 */
export class SesameError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly serverCode: string | undefined
  readonly requestId: string | undefined
  readonly status: number | undefined

  constructor(code: ErrorCode, message: string, options: SesameErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'SesameError'
    this.code = code
    this.hint = options.hint
    this.serverCode = options.serverCode
    this.requestId = options.requestId
    this.status = options.status
  }
}

/** True for a `SesameError` with one of the given codes (any code when none is given). */
export function isSesameError(error: unknown, ...codes: readonly ErrorCode[]): error is SesameError {
  return error instanceof SesameError && (codes.length === 0 || codes.includes(error.code))
}

/** The errno-like code of a Node error (`ENOENT`, `ECONNREFUSED` …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
