export type { AccessConfiguration, Account, DeviceAuthorization } from '../identity/index.ts'
export { attemptAt, loginAt } from './attempt-at.ts'
export type { ConfiguredProfile } from './configure/configure-profile.ts'
export type { ProfileSettings } from './configure/profile-settings.ts'
export type { StoreInspection } from './doctor/check-store.ts'
export type { DoctorWorld } from './doctor/doctor-world.ts'
export type { Finding } from './doctor/finding.ts'
export { credentialsKey, secretKey, tokenKey } from './entry-key.ts'
export type { GetCredentialsOptions } from './get-credentials.ts'
export type { ImportResult } from './import-profiles.ts'
export type { SecretsOutcome } from './import-secrets.ts'
export type { LoginOptions, LoginResult } from './login.ts'
export type { LogoutResult } from './logout.ts'
export type { Revocation } from './oidc/revoke.ts'
export type { Person } from './person.ts'
export type { ProfileStatus } from './profile-status.ts'
export { readCachedCredentials, remainingLifeMs, type WantedAssignment } from './read-cached.ts'
export { keptOrTurn, type Sharing } from './renewal/kept-or-turn.ts'
export { Limit } from './renewal/limit.ts'
export { patienceMs } from './renewal/patience.ts'
export { starvedShare } from './renewal/starvation.ts'
export { chooseStore, givesTokensOnly, type ResolvedProfile, resolveProfile } from './resolve-profile.ts'
export type { SessionContext } from './session-context.ts'
export type { StoredCredentials } from './stored-entry.ts'
export {
  checkSettings,
  configureDefaults,
  configureProfile,
  deleteProfile,
  diagnose,
  endSessionAddress,
  getCredentials,
  getToken,
  importProfiles,
  login,
  logout,
  profileStatus,
  whoAmI,
} from './stories.ts'
export { updateConfig } from './update-config.ts'
