import {
  discoverProvider,
  type KnownAuthentication,
  type OidcProvider,
  revokeTokens,
} from '../../identity/index.ts'
import { t } from '../../kit/index.ts'
import type { OidcProfile, State } from '../../profiles/index.ts'
import { persistOrWarn } from '../profile-stores.ts'
import type { SessionContext } from '../session-context.ts'
import type { StoredTokens } from '../stored-items.ts'
import { readSecret } from './client-secret.ts'
import type { ResolvedOidc } from './resolved-profile.ts'

/** Asks the provider of a profile what it can do, and checks that it is the one that was meant. */
export async function openProvider(
  resolved: ResolvedOidc,
  context: SessionContext,
  knownAuthentication: KnownAuthentication = learning(resolved, context),
): Promise<OidcProvider> {
  const { signIn, profile } = resolved
  const { issuer, clientId, scope, audience } = signIn
  const secret = profile.confidential && (await readSecret(resolved, '--client-secret-stdin', context))
  const client = {
    issuer,
    clientId,
    scope,
    devicePkce: profile.devicePkce ?? true,
    ...requestSettings(profile),
    knownAuthentication,
    ...(audience === undefined ? {} : { audience }),
    trustedHosts: trustedHostsOf(resolved),
    ...(profile.redirectPort === undefined ? {} : { redirectPort: profile.redirectPort }),
    ...(secret ? { clientSecret: secret } : {}),
  }
  return discoverProvider(client, context)
}

/** What was learned about a provider, to be kept for the next process when there is nothing more urgent to keep. */
export interface Learning extends KnownAuthentication {
  keep(): Promise<void>
}

/** What the state knows of the provider of a sign-in, and what this process learns. */
export function learning({ items }: ResolvedOidc, context: SessionContext): Learning {
  const { state } = context
  const before = state.read().providers.get(items.tokens)
  let method = before?.clientAuth
  return {
    get method() {
      return method
    },
    learn(accepted) {
      method = accepted
    },
    async keep() {
      if (method === before?.clientAuth) return
      const keep = (now: State): State => {
        const providers = new Map(now.providers)
        providers.set(items.tokens, { ...providers.get(items.tokens), ...(method && { clientAuth: method }) })
        return { ...now, providers }
      }
      const failure = t('Could not note how the provider takes the client secret')
      await persistOrWarn(() => state.change(keep), failure, context)
    },
  }
}

/** How the provider is asked, where the profile says so. */
function requestSettings({ clientAuth, prompt, noPrompt, acrValues, deviceEndpoint }: OidcProfile) {
  const asked = noPrompt ? '' : prompt
  return {
    // Written by hand, it may have the name that discovery documents use.
    ...(clientAuth !== undefined &&
      ({ clientAuth: clientAuth.endsWith('post') ? 'post' : 'basic' } as const)),
    ...(asked !== undefined && { prompt: asked }),
    ...(acrValues !== undefined && { acrValues }),
    ...(deviceEndpoint !== undefined && { deviceEndpoint }),
  }
}

/** Hosts beside the issuer's own where its endpoints may be. */
export function trustedHostsOf({ profile }: ResolvedOidc): string[] {
  return profile.trustedHosts?.split(' ') ?? []
}

/** Revokes the tokens (RFC 7009). */
export async function revokeAtProvider(
  resolved: ResolvedOidc,
  { accessToken, refreshToken, refusal }: StoredTokens,
  context: SessionContext,
): Promise<'revoked' | 'not-supported'> {
  const isOver = refusal !== undefined && refreshToken === undefined
  const named = { accessToken, isOver, ...(refreshToken && { refreshToken }) }
  const learned = learning(resolved, context)
  const end = await revokeTokens(await openProvider(resolved, context, learned), named)
  await learned.keep()
  return end
}
