/** The library: fresh credentials of a sesame profile for Node programs. */
export {
  type AlibabaCloudCredential,
  type AlibabaCloudCredentialModel,
  type AliOssCredentials,
  type AliOssOptions,
  alibabaCloudCredential,
  aliOssOptions,
  type CredentialsProvider,
  type CredentialsProviderOptions,
  createCredentialsProvider,
  type SesameCredentials,
} from './compose/index.ts'
export { type ErrorCode, isSesameError, SesameError, type SesameErrorOptions } from './kit/index.ts'
