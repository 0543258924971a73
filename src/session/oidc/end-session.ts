import { endSessionUrl } from '../../identity/index.ts'
import { resolveProfile } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { openProvider } from './provider.ts'

/** Where the browser's session at the provider of an OIDC profile ends (RP-Initiated Logout); undefined where it cannot. */
export async function endSessionAddress(name: string, context: SessionContext): Promise<string | undefined> {
  const resolved = resolveProfile(name, context.readConfig(), context)
  return resolved.kind === 'oidc' ? endSessionUrl(await openProvider(resolved, context)) : undefined
}
