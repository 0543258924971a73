import { SesameError } from '../errors.ts'
import { obtainAtPortal, renewAtPortal } from './cloudsso/obtain.ts'
import { obtainByApplication } from './idaas/obtain.ts'
import type { Obtained, ObtainOptions } from './obtained.ts'
import { type IdTokenRole, obtainByIdToken } from './oidc/obtain.ts'
import type { Person } from './person.ts'
import type { ResolvedIdaas, ResolvedOidc, ResolvedProfile } from './resolve-profile.ts'
import { assumeFrom } from './role/assume.ts'
import { signedInAs } from './role/signed-in-as.ts'
import type { SessionContext } from './session-context.ts'

/** New credentials, whatever kind the profile is of. Without a person nobody is asked, and ERR_LOGIN_REQUIRED may be the end. */
export async function obtain(
  resolved: ResolvedProfile,
  options: ObtainOptions,
  context: SessionContext,
  person?: Person,
): Promise<Obtained> {
  switch (resolved.kind) {
    case 'cloudsso':
      return person === undefined
        ? renewAtPortal(resolved, context)
        : obtainAtPortal(resolved, options, context, person)
    case 'oidc':
      return obtainByIdToken(resolved, roleOf(resolved), options, context, person)
    case 'idaas':
      return obtainByApplication(resolved, roleOf(resolved), options, context)
    case 'role': {
      const source = await options.fromSource(resolved.source.name)
      const userName = await signedInAs(resolved.source, context)
      const credentials = await assumeFrom(source, resolved.profile, userName, context)
      const purpose = person === undefined ? 'read' : 'write'
      return { credentials, store: await context.openStore(resolved.storeChoice, purpose) }
    }
  }
}

/** Both parts of the role, or ERR_CONFIG: such a profile has tokens only. */
function roleOf({ name, profile }: ResolvedOidc | ResolvedIdaas): IdTokenRole {
  const { roleArn, oidcProviderArn } = profile
  if (roleArn !== undefined && oidcProviderArn !== undefined) return { roleArn, oidcProviderArn }
  throw withoutRole(name)
}

export function withoutRole(name: string): SesameError {
  const hint = `Use "sesame token get --profile ${name}", or add --role-arn and --oidc-provider-arn with "sesame configure".`
  return new SesameError('ERR_CONFIG', `Profile ${name} has no role: it gives tokens, not credentials.`, {
    hint,
  })
}
