export { changeState, updateConfig } from './change-config.ts'
export { kindsNamedBy } from './configure/change-profile.ts'
export { type ConfiguredProfile, configureDefaults, configureProfile } from './configure/configure.ts'
export { deleteProfile } from './delete-profile.ts'
export { type FormerNames, takeFormerNames } from './former-names.ts'
export { getCredentials } from './get-credentials.ts'
export { getToken, getTokenToKeep, type ValidToken } from './get-token.ts'
export { type ImportResult, importProfiles, readForeignConfigurations } from './import/import-profiles.ts'
export type { SecretsOutcome } from './import/import-secrets.ts'
export { credentialsKey } from './kinds/item-names.ts'
export { type LoginResult, type Outlook, openKind, type Server } from './kinds/kind.ts'
export { chooseStore, lacksSignInUrl, resolvableProfiles, resolveProfile } from './kinds/resolve-profile.ts'
export { baseOf, itemsOf, type ResolvedProfile, storeChoiceOf } from './kinds/resolved-profile.ts'
export type { StoreOffer } from './kinds/sign-in.ts'
export { login } from './login.ts'
export { endSessionAddress, type LogoutResult, logout, openLogoutPage, readIdTokenHint } from './logout.ts'
export { type ProfileStatus, profileStatus } from './profile-status.ts'
export { type HeldStore, openKept, otherStores } from './profile-stores.ts'
export {
  attemptAt,
  loginAt,
  readCachedCredentials,
  readCachedToken,
  readUserName,
  remainingLifeMs,
} from './read-cached.ts'
export { keptOrTurn, type Sharing } from './renewal/kept-or-turn.ts'
export { Limit, patienceMs, starvedShare } from './renewal/limit.ts'
export type { SessionContext, StorePurpose } from './session-context.ts'
export type { StoredCredentials } from './stored-items.ts'
export { directoryUrl, type SyncOptions, type SyncResult, syncProfiles } from './sync-profiles.ts'
export { emptyLeftStores } from './take-along.ts'
export { usedProfiles, useProfile } from './use-profile.ts'
export { whoAmI } from './whoami.ts'
