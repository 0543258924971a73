/** The library `sesame-sso/oss`: OSS requests signed, V1 and V4. */
export { type ErrorCode, isSesameError, SesameError, type SesameErrorOptions } from './kit/index.ts'
export * from './oss/index.ts'
