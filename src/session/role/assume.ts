import { type Lifetime, marginMs } from '../../kit/index.ts'
import type { IdaasProfile, OidcProfile, Profile, RoleProfile } from '../../profiles/index.ts'
import {
  assumeRole,
  assumeRoleWithOidc,
  roleSessionNameFrom,
  type StsContext,
  stsEndpoint,
} from '../../sts/index.ts'
import type { SessionContext } from '../session-context.ts'
import type { StoredCredentials } from '../stored-entry.ts'
import type { StoredIdToken } from '../stored-token.ts'
import { toStored } from '../to-stored.ts'

/** How STS is reached for a profile: its own endpoint, else that of its region, else the central one. */
export function stsFor(
  { stsEndpoint: endpoint, region }: Profile,
  { fetch, clock, random, signal }: SessionContext,
): StsContext {
  const url = stsEndpoint({ ...(endpoint && { endpoint }), ...(region && { region }) })
  return { endpoint: url, fetch, clock, random, signal }
}

/** Credentials of a profile's role for an ID token (AssumeRoleWithOIDC). */
export async function assumeWithIdToken(
  profile: OidcProfile | IdaasProfile,
  role: { roleArn: string; oidcProviderArn: string },
  { token, userName }: StoredIdToken,
  context: SessionContext,
): Promise<StoredCredentials> {
  const { durationSeconds, policy } = profile
  const request = {
    ...role,
    idToken: token,
    roleSessionName: profile.roleSessionName ?? roleSessionNameFrom(userName, context.osUserName()),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(policy === undefined ? {} : { policy }),
  }
  const issued = await assumeRoleWithOidc(request, stsFor(profile, context))
  return toStored(issued, role.roleArn, context)
}

/**
 * Credentials of a role for other credentials (AssumeRole). They are good for no longer than what they were made of: the
 * life that has to be renewed first counts. The session bears the name of whoever signed in, else of the machine's user.
 */
export async function assumeFrom(
  source: StoredCredentials,
  profile: RoleProfile,
  userName: string | undefined,
  context: SessionContext,
): Promise<StoredCredentials> {
  const { roleArn, durationSeconds, policy, externalId } = profile
  const request = {
    roleArn,
    credentials: source.credentials,
    roleSessionName: profile.roleSessionName ?? roleSessionNameFrom(userName, context.osUserName()),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(policy === undefined ? {} : { policy }),
    ...(externalId === undefined ? {} : { externalId }),
  }
  const issued = await assumeRole(request, stsFor(profile, context))
  const own = toStored(issued, roleArn, context)
  const lifetime = shorterOf(own.lifetime, source.lifetime)
  return { credentials: { ...own.credentials, expiresAt: lifetime.expiresAt }, lifetime }
}

/** The one that has to be renewed first, and no more life than the other has left. */
function shorterOf(a: Lifetime, b: Lifetime): Lifetime {
  const renewAt = (lifetime: Lifetime) => lifetime.expiresAt.getTime() - marginMs(lifetime)
  const [first, other] = renewAt(b) < renewAt(a) ? [b, a] : [a, b]
  return { ...first, expiresAt: new Date(Math.min(first.expiresAt.getTime(), other.expiresAt.getTime())) }
}
