export { type StoreChoice, storeChoices } from '../kit/index.ts'
export {
  type CloudSsoProfile,
  type Config,
  emptyConfig,
  type IdaasProfile,
  type OidcProfile,
  type Profile,
  providerUrlOf,
  type RoleProfile,
  type SignInFlow,
  type StoreName,
  signInFlows,
  signInUrlOf,
  withoutAssignment,
  withoutProfile,
  withProfile,
} from './config.ts'
export { configDirectory, homeOfUser, type UserEnvironment } from './config-directory.ts'
export { deletePlainFiles, readJsonFile, readPlainFile } from './import/file.ts'
export { type ForeignConfiguration, type ForeignProfile, importSources } from './import/foreign.ts'
export { type ImportPlan, type ImportStep, planImport } from './import/plan.ts'
export { readForeignConfigurations } from './import/sources.ts'
export { checkProfileName, chooseProfileName } from './profile-name.ts'
export { configFileName, readConfig } from './read-config.ts'
export { normalizeSignInUrl } from './sign-in-url.ts'
export { serializeConfig, writeConfig } from './write-config.ts'
