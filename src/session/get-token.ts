import { type Secret, SesameError, shellWord } from '../kit/index.ts'
import { checkConfigured } from './configure/check-settings.ts'
import { applicationTokens } from './idaas/tokens.ts'
import { loginRequired } from './obtained.ts'
import { usableTokens } from './oidc/tokens.ts'
import { patiently } from './renewal/patience.ts'
import { resolveProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'
import type { WantedToken } from './sign-in.ts'

/**
 * An identity token of an OIDC or IDaaS profile, renewed where needed; nobody is asked. `wanted` is `access` by default, and
 * `id` for IDaaS, which has no other. Errors: ERR_LOGIN_REQUIRED; ERR_USAGE for a profile, or a kind of token, that there is not.
 */
export async function getToken(
  name: string,
  wanted: WantedToken | undefined,
  context: SessionContext,
): Promise<Secret> {
  const resolved = resolveProfile(name, context.readConfig(), context)
  checkConfigured(resolved)
  return patiently(false, context, async (patient) => {
    if (resolved.kind === 'idaas') {
      if (wanted === 'access') throw notThere(name, 'IDaaS gives ID tokens only', 'Leave --access out.')
      return (await applicationTokens(resolved, { by: 'program' }, patient)).tokens.idToken.token
    }
    if (resolved.kind !== 'oidc')
      throw notThere(name, 'it gives credentials', `Use: sesame credentials --profile ${shellWord(name)}`)
    if (wanted === 'id' && !resolved.signIn.scope.split(' ').includes('openid'))
      throw notThere(name, `its scope is "${resolved.signIn.scope}"`, 'ID tokens need the scope openid.')
    const kept = await usableTokens(resolved, { wanted: wanted ?? 'access', by: 'program' }, patient)
    if (kept === undefined) throw loginRequired(name)
    if (wanted !== 'id') return kept.token.accessToken
    if (kept.token.idToken === undefined) throw loginRequired(name)
    return kept.token.idToken.token
  })
}

function notThere(name: string, why: string, hint: string): SesameError {
  return new SesameError('ERR_USAGE', `Profile ${name} has no such token: ${why}.`, { hint })
}
