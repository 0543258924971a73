import type { IdToken } from '../../identity/index.ts'
import { decodeJwt } from '../../jwt/index.ts'
import { type Lifetime, marginMs } from '../../kit/index.ts'
import type { IdaasProfile, OidcProfile, RoleProfile } from '../../profiles/index.ts'
import { assumeRole, assumeRoleWithOidc, roleSessionNameFrom } from '../../sts/index.ts'
import type { SessionContext } from '../session-context.ts'
import { withoutRole } from '../sign-in-errors.ts'
import { type StoredCredentials, toStored } from '../stored-items.ts'
import type { ResolvedIdaas, ResolvedOidc } from './resolved-profile.ts'
import { stsFor } from './sts-context.ts'

/** The role that a profile takes with its ID token, or ERR_CONFIG: such a profile has tokens only. */
export function idTokenRoleOf({ name, profile }: ResolvedOidc | ResolvedIdaas): IdTokenRole {
  const { roleArn, oidcProviderArn } = profile
  if (roleArn !== undefined && oidcProviderArn !== undefined) return { roleArn, oidcProviderArn, profile }
  throw withoutRole(name)
}

export interface IdTokenRole {
  roleArn: string
  oidcProviderArn: string
  profile: OidcProfile | IdaasProfile
}

/** Credentials of a profile's role for an ID token (AssumeRoleWithOIDC). */
export async function assumeWithIdToken(
  { roleArn, oidcProviderArn, profile }: IdTokenRole,
  idToken: IdToken,
  context: SessionContext,
): Promise<StoredCredentials> {
  const { durationSeconds, policy } = profile
  const request = {
    roleArn,
    oidcProviderArn,
    idToken: idToken.token,
    roleSessionName: profile.roleSessionName ?? sessionName(namesOf(idToken), context),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(policy === undefined ? {} : { policy }),
  }
  const issued = await assumeRoleWithOidc(request, stsFor(profile, context))
  return toStored(issued, roleArn, context)
}

/**
 * Credentials of a role for other credentials (AssumeRole). They are good for no longer than what they were made of: the
 * life that has to be renewed first counts. The session bears the name of the signed-in user, else of the machine's user.
 */
export async function assumeFrom(
  source: StoredCredentials,
  profile: RoleProfile,
  userNames: readonly string[],
  context: SessionContext,
): Promise<StoredCredentials> {
  const { roleArn, durationSeconds, policy, externalId } = profile
  const request = {
    roleArn,
    credentials: source.credentials,
    roleSessionName: profile.roleSessionName ?? sessionName(userNames, context),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(policy === undefined ? {} : { policy }),
    ...(externalId === undefined ? {} : { externalId }),
  }
  const issued = await assumeRole(request, stsFor(profile, context))
  const own = toStored(issued, roleArn, context)
  const lifetime = shorterOf(own.lifetime, source.lifetime)
  return { credentials: { ...own.credentials, expiresAt: lifetime.expiresAt }, lifetime }
}

/** Whose session a role's is: the name that is shown, and what else the ID token says of the user, in case STS takes nothing of it. */
export function namesOf({ token, userName }: IdToken): string[] {
  const { email, sub } = decodeJwt(token.reveal()).claims
  return [userName, email, sub].filter((name) => typeof name === 'string')
}

/**
 * A name of one letter is too short for STS by itself, but says more than the user of this machine, which in a container is `root`
 * for everyone.
 */
function sessionName(names: readonly string[], { osUserName }: SessionContext): string {
  const longer = names.filter((name) => /[A-Za-z0-9]/.test(name)).map((name) => `user-${name}`)
  return roleSessionNameFrom(...names, ...longer, osUserName())
}

/** The one that has to be renewed first, and no more life than the other has left. */
function shorterOf(a: Lifetime, b: Lifetime): Lifetime {
  const renewAt = (lifetime: Lifetime) => lifetime.expiresAt.getTime() - marginMs(lifetime)
  const [first, other] = renewAt(b) < renewAt(a) ? [b, a] : [a, b]
  return { ...first, expiresAt: new Date(Math.min(first.expiresAt.getTime(), other.expiresAt.getTime())) }
}
