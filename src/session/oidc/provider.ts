import { discoverProvider, type OidcProvider } from '../../identity/index.ts'
import { type Secret, SesameError, shellWord } from '../../kit/index.ts'
import { checkConfigured } from '../configure/check-settings.ts'
import { secretKey } from '../entry-key.ts'
import type { ResolvedIdaas, ResolvedOidc } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { parseSecret } from '../stored-token.ts'

/** Asks the provider of a profile what it can do, and checks that it is the one that was meant. */
export async function openProvider(resolved: ResolvedOidc, context: SessionContext): Promise<OidcProvider> {
  checkConfigured(resolved)
  const { signIn, profile } = resolved
  const { issuer, clientId, scope, audience } = signIn
  const client = {
    issuer,
    clientId,
    scope,
    devicePkce: profile.devicePkce ?? true,
    ...(audience === undefined ? {} : { audience }),
    trustedHosts: trustedHostsOf(resolved),
    ...(profile.redirectPort === undefined ? {} : { redirectPort: profile.redirectPort }),
    ...(profile.confidential ? { clientSecret: await readSecret(resolved, context) } : {}),
  }
  return discoverProvider(client, context)
}

/** Hosts beside the issuer's own where its endpoints may be. */
export function trustedHostsOf({ profile }: Pick<ResolvedOidc, 'profile'>): string[] {
  return profile.trustedHosts?.split(' ') ?? []
}

/** The secret of a client or application, which was put into the store when it was configured. */
export async function readSecret(
  { name, signIn, storeChoice }: ResolvedOidc | ResolvedIdaas,
  context: Pick<SessionContext, 'openStore'>,
): Promise<Secret> {
  const store = await context.openStore(storeChoice, 'read')
  const secret = parseSecret(await store.read(secretKey(signIn)))
  if (secret !== undefined) return secret
  const option = 'issuer' in signIn ? '--client-secret-stdin' : '--app-secret-stdin'
  throw new SesameError('ERR_CONFIG', `The secret of profile ${name} is not in the store (${store.kind}).`, {
    hint: `Give it again: sesame configure --profile ${shellWord(name)} ${option}`,
  })
}
