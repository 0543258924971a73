import { getCredentials } from './get-credentials.ts'
import { resolveProfile } from './kinds/resolve-profile.ts'
import { stsFor } from './kinds/sts-context.ts'
import type { SessionContext } from './session-context.ts'

/** Who a profile's credentials belong to, as STS says it (GetCallerIdentity). */
export async function whoAmI(name: string, context: SessionContext): Promise<Record<string, unknown>> {
  const { credentials } = await getCredentials(name, {}, context)
  const { profile } = resolveProfile(name, context.readConfig(), context)
  const { getCallerIdentity } = await import('../sts/index.ts')
  return getCallerIdentity(credentials, stsFor(profile, context))
}
