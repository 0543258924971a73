import type { Config, ForeignConfiguration } from '../profile/index.ts'
import type { Secret } from '../secret.ts'
import type { Defaults } from './configure/configure-defaults.ts'
import type { ConfiguredProfile, ConfigureOptions } from './configure/configure-profile.ts'
import type { ProfileSettings } from './configure/profile-settings.ts'
import type { DiagnoseOptions } from './doctor/diagnose.ts'
import type { DoctorWorld } from './doctor/doctor-world.ts'
import type { Finding } from './doctor/finding.ts'
import type { GetCredentialsOptions } from './get-credentials.ts'
import type { ImportResult } from './import-profiles.ts'
import type { LoginOptions, LoginResult } from './login.ts'
import type { LogoutResult } from './logout.ts'
import type { Person } from './person.ts'
import type { ProfileStatus } from './profile-status.ts'
import type { SessionContext } from './session-context.ts'
import type { WantedToken } from './sign-in.ts'
import type { StoredCredentials } from './stored-entry.ts'

/*
 * Doors to the longer stories. Each is loaded when it is told: the cached path goes through this room too, and the
 * portal's dialect, PKCE and the network would cost it more than everything else together.
 */

/** See `configure/configure-defaults.ts`. */
export async function configureDefaults(defaults: Defaults, context: SessionContext): Promise<void> {
  return (await import('./configure/configure-defaults.ts')).configureDefaults(defaults, context)
}

/** See `configure/configure-profile.ts`. */
export async function configureProfile(
  name: string,
  settings: ProfileSettings,
  options: ConfigureOptions,
  context: SessionContext,
): Promise<ConfiguredProfile> {
  const { configureProfile } = await import('./configure/configure-profile.ts')
  return configureProfile(name, settings, options, context)
}

/** See `configure/check-settings.ts`. */
export async function checkSettings(settings: ProfileSettings): Promise<ProfileSettings> {
  return (await import('./configure/check-settings.ts')).checkSettings(settings)
}

/** See `login.ts`. */
export async function login(
  name: string,
  options: LoginOptions,
  context: SessionContext,
  person: Person,
): Promise<LoginResult> {
  return (await import('./login.ts')).login(name, options, context, person)
}

/** See `get-credentials.ts`. */
export async function getCredentials(
  name: string,
  options: GetCredentialsOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  return (await import('./get-credentials.ts')).getCredentials(name, options, context)
}

/** See `logout.ts`. */
export async function logout(
  name: string,
  options: { sparesOthers: boolean },
  context: SessionContext,
): Promise<LogoutResult> {
  return (await import('./logout.ts')).logout(name, options, context)
}

/** See `delete-profile.ts`. */
export async function deleteProfile(name: string, context: SessionContext): Promise<void> {
  return (await import('./delete-profile.ts')).deleteProfile(name, context)
}

/** See `oidc/end-session.ts`. */
export async function endSessionAddress(name: string, context: SessionContext): Promise<string | undefined> {
  return (await import('./oidc/end-session.ts')).endSessionAddress(name, context)
}

/** See `get-token.ts`. */
export async function getToken(
  name: string,
  wanted: WantedToken | undefined,
  context: SessionContext,
): Promise<Secret> {
  return (await import('./get-token.ts')).getToken(name, wanted, context)
}

/** See `whoami.ts`. */
export async function whoAmI(name: string, context: SessionContext): Promise<Record<string, unknown>> {
  return (await import('./whoami.ts')).whoAmI(name, context)
}

/** See `profile-status.ts`. */
export async function profileStatus(
  name: string,
  config: Config,
  context: SessionContext,
): Promise<ProfileStatus> {
  return (await import('./profile-status.ts')).profileStatus(name, config, context)
}

/** See `import-profiles.ts`. */
export async function importProfiles(
  foreign: readonly ForeignConfiguration[],
  options: { overwrite: boolean },
  context: SessionContext,
): Promise<ImportResult> {
  return (await import('./import-profiles.ts')).importProfiles(foreign, options, context)
}

/** See `doctor/diagnose.ts`. */
export async function diagnose(
  options: DiagnoseOptions,
  world: DoctorWorld,
  context: SessionContext,
): Promise<Finding[]> {
  return (await import('./doctor/diagnose.ts')).diagnose(options, world, context)
}
