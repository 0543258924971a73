export { type FormerKey, type KeyFile, parseKeyFile, readKeyFile } from './key-file.ts'
export { memoryRevocations } from './memory-revocations.ts'
export { type RedisRevocationsOptions, redisRevocations } from './redis/revocations.ts'
export type { OpenRevocations, Revocation, RevocationList, RevocationRequest } from './revocation-list.ts'
export { createKey } from './sealing-key.ts'
export type { KeyOptions } from './service-keys.ts'
export { type SqliteRevocationsOptions, sqliteRevocations } from './sqlite/revocations.ts'
export {
  expressTokenGuard,
  fastifyTokenGuard,
  type GuardedReply,
  nodeTokenGuard,
  type TokenUser,
  tokenHeader,
} from './token-guard.ts'
export { openTokenService, type TokenService, type TokenServiceOptions } from './token-service.ts'
export type { InvalidReason, RevokeResult, ValidToken, Verification } from './verification.ts'
