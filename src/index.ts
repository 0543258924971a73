/** The library: fresh credentials of a sesame profile for Node programs. */
export {
  type CredentialsProvider,
  type CredentialsProviderOptions,
  createCredentialsProvider,
  type SesameCredentials,
} from './create-credentials-provider.ts'
export { type ErrorCode, isSesameError, SesameError, type SesameErrorOptions } from './errors.ts'
export {
  type AlibabaCloudCredential,
  type AlibabaCloudCredentialModel,
  type AliOssCredentials,
  type AliOssOptions,
  alibabaCloudCredential,
  aliOssOptions,
} from './sdk-adapters.ts'
