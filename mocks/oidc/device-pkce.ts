import { createHash } from 'node:crypto'
import type { KoaContextWithOIDC, Provider, TokenEndpointGrantContext } from 'oidc-provider'
import type { DevicePkce } from './options.ts'

type OidcProviderModule = typeof import('oidc-provider')
type Names = string | readonly string[] | ReadonlySet<string>

export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

/**
 * PKCE for the device grant, which oidc-provider does not have: the challenge is kept with the device code, and the grant
 * is answered only to who has the verifier.
 */
export function devicePkce({ errors, Provider }: OidcProviderModule, mode: DevicePkce) {
  /** For `features.deviceFlow.deviceInfo`: the one hook that sees the whole body of the device authorization request. */
  const deviceInfo = (ctx: KoaContextWithOIDC) => {
    const form = formOf(ctx)
    const { code_challenge: codeChallenge, code_challenge_method: method } = form
    if (mode === 'rejected' && (codeChallenge !== undefined || method !== undefined)) {
      throw new errors.InvalidRequest('unknown parameter code_challenge')
    }
    if (mode === 'required' && (!/^[\w-]{43}$/.test(codeChallenge ?? '') || method !== 'S256')) {
      throw new errors.InvalidRequest('a code_challenge with method S256 is required')
    }
    return { codeChallenge, address: ctx.ip, userAgent: ctx.get('user-agent') }
  }

  const check = async (provider: Provider, ctx: KoaContextWithOIDC): Promise<void> => {
    const { device_code: deviceCode = '', code_verifier: verifier } = formOf(ctx)
    if (mode === 'rejected' && verifier !== undefined) {
      throw new errors.InvalidRequest('unknown parameter code_verifier')
    }
    const code = await provider.DeviceCode.find(deviceCode, { ignoreExpiration: true })
    if (mode !== 'required' || code === undefined) return
    const challenge = createHash('sha256')
      .update(verifier ?? '')
      .digest('base64url')
    // Before the state is looked at: without the verifier the answer must not tell whether the person agreed.
    if (code.deviceInfo?.codeChallenge !== challenge) throw new errors.InvalidGrant('code_verifier mismatch')
  }

  /** The constructor of `Provider` registers the built-in grants through this method. */
  class ProviderWithDevicePkce extends Provider {
    override registerGrantType<Params extends object>(
      name: string,
      handler: (ctx: TokenEndpointGrantContext<Params>) => void | Promise<void>,
      params?: Names,
      duplicates?: Names,
    ): void {
      const checked: typeof handler = async (ctx) => {
        await check(this, ctx)
        await handler(ctx)
      }
      const isDevice = name === deviceGrantType
      const known = isDevice ? new Set([...(params ?? []), 'code_verifier']) : params
      super.registerGrantType(name, isDevice ? checked : handler, known, duplicates)
    }
  }
  return { deviceInfo, ProviderWithDevicePkce }
}

function formOf(ctx: KoaContextWithOIDC): Record<string, string | undefined> {
  return (ctx.oidc.body ?? {}) as Record<string, string | undefined>
}
