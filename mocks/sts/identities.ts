import {
  type IssuedSecret,
  makeAccessKeyId,
  makeAccessKeySecret,
  makeSecurityToken,
} from '../cloudsso/secrets.ts'
import type { OtherIssuer, StsRole, StsUser } from './options.ts'

/** Whose an AccessKey is. */
export interface StsIdentity {
  accessKeyId: string
  /** `acs:ram::<account>:user/<name>`, `…:root`, or `…:assumed-role/<role>/<session>` */
  arn: string
  identityType: 'RAMUser' | 'Account' | 'AssumedRoleUser'
  /** The role, where one was assumed. */
  roleArn?: string
  /** AccessKey id that assumed it, or `oidc:<subject>`. */
  via?: string
  /** When the credentials die; long-lived ones do not. */
  expiresAt?: Date
}

/** An identity with what it signs with. */
export interface StsKey {
  identity: StsIdentity
  accessKeySecret: string
  securityToken?: string
  inactive?: boolean
}

/** Short-lived credentials that were handed out here. */
export interface StsSession extends StsKey {
  identity: StsIdentity & { expiresAt: Date }
  securityToken: string
}

export type Identities = ReturnType<typeof createIdentities>

/** All AccessKeys that are known: of users, of sessions handed out here, and of other issuers once they were used. */
export function createIdentities(
  users: readonly StsUser[],
  otherIssuers: readonly OtherIssuer[],
  issued: IssuedSecret[],
) {
  const keys = new Map<string, StsKey>(users.map((user) => [user.accessKeyId, userKey(user)]))

  return {
    find(accessKeyId: string, securityToken: string | undefined): StsKey | undefined {
      const known = keys.get(accessKeyId) ?? keyOfOther(otherIssuers, accessKeyId, securityToken)
      if (known !== undefined) keys.set(accessKeyId, known)
      return known
    },
    identityOf: (accessKeyId: string): StsIdentity | undefined => keys.get(accessKeyId)?.identity,
    /** Makes credentials for a session of a role. */
    issue(role: StsRole, sessionName: string, via: string, expiresAt: Date): StsSession {
      const accessKeyId = makeAccessKeyId()
      const arn = sessionArn(role.arn, sessionName)
      const key = {
        identity: {
          accessKeyId,
          arn,
          identityType: 'AssumedRoleUser' as const,
          roleArn: role.arn,
          via,
          expiresAt,
        },
        accessKeySecret: makeAccessKeySecret(),
        securityToken: makeSecurityToken(),
      }
      keys.set(accessKeyId, key)
      issued.push({ kind: 'access-key-secret', value: key.accessKeySecret })
      issued.push({ kind: 'security-token', value: key.securityToken })
      return key
    },
  }
}

function userKey({ arn, accessKeyId, accessKeySecret, inactive = false }: StsUser): StsKey {
  const identityType = arn.endsWith(':root') ? 'Account' : 'RAMUser'
  return { identity: { accessKeyId, arn, identityType }, accessKeySecret, inactive }
}

/** Other issuers do not tell AccessKey ids: the security token finds the secret, which stands just before it. */
function keyOfOther(
  issuers: readonly OtherIssuer[],
  accessKeyId: string,
  securityToken: string | undefined,
): StsKey | undefined {
  for (const { issued, roleArn } of issuers) {
    const index = issued.findIndex(({ kind, value }) => kind === 'security-token' && value === securityToken)
    const secret = issued[index - 1]
    if (securityToken === undefined || secret?.kind !== 'access-key-secret') continue
    const arn = sessionArn(roleArn, 'sso')
    const identity = { accessKeyId, arn, identityType: 'AssumedRoleUser' as const, roleArn }
    return { identity, accessKeySecret: secret.value, securityToken }
  }
  return undefined
}

function sessionArn(roleArn: string, sessionName: string): string {
  return `${roleArn.replace(':role/', ':assumed-role/')}/${sessionName}`
}

/** `acs:ram::<account>:…` -> `<account>` */
export function accountOf(arn: string): string {
  return arn.split(':')[3] ?? ''
}
