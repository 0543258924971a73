export {
  type AccessConfiguration,
  type Account,
  listAccessConfigurations,
  listAccounts,
} from './cloudsso/access-assignments.ts'
export { createCloudSsoDialect } from './cloudsso/device-flow.ts'
export { type CloudSsoPortal, defaultClientId } from './cloudsso/portal.ts'
export { runDeviceFlow } from './device-flow.ts'
export type { DeviceAuthorization, DeviceFlowDialect, IdToken, TokenSet } from './device-flow-dialect.ts'
export type { IdaasApplication, IdaasContext, IdaasTokens } from './idaas/application.ts'
export {
  checkApiVersion,
  checkAppKey,
  checkApplicationUuid,
  normalizeIdaasUrl,
} from './idaas/check-application.ts'
export { refreshIdToken, retrieveIdToken } from './idaas/open-idaas.ts'
export type { CodeFlowOptions } from './oidc/code-flow.ts'
export {
  createOidcDialect,
  discoverProvider,
  refreshTokens,
  revokeTokens,
  runCodeFlow,
} from './oidc/doors.ts'
export { endSessionUrl } from './oidc/end-session.ts'
export { normalizeIssuer } from './oidc/issuer.ts'
export type { OidcClient, OidcContext } from './oidc/oidc-client.ts'
export type { OidcProvider } from './oidc/provider.ts'
