/** The library `sesame-sso/sst`: server-side tokens sealed, opened and revoked. */
export * from './sst/index.ts'
