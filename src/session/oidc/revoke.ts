import { revokeTokens } from '../../identity/index.ts'
import { isSesameError } from '../../kit/index.ts'
import { Limit, underLimit } from '../renewal/limit.ts'
import type { ResolvedOidc } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import type { StoredToken } from '../stored-token.ts'
import { openProvider } from './provider.ts'

/** What became of tokens at the provider. */
export type Revocation = { kind: 'revoked' | 'not-supported' } | { kind: 'failed'; message: string }

const limitMs = 5_000

/** Tells the provider that the tokens are no longer used (RFC 7009); a provider that does not answer is told of. */
export async function revokeAtProvider(
  resolved: ResolvedOidc,
  { accessToken, refreshToken }: StoredToken,
  context: SessionContext,
): Promise<Revocation> {
  const named = { accessToken, ...(refreshToken && { refreshToken }) }
  try {
    const limit = new Limit(context.clock, context.clock.monotonicMs() + limitMs)
    return await underLimit(limit, context.signal, async (signal) => {
      const provider = await openProvider(resolved, { ...context, signal })
      return { kind: await revokeTokens(provider, named) }
    })
  } catch (error) {
    context.signal.throwIfAborted()
    if (!isSesameError(error)) throw error
    return { kind: 'failed', message: error.message }
  }
}
