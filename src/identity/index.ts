export {
  type AccessConfiguration,
  type Account,
  type CloudSsoPortal,
  createCloudSsoDialect,
  defaultClientId,
  listAccessConfigurations,
  listAccounts,
} from './cloudsso/index.ts'
export { type DeviceFlowOptions, runDeviceFlow } from './device-flow.ts'
export type {
  DeviceAuthorization,
  DeviceFlowDialect,
  IdToken,
  PollOutcome,
  StartOutcome,
  TokenSet,
  VerificationUri,
} from './device-flow-dialect.ts'
export {
  checkApiVersion,
  checkAppKey,
  checkApplicationUuid,
  type IdaasApplication,
  type IdaasContext,
  type IdaasTokens,
  normalizeIdaasUrl,
  refreshIdToken,
  retrieveIdToken,
} from './idaas/index.ts'
export {
  type CodeFlowOptions,
  createOidcDialect,
  discoverProvider,
  endSessionUrl,
  normalizeIssuer,
  type OidcClient,
  type OidcContext,
  type OidcProvider,
  refreshTokens,
  revokeTokens,
  runCodeFlow,
} from './oidc/index.ts'
