import { endSessionUrl } from '../../identity/index.ts'
import { baseOf } from '../base-of.ts'
import { resolveProfile } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { openProvider } from './provider.ts'

/**
 * Where the browser's session ends (RP-Initiated Logout) at the provider that a profile, or the base of its roles, signed in
 * at; undefined where it cannot.
 */
export async function endSessionAddress(name: string, context: SessionContext): Promise<string | undefined> {
  const base = baseOf(resolveProfile(name, context.readConfig(), context))
  return base.kind === 'oidc' ? endSessionUrl(await openProvider(base, context)) : undefined
}
