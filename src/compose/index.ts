export {
  type CredentialsProvider,
  type CredentialsProviderOptions,
  createCredentialsProvider,
  type SesameCredentials,
} from './credentials-provider.ts'
export { Claim, type Handover, sayOnce } from './handover.ts'
export { createJwksSource, createReplayGuard, verifyBearer, verifyJwt } from './jwt-library.ts'
export { ownProgram, sameProgram } from './own-program.ts'
export { compose, loadScrub, type Program } from './program.ts'
export { composeReader, type Reader } from './reader.ts'
export {
  type AlibabaCloudCredential,
  type AlibabaCloudCredentialModel,
  type AliOssCredentials,
  type AliOssOptions,
  alibabaCloudCredential,
  aliOssOptions,
} from './sdk-adapters.ts'
