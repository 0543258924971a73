import { isFresh, marginMs, remainingMs, type Secret } from '../kit/index.ts'
import { checkConfigured } from '../profiles/index.ts'
import { openKind, type WantedToken } from './kinds/kind.ts'
import { resolveProfile } from './kinds/resolve-profile.ts'
import { patiently } from './renewal/limit.ts'
import type { SessionContext } from './session-context.ts'

/** A token, and until when it is valid by its issuer's clock. */
export interface ValidToken {
  token: Secret
  expiresAt: Date
}

/**
 * An identity token of an OIDC or IDaaS profile, renewed where needed; the user is not asked. `wanted` is `access` by default,
 * and `id` for IDaaS, which has no other. Errors: ERR_LOGIN_REQUIRED; ERR_USAGE for a profile, or a kind of token, that there is
 * not.
 */
export async function getToken(
  name: string,
  wanted: WantedToken | undefined,
  context: SessionContext,
): Promise<ValidToken> {
  const { token, lifetime } = await patiently(false, context, (patient) => issue(name, wanted, patient))
  return { token, expiresAt: lifetime.expiresAt }
}

/** A token for a program that renews it: when that is due, in ms from now; 0 for one that could not be renewed just now. */
export interface TokenToKeep extends ValidToken {
  freshForMs: number
}

/** The same for a program that goes on: servers may take as long as they do with a login. */
export async function getTokenToKeep(
  name: string,
  wanted: WantedToken | undefined,
  context: SessionContext,
): Promise<TokenToKeep> {
  const { token, lifetime } = await issue(name, wanted, context)
  const [now, bootedAt] = [context.clock.now(), context.clock.bootedAt()]
  const isDue = !isFresh(lifetime, now, bootedAt)
  const freshForMs = isDue ? 0 : remainingMs(lifetime, now, bootedAt) - marginMs(lifetime)
  return { token, expiresAt: lifetime.expiresAt, freshForMs }
}

async function issue(name: string, wanted: WantedToken | undefined, context: SessionContext) {
  const resolved = resolveProfile(name, context.readConfig(), context)
  checkConfigured(resolved)
  return (await openKind(resolved, context)).getToken(wanted)
}
