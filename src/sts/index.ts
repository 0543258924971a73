export { assumeRole } from './assume-role.ts'
export { assumeRoleWithOidc } from './assume-role-with-oidc.ts'
export { requestCloudCredentials } from './cloud-credentials.ts'
export { getCallerIdentity } from './get-caller-identity.ts'
export type { IssuedCredentials } from './issued-credentials.ts'
export {
  checkDurationSeconds,
  checkExternalId,
  checkOidcProviderArn,
  checkPolicy,
  checkRoleArn,
  checkRoleSessionName,
} from './role-limits.ts'
export { roleSessionNameFrom } from './role-session-name.ts'
export type { StsContext } from './sts-call.ts'
export { stsEndpoint } from './sts-endpoint.ts'
