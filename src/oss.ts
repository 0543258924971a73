/** The library `sesame-sso/oss`: OSS requests signed, V1 and V4. */
export * from './oss/index.ts'
