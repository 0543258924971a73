/** The library `sesame-sso/sst`: server-side tokens sealed, opened and revoked. */
export {
  type Clock,
  type ErrorCode,
  isSesameError,
  type Log,
  type LogNamespace,
  SesameError,
  type SesameErrorOptions,
} from './kit/index.ts'
export * from './sst/index.ts'
