import { genericGrantRequest, initiateDeviceAuthorization } from 'openid-client'
import type { JsonAnswer } from '../../http/index.ts'
import { SesameError } from '../../kit/index.ts'
import type { DeviceFlowDialect, PollOutcome, ServerDetails, StartOutcome } from '../device-flow-dialect.ts'
import { askProvider } from './ask-provider.ts'
import type { Exchange } from './exchange.ts'
import type { OidcProvider } from './provider.ts'
import { readDeviceAnswer } from './read-device-answer.ts'
import { readTokens } from './read-tokens.ts'
import { type Asked, errorOf, isPassing, refusal } from './refusal.ts'

const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code'

/**
 * RFC 8628 as OpenID providers speak it. Status codes differ (pending is 400, 403, 428, even 200), so only the `error`
 * member counts. A proof key goes along unless the client says no: some providers check it, most ignore it.
 */
export function createOidcDialect(provider: OidcProvider): DeviceFlowDialect {
  const { client, issuer, supports } = provider
  const asked: Asked = {
    issuer,
    clientId: client.clientId,
    grant: 'device',
    unusualPkce: client.devicePkce,
  }
  return {
    async startDeviceAuthorization(pkce, options): Promise<StartOutcome> {
      if (!supports.device) {
        throw new SesameError('ERR_CONFIG', `The provider ${issuer} offers no device sign-in.`, {
          hint: 'Sign in with the browser of this machine instead: --flow code.',
        })
      }
      const parameters = {
        scope: client.scope,
        ...(client.audience !== undefined && { audience: client.audience }),
        ...(client.devicePkce && {
          code_challenge: pkce.codeChallenge,
          code_challenge_method: pkce.codeChallengeMethod,
        }),
      }
      // openid-client sends it, but its verdict is not asked: it knows no `verification_url`, no interval of 0 or "5".
      const { answer } = await askProvider(provider, options, (configuration) =>
        initiateDeviceAuthorization(configuration, parameters),
      )
      if (answer.status === 200 && answer.isJson && errorOf(answer) === undefined)
        return { kind: 'started', authorization: readDeviceAnswer(answer, provider) }
      const error = refusal(answer, 'The provider refused to start a sign-in', asked)
      if (!isPassing(answer)) throw error
      return { kind: 'unavailable', error, retryAfterMs: answer.retryAfterMs }
    },

    async redeemDeviceCode(authorization, pkce, options): Promise<PollOutcome> {
      const parameters = {
        device_code: authorization.deviceCode.reveal(),
        ...(client.devicePkce && { code_verifier: pkce.codeVerifier.reveal() }),
      }
      const exchanged = await askProvider(provider, options, (configuration) =>
        genericGrantRequest(configuration, deviceCodeGrant, parameters),
      )
      return readPollAnswer(exchanged, provider, asked)
    },
  }
}

async function readPollAnswer(
  exchanged: Exchange<unknown>,
  provider: OidcProvider,
  asked: Asked,
): Promise<PollOutcome> {
  const { answer } = exchanged
  const { retryAfterMs } = answer
  switch (errorOf(answer)) {
    case 'authorization_pending':
      return { kind: 'pending', retryAfterMs }
    case 'slow_down':
      return { kind: 'slow-down', retryAfterMs }
    case 'access_denied':
    // Entra ID's word for it.
    case 'authorization_declined':
      return { kind: 'denied', details: detailsOf(answer) }
    case 'expired_token':
    // Both: a code that the server no longer knows, because it expired or because its tokens were fetched.
    case 'invalid_grant':
    case 'bad_verification_code':
      return { kind: 'expired', details: detailsOf(answer) }
    case undefined:
      if (answer.status === 200 && answer.isJson)
        return { kind: 'granted', token: await readTokens(provider, exchanged) }
  }
  const error = refusal(answer, 'The provider refused the sign-in', asked)
  if (!isPassing(answer)) throw error
  return { kind: 'unavailable', error, retryAfterMs }
}

function detailsOf(answer: JsonAnswer): ServerDetails {
  return { serverCode: errorOf(answer), requestId: answer.requestId }
}
