import type { Config, ForeignConfiguration } from '../profile/index.ts'
import type { DiagnoseOptions } from './doctor/diagnose.ts'
import type { DoctorWorld } from './doctor/doctor-world.ts'
import type { Finding } from './doctor/finding.ts'
import type { GetCredentialsOptions } from './get-credentials.ts'
import type { ImportResult } from './import-profiles.ts'
import type { LoginOptions } from './login.ts'
import type { LogoutResult } from './logout.ts'
import type { Person } from './person.ts'
import type { ProfileStatus } from './profile-status.ts'
import type { SessionContext } from './session-context.ts'
import type { StoredCredentials } from './stored-entry.ts'

/*
 * Doors to the longer stories. Each is loaded when it is told: the cached path goes through this room too, and the
 * portal's dialect, PKCE and the network would cost it more than everything else together.
 */

/** See `login.ts`. */
export async function login(
  name: string,
  options: LoginOptions,
  context: SessionContext,
  person: Person,
): Promise<StoredCredentials> {
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
export async function logout(name: string, context: SessionContext): Promise<LogoutResult> {
  return (await import('./logout.ts')).logout(name, context)
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
