export {
  type CredentialsProvider,
  type CredentialsProviderOptions,
  createCredentialsProvider,
  type SesameCredentials,
} from './credentials-provider.ts'
export { createJwksSource, createReplayGuard, verifyBearer, verifyJwt } from './jwt-library.ts'
export { compose, loadScrub, type Program } from './program.ts'
export {
  type AlibabaCloudCredential,
  type AlibabaCloudCredentialModel,
  type AliOssCredentials,
  type AliOssOptions,
  alibabaCloudCredential,
  aliOssOptions,
} from './sdk-adapters.ts'
