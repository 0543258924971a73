import { SesameError, shellWord } from '../kit/index.ts'
import type { Person } from '../terminal/index.ts'
import { obtainAtPortal, renewAtPortal } from './cloudsso/obtain.ts'
import { obtainByApplication } from './idaas/obtain.ts'
import type { Obtained, ObtainOptions } from './obtained.ts'
import { type IdTokenRole, obtainByIdToken } from './oidc/obtain.ts'
import { replacingOnce } from './renewal/replacing-once.ts'
import {
  credentialsKeyOf,
  type ResolvedIdaas,
  type ResolvedOidc,
  type ResolvedProfile,
  type ResolvedRole,
} from './resolve-profile.ts'
import { assumeFrom } from './role/assume.ts'
import { signedInAs } from './role/signed-in-as.ts'
import type { SessionContext } from './session-context.ts'
import type { StoredCredentials } from './stored-entry.ts'

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
      return obtainByApplication(
        resolved,
        roleOf(resolved),
        { force: options.force, by: person === undefined ? 'program' : 'person' },
        context,
      )
    case 'role': {
      const credentials = await obtainFromSource(resolved, options, context)
      const purpose = person === undefined ? 'read' : 'write'
      return { credentials, store: await context.openStore(resolved.storeChoice, purpose) }
    }
  }
}

/** Credentials of the source that rested in the store, and that STS no longer accepts, are replaced once. */
async function obtainFromSource(
  { source, profile }: ResolvedRole,
  { fromSource, force }: ObtainOptions,
  context: SessionContext,
): Promise<StoredCredentials> {
  const assume = async (credentials: StoredCredentials) =>
    assumeFrom(credentials, profile, await signedInAs(source, context), context)
  const first = await fromSource(source.name)
  const key = credentialsKeyOf(source)
  if (force || key === undefined) return assume(first)
  return replacingOnce(first, assume, async (_refused, error) => {
    context.log('sesame:sts', `refused, renewing those of profile ${source.name}: ${error.message}`)
    await (await context.openStore(source.storeChoice, 'read')).remove(key)
    return fromSource(source.name)
  })
}

/** Both parts of the role, or ERR_CONFIG: such a profile has tokens only. */
function roleOf({ name, profile }: ResolvedOidc | ResolvedIdaas): IdTokenRole {
  const { roleArn, oidcProviderArn } = profile
  if (roleArn !== undefined && oidcProviderArn !== undefined) return { roleArn, oidcProviderArn }
  throw withoutRole(name)
}

export function withoutRole(name: string): SesameError {
  const hint = `Use: sesame token get --profile ${shellWord(name)}; or add --role-arn and --oidc-provider-arn with "sesame configure".`
  return new SesameError('ERR_CONFIG', `Profile ${name} has no role: it gives tokens, not credentials.`, {
    hint,
  })
}
