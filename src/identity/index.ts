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
