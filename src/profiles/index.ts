export { checkConfigured, checkSetting, checkSettings } from './check-settings.ts'
export {
  type Config,
  emptyConfig,
  hasSetting,
  providerUrlOf,
  regionOf,
  signInUrlOf,
  withLoginSettings,
  withoutAssignment,
  withoutForgotten,
  withoutProfile,
  withProfile,
} from './config.ts'
export { checkConfigWritable, configFileName } from './config-file.ts'
export { readAcsSso } from './import/acs-sso.ts'
export { readAliyun } from './import/aliyun.ts'
export {
  type AliyunContent,
  type AliyunProfile,
  aliyunBackups,
  aliyunConfigPath,
  misspelledMode,
  readAliyunConfig,
  readAliyunProfile,
  whyCliRefuses,
} from './import/aliyun-config.ts'
export {
  callsSesame,
  credentialFields,
  isBlank,
  isBorrowed,
  runsSesame,
  secretsOf,
  textFields,
} from './import/aliyun-fields.ts'
export {
  type ForeignConfiguration,
  type ForeignProfile,
  type ImportSource,
  importSources,
} from './import/foreign.ts'
export { type ImportPlan, type ImportStep, planImport } from './import/plan.ts'
export { kinds } from './kinds.ts'
export {
  hasFormerNames,
  type Knowledge,
  partConfig,
  readKnowledge,
  rememberedConfig,
  sameKnowledge,
  writeKnowledge,
} from './knowledge.ts'
export { cacheDirectory, findPlace, homeOfUser, type Place, type UserEnvironment } from './place.ts'
export type {
  AnySettings,
  CloudSsoProfile,
  IdaasProfile,
  LoginSettings,
  OidcProfile,
  Profile,
  ProfileSettings,
  RoleProfile,
} from './profile.ts'
export { checkProfileName, chooseProfileName, isProfileSettled } from './profile.ts'
export { type Kind, kindNames, type Setting, type SettingsTable, type SettingType } from './setting.ts'
export {
  kindOptions,
  loginOptions,
  loginTable,
  optionOf,
  type SecretOption,
  type SettingOption,
  secretOf,
  secretOptions,
  settingOptions,
} from './setting-options.ts'
export { settings } from './settings.ts'
export type { SignInFlow } from './sign-in-settings.ts'
export { emptyState, type State, sameState, type WithoutKeychain } from './state.ts'
export { checkStateWritable, readState, writeState } from './state-file.ts'
export { readGlob } from './sync/glob.ts'
export {
  type Assignment,
  defaultNameTemplate,
  nameTemplatePlaceholders,
  readNameTemplate,
} from './sync/name-template.ts'
export { planSync, type SyncPlan, type SyncScope } from './sync/plan.ts'
