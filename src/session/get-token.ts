import type { Secret } from '../kit/index.ts'
import { checkConfigured } from '../profiles/index.ts'
import { openKind, type WantedToken } from './kinds/kind.ts'
import { resolveProfile } from './kinds/resolve-profile.ts'
import { patiently } from './renewal/limit.ts'
import type { SessionContext } from './session-context.ts'

/**
 * An identity token of an OIDC or IDaaS profile, renewed where needed; the user is not asked. `wanted` is `access` by default,
 * and `id` for IDaaS, which has no other. Errors: ERR_LOGIN_REQUIRED; ERR_USAGE for a profile, or a kind of token, that there is
 * not.
 */
export async function getToken(
  name: string,
  wanted: WantedToken | undefined,
  context: SessionContext,
): Promise<Secret> {
  const resolved = resolveProfile(name, context.readConfig(), context)
  checkConfigured(resolved)
  return patiently(false, context, async (patient) => (await openKind(resolved, patient)).getToken(wanted))
}
