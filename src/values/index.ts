export { checkApiVersion, checkAppKey, checkApplicationUuid, normalizeIdaasUrl } from './idaas-application.ts'
export { isEntraId, normalizeIssuer } from './issuer.ts'
export { asRegion, normalizeRegion } from './region.ts'
export {
  checkDurationSeconds,
  checkExternalId,
  checkOidcProviderArn,
  checkPolicy,
  checkRoleArn,
  checkRoleSessionName,
} from './role-limits.ts'
export {
  cloudSsoDomains,
  defaultClientId,
  foreignHost,
  formerSignInUrl,
  normalizeSignInUrl,
  readSignInLink,
  type SignInLink,
} from './sign-in-url.ts'
export { stsEndpoint } from './sts-endpoint.ts'
