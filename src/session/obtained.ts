import { SesameError, shellWord } from '../kit/index.ts'
import type { SignInFlow } from '../profiles/index.ts'
import type { CredentialStore } from '../store/index.ts'
import type { Assignment } from './cloudsso/choose-assignment.ts'
import type { WantedAssignment } from './read-cached.ts'
import type { StoredCredentials } from './stored-entry.ts'

/** How credentials are to be obtained. */
export interface ObtainOptions {
  /** Account and access configuration that the caller insists on; CloudSSO only. */
  wanted: WantedAssignment
  /** Sign in again, whatever is in the store. */
  force: boolean
  /** How the person wants to sign in at an OIDC provider. */
  flow?: SignInFlow | undefined
  /** Gives the credentials of the profile that a role is built upon. */
  fromSource(name: string): Promise<StoredCredentials>
}

/** New credentials, and where they belong. */
export interface Obtained {
  credentials: StoredCredentials
  store: CredentialStore
  /** What was chosen on the way, to be remembered. */
  assignment?: Assignment
}

/** Only a sign-in would help, and nobody may be asked. */
export function loginRequired(name: string, cause?: unknown): SesameError {
  return new SesameError('ERR_LOGIN_REQUIRED', `Sign in first: ${loginCommand(name)}`, { cause })
}

/** The words that sign in to a profile, as a person types them. */
export function loginCommand(name: string): string {
  return `sesame login --profile ${shellWord(name)}`
}
