import { SesameError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import { shellWord } from '../shell-word.ts'
import { checkConfigured } from './configure/check-settings.ts'
import { applicationTokens } from './idaas/tokens.ts'
import { inTime } from './in-time.ts'
import { loginRequired } from './obtained.ts'
import { usableTokens } from './oidc/tokens.ts'
import { resolveProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'
import type { WantedToken } from './sign-in.ts'

/** A program waits for the answer, as with credentials. */
const lockWaitMs = 4_000
const renewalMs = 5_000

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
  const waitMs = lockWaitMs
  return inTime(lockWaitMs + renewalMs, context.signal, async (signal) => {
    const hurried = { ...context, signal }
    if (resolved.kind === 'idaas') {
      if (wanted === 'access') throw notThere(name, 'IDaaS gives ID tokens only', 'Leave --access out.')
      return (await applicationTokens(resolved, { waitMs }, hurried)).tokens.idToken.token
    }
    if (resolved.kind !== 'oidc')
      throw notThere(name, 'it gives credentials', `Use: sesame credentials --profile ${shellWord(name)}`)
    if (wanted === 'id' && !resolved.signIn.scope.split(' ').includes('openid'))
      throw notThere(name, `its scope is "${resolved.signIn.scope}"`, 'ID tokens need the scope openid.')
    const kept = await usableTokens(resolved, { wanted: wanted ?? 'access', waitMs }, hurried)
    if (kept === undefined) throw loginRequired(name)
    if (wanted !== 'id') return kept.token.accessToken
    if (kept.token.idToken === undefined) throw loginRequired(name)
    return kept.token.idToken.token
  })
}

function notThere(name: string, why: string, hint: string): SesameError {
  return new SesameError('ERR_USAGE', `Profile ${name} has no such token: ${why}.`, { hint })
}
