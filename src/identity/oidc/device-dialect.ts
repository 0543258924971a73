import type { TokenEndpointResponse } from 'openid-client'
import { unusableAnswer } from '../../http/index.ts'
import { SesameError, t } from '../../kit/index.ts'
import type { DeviceFlowDialect, PollOutcome, StartOutcome } from '../device-flow-dialect.ts'
import { type Reply, sendRequest } from './client-request.ts'
import { readDeviceAuthorization, toStandardMembers } from './device-authorization-response.ts'
import { isTemporary, type RequestPurpose, requestError } from './oauth-error.ts'
import type { OidcProvider } from './provider.ts'
import { readTokenResponse } from './token-response.ts'

const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code'

/**
 * RFC 8628 as OpenID providers speak it. Status codes differ (pending is 400, 403, 428, even 200), so only the `error`
 * member counts. A proof key goes along unless the client says no: some providers check it, most ignore it.
 */
export function createOidcDialect(provider: OidcProvider): DeviceFlowDialect {
  const { client, issuer, supports } = provider
  const purpose = { grant: 'device', unusualPkce: client.devicePkce } as const
  return {
    async startDeviceAuthorization(pkce, options): Promise<StartOutcome> {
      if (!supports.device) {
        throw new SesameError(
          'ERR_CONFIG',
          t('The provider {issuer} offers no device sign-in.', { issuer }),
          {
            hint: t(
              'Sign in with the browser of this machine instead: --flow code. If it only does not announce it: "sesame configure --profile NAME --device-endpoint URL".',
            ),
          },
        )
      }
      const parameters = {
        scope: client.scope,
        ...(client.audience !== undefined && { audience: client.audience }),
        ...(client.acrValues !== undefined && { acr_values: client.acrValues }),
        ...(client.devicePkce && {
          code_challenge: pkce.codeChallenge,
          code_challenge_method: pkce.codeChallengeMethod,
        }),
      }
      const reply = await sendRequest(
        provider,
        { ...options, adapt: toStandardMembers },
        (openid, configuration) => openid.initiateDeviceAuthorization(configuration, parameters),
      )
      const { answer } = reply
      if (reply.kind === 'success')
        return { kind: 'started', authorization: readDeviceAuthorization(reply, provider) }
      if (reply.kind === 'invalid' && answer.status === 200 && answer.isJson) {
        const message = t('The provider answered without a device code, user code or address.')
        throw new SesameError('ERR_RESPONSE_INVALID', message, {
          requestId: answer.requestId,
          status: answer.status,
        })
      }
      const failure = t('The provider refused to start a sign-in')
      const error = requestError(reply, client, { ...purpose, failure })
      if (!isTemporary(reply)) throw error
      return { kind: 'unavailable', error, retryAfterMs: answer.retryAfterMs }
    },

    async redeemDeviceCode(authorization, codeVerifier, options): Promise<PollOutcome> {
      const parameters = {
        device_code: authorization.deviceCode.reveal(),
        ...(client.devicePkce && { code_verifier: codeVerifier.reveal() }),
      }
      const reply = await sendRequest(provider, options, (openid, configuration) =>
        openid.genericGrantRequest(configuration, deviceCodeGrant, parameters),
      )
      return readPollReply(provider, reply, { ...purpose, failure: t('The provider refused the sign-in') })
    },
  }
}

async function readPollReply(
  provider: OidcProvider,
  reply: Reply<TokenEndpointResponse>,
  purpose: RequestPurpose,
): Promise<PollOutcome> {
  const { requestId, retryAfterMs } = reply.answer
  if (reply.kind === 'error') {
    const details = { serverCode: reply.error, requestId }
    switch (reply.error) {
      case 'authorization_pending':
        return { kind: 'pending', retryAfterMs }
      case 'slow_down':
        return { kind: 'slow-down', retryAfterMs }
      case 'access_denied':
      // Entra ID's word for it.
      case 'authorization_declined':
        return { kind: 'denied', details }
      case 'expired_token':
      // Both: a code that the server no longer knows, because it expired or because its tokens were fetched.
      case 'invalid_grant':
      case 'bad_verification_code':
        return { kind: 'expired', details }
    }
  }
  if (reply.kind !== 'success' && isTemporary(reply)) {
    const { host } = new URL(provider.metadata.token_endpoint ?? provider.issuer)
    const error = unusableAnswer(reply.answer, host)
    return { kind: 'unavailable', error, retryAfterMs }
  }
  return { kind: 'granted', token: await readTokenResponse(provider, reply, purpose) }
}
