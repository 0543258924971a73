export { attemptAt, loginAt } from './attempt-at.ts'
export { baseOf } from './base-of.ts'
export { kindsNamedBy } from './configure/change-profile.ts'
export { checkSetting } from './configure/check-settings.ts'
export { configureDefaults } from './configure/configure-defaults.ts'
export { type ConfiguredProfile, configureProfile } from './configure/configure-profile.ts'
export { deleteProfile } from './delete-profile.ts'
export { credentialsKey, secretKey, tokenKey } from './entry-key.ts'
export { getCredentials } from './get-credentials.ts'
export { getToken } from './get-token.ts'
export { type ImportResult, importProfiles } from './import/import-profiles.ts'
export type { SecretsOutcome } from './import/import-secrets.ts'
export { type LoginResult, login } from './login.ts'
export { type LogoutResult, logout } from './logout.ts'
export { endSessionAddress } from './oidc/end-session.ts'
export { trustedHostsOf } from './oidc/provider.ts'
export { type ProfileStatus, profileStatus } from './profile-status.ts'
export { readCachedCredentials, remainingLifeMs } from './read-cached.ts'
export { keptOrTurn, type Sharing } from './renewal/kept-or-turn.ts'
export { Limit } from './renewal/limit.ts'
export { patienceMs } from './renewal/patience.ts'
export { starvedShare } from './renewal/starvation.ts'
export {
  assignmentOf,
  chooseStore,
  credentialsKeyOf,
  givesTokensOnly,
  type ResolvedProfile,
  resolveProfile,
} from './resolve-profile.ts'
export { stsFor } from './role/assume.ts'
export type { SessionContext } from './session-context.ts'
export type { StoredCredentials } from './stored-entry.ts'
export { parseToken } from './stored-token.ts'
export { updateConfig } from './update-config.ts'
export { whoAmI } from './whoami.ts'
