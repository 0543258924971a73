import { getCallerIdentity } from '../sts/index.ts'
import { getCredentials } from './get-credentials.ts'
import { stsFor } from './kinds/assume-role.ts'
import { resolveProfile } from './kinds/resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

/** Who a profile's credentials belong to, as STS says it (GetCallerIdentity). */
export async function whoAmI(name: string, context: SessionContext): Promise<Record<string, unknown>> {
  const { credentials } = await getCredentials(name, {}, context)
  const { profile } = resolveProfile(name, context.readConfig(), context)
  return getCallerIdentity(credentials, stsFor(profile, context))
}
