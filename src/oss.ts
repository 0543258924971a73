/** The library `sesame-sso/oss`: OSS requests and upload forms signed, V1 and V4. */
export { type ErrorCode, isSesameError, SesameError, type SesameErrorOptions } from './kit/index.ts'
export {
  type ExpiryNotice,
  type OssCredentials,
  type OssDestination,
  type OssPostForm,
  type OssPostPolicy,
  type OssRequest,
  type OssSigningOptions,
  postPolicyV1,
  postPolicyV4,
  presignV1,
  presignV4,
  requestUrl,
  signHeadersV1,
  signHeadersV4,
} from './oss/index.ts'
