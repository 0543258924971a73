export {
  type AccessConfiguration,
  type Account,
  listAccessConfigurations,
  listAccounts,
} from './cloudsso/access-assignments.ts'
export { createCloudSsoDialect } from './cloudsso/device-dialect.ts'
export { type ListedAccount, listAssignments } from './cloudsso/list-assignments.ts'
export type { CloudSsoPortal } from './cloudsso/portal.ts'
export type { DeviceAuthorization } from './device-authorization.ts'
export { type PendingAuthorization, runDeviceFlow } from './device-flow.ts'
export type { DeviceFlowDialect } from './device-flow-dialect.ts'
export type { IdaasApplication, IdaasContext, IdaasTokens } from './idaas/application.ts'
export { refreshIdToken, retrieveIdToken } from './idaas/request-tokens.ts'
export { type CodeFlowOptions, runCodeFlow } from './oidc/code-flow.ts'
export { createOidcDialect } from './oidc/device-dialect.ts'
export { discoverProvider } from './oidc/discover-provider.ts'
export { type EndSessionPage, openEndSessionPage } from './oidc/end-session-page.ts'
export { endSessionUrl, revokeTokens } from './oidc/logout.ts'
export { type OneTimeRedirect, openOneTimeRedirect } from './oidc/one-time-redirect.ts'
export type { KnownAuthentication, OidcClient, OidcContext, OidcProvider } from './oidc/provider.ts'
export { refreshTokens } from './oidc/refresh-tokens.ts'
export type { IdToken, TokenSet } from './token-set.ts'
