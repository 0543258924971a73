export {
  type CloudSsoProfile,
  type Config,
  emptyConfig,
  type Profile,
  type StoreChoice,
  type StoreName,
  signInUrlOf,
  storeChoices,
  withoutProfile,
  withProfile,
} from './config.ts'
export { checkProfileName, chooseProfileName } from './profile-name.ts'
export { configFileName, readConfig } from './read-config.ts'
export { normalizeSignInUrl } from './sign-in-url.ts'
export { type ConfigWriter, updateConfig } from './write-config.ts'
