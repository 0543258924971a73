import type { ErrorCode } from '../kit/index.ts'

/** The exit codes that scripts rely on. `exec` returns the child's own. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  loginRequired: 3,
  signInRefused: 4,
  store: 5,
  network: 6,
  sigint: 130,
} as const

/** The exit code of each way to fail. */
export const exitCodeOf: Record<ErrorCode, number> = {
  ERR_USAGE: exitCodes.usage,
  ERR_CONFIG: exitCodes.usage,
  ERR_INSECURE_URL: exitCodes.usage,
  ERR_LOGIN_REQUIRED: exitCodes.loginRequired,
  ERR_ACCESS_DENIED: exitCodes.signInRefused,
  ERR_DEVICE_CODE_EXPIRED: exitCodes.signInRefused,
  ERR_STORE_LOCKED: exitCodes.store,
  ERR_STORE_UNAVAILABLE: exitCodes.store,
  ERR_STORE_PASSPHRASE: exitCodes.store,
  ERR_FILE: exitCodes.store,
  ERR_NETWORK: exitCodes.network,
  ERR_TIMEOUT: exitCodes.network,
  ERR_TLS: exitCodes.network,
  ERR_PROXY: exitCodes.network,
  ERR_SERVER: exitCodes.network,
  ERR_RESPONSE_INVALID: exitCodes.network,
  ERR_REFUSED: exitCodes.failed,
  ERR_UNAUTHORIZED: exitCodes.failed,
  ERR_FORBIDDEN: exitCodes.failed,
  ERR_TOKEN_INVALID: exitCodes.failed,
  ERR_LOCK_TIMEOUT: exitCodes.failed,
  ERR_UNSAFE_OUTPUT: exitCodes.failed,
  ERR_OUTPUT: exitCodes.failed,
  ERR_INTERRUPTED: exitCodes.sigint,
}
