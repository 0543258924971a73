export {
  type AccessConfiguration,
  type Account,
  type ListOptions,
  listAccessConfigurations,
  listAccounts,
} from './access-assignments.ts'
export { createCloudSsoDialect } from './device-flow.ts'
export { type CloudSsoPortal, defaultClientId } from './portal.ts'
