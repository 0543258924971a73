import { accountOf, type Identities, type StsIdentity, type StsKey } from './identities.ts'
import { verifyOidcToken } from './oidc-token.ts'
import type { StsRole, StsSettings } from './options.ts'
import { type RoleParameters, readRoleParameters, required } from './parameters.ts'
import { refuseWith } from './refusal.ts'

type Values = ReadonlyMap<string, string>

/** What each call does once the caller is known. */
export function createActions(settings: StsSettings, identities: Identities, now: () => Date) {
  const roleOf = (arn: string): StsRole => {
    const role = settings.roles.find((one) => one.arn === arn)
    return role ?? refuseWith('EntityNotExist.Role')
  }

  const session = (role: StsRole, parameters: RoleParameters, via: string) => {
    const { durationSeconds, roleSessionName } = parameters
    if (durationSeconds > (role.maxSessionSeconds ?? 3600)) refuseWith('InvalidParameter.DurationSeconds')
    const wholeSeconds = Math.floor(now().getTime() / 1000) + durationSeconds
    const key = identities.issue(role, roleSessionName, via, new Date(wholeSeconds * 1000))
    return {
      AssumedRoleUser: {
        Arn: `${role.arn}/${roleSessionName}`,
        AssumedRoleId: `${idOf(role.arn)}:${roleSessionName}`,
      },
      Credentials: {
        AccessKeyId: key.identity.accessKeyId,
        AccessKeySecret: key.accessKeySecret,
        SecurityToken: key.securityToken,
        Expiration: `${key.identity.expiresAt.toISOString().slice(0, 19)}Z`,
      },
    }
  }

  return {
    AssumeRole({ identity }: StsKey, values: Values): object {
      if (identity.identityType === 'Account') {
        refuseWith('NoPermission', 'Roles may not be assumed by root accounts.')
      }
      const parameters = readRoleParameters(values, settings.defaultSeconds)
      const role = roleOf(parameters.roleArn)
      if (!trusts(role, identity)) refuseWith('NoPermission')
      if (role.externalId !== undefined && role.externalId !== parameters.externalId)
        refuseWith('NoPermission')
      const source = values.get('SourceIdentity')
      return {
        ...session(role, parameters, identity.accessKeyId),
        ...(source !== undefined && { SourceIdentity: source }),
      }
    },

    async AssumeRoleWithOIDC(values: Values): Promise<object> {
      const parameters = readRoleParameters(values, settings.defaultSeconds)
      const providerArn = required(values, 'OIDCProviderArn')
      const token = values.get('OIDCToken')
      if (!token) refuseWith('AuthenticationFail.OIDCToken.Invalid', 'The OIDCToken can not empty.')
      const provider = settings.oidcProviders.find((one) => one.arn === providerArn)
      if (provider === undefined) {
        refuseWith('AuthenticationFail.NoPermission', 'No such OIDC Provider registered.')
      }
      const claims = await verifyOidcToken(token, provider, now())
      const role = roleOf(parameters.roleArn)
      if (!role.trust.includes(provider.arn)) refuseWith('AuthenticationFail.NoPermission')
      return {
        ...session(role, parameters, `oidc:${claims.sub}`),
        OIDCTokenInfo: {
          Subject: claims.sub,
          Issuer: claims.iss,
          ClientIds: [claims.aud].flat().join(','),
          ExpirationTime: instant(claims.exp),
          IssuanceTime: instant(claims.iat),
          VerificationInfo: 'Success',
        },
      }
    },

    GetCallerIdentity({ identity }: StsKey): object {
      const { arn, identityType, roleArn } = identity
      const name = arn.slice(arn.lastIndexOf('/') + 1)
      const account = accountOf(arn)
      const particulars = {
        Account: { PrincipalId: account },
        RAMUser: { PrincipalId: idOf(arn), UserId: idOf(arn) },
        AssumedRoleUser: { PrincipalId: `${idOf(roleArn ?? '')}:${name}`, RoleId: idOf(roleArn ?? '') },
      }
      return { AccountId: account, Arn: arn, IdentityType: identityType, ...particulars[identityType] }
    },
  }
}

function trusts({ trust }: StsRole, { arn, roleArn }: StsIdentity): boolean {
  return [arn, roleArn, `acs:ram::${accountOf(arn)}:root`].some(
    (who) => who !== undefined && trust.includes(who),
  )
}

/** 18 digits, always the same for the same ARN. */
function idOf(arn: string): string {
  let hash = 7n
  for (const char of arn) hash = (hash * 31n + BigInt(char.codePointAt(0) ?? 0)) % 10n ** 17n
  return `3${String(hash).padStart(17, '0')}`
}

function instant(seconds: number | undefined): string {
  return `${new Date((seconds ?? 0) * 1000).toISOString().slice(0, 19)}Z`
}
