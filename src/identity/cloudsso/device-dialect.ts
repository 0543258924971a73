import {
  isRefused,
  isTransientAnswer,
  type JsonAnswer,
  readServerError,
  requestJson,
  sameCode,
  serverError,
  unusableAnswer,
} from '../../http/index.ts'
import { asRecord, expiryOf, measureClock, printable, Secret, SesameError, t } from '../../kit/index.ts'
import { cloudSsoDomains } from '../../values/index.ts'
import {
  checkVerificationUri,
  type DeviceAuthorization,
  readDeviceCodeLimits,
} from '../device-authorization.ts'
import type { DeviceFlowDialect, PollOutcome, StartOutcome } from '../device-flow-dialect.ts'
import { readBearerToken, type TokenSet } from '../token-set.ts'
import { type CloudSsoPortal, endpoint } from './portal.ts'

const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code'

/** Without `ExpiresIn` a token is used for ten minutes, never for ever. */
const defaultTokenSeconds = 600
const longestTokenSeconds = 7 * 24 * 3600

/**
 * CloudSSO's dialect of RFC 8628: PascalCase JSON at `/device-authorization` and `/token`, errors as
 * `{ErrorCode, ErrorMessage, RequestId}`. Only `AuthorizationPending` (400) and `InvalidDeviceCodeError` have been seen on
 * the wire; the RFC's other codes are understood, each in any spelling.
 */
export function createCloudSsoDialect(portal: CloudSsoPortal): DeviceFlowDialect {
  return {
    async startDeviceAuthorization(pkce, options): Promise<StartOutcome> {
      const answer = await requestJson(portal.fetch, {
        method: 'POST',
        url: endpoint(portal, '/device-authorization'),
        json: {
          PortalUrl: portal.signInUrl,
          CodeChallenge: pkce.codeChallenge,
          ClientId: portal.clientId,
          CodeChallengeMethod: pkce.codeChallengeMethod,
        },
        ...options,
      })
      if (!isRefused(answer))
        return { kind: 'started', authorization: readDeviceAuthorization(answer, portal) }
      const error = serverError(answer, t('The portal refused to start a sign-in'))
      if (error.code !== 'ERR_SERVER') throw error
      return { kind: 'unavailable', error, retryAfterMs: answer.retryAfterMs }
    },

    async redeemDeviceCode(authorization, codeVerifier, options): Promise<PollOutcome> {
      const answer = await requestJson(portal.fetch, {
        method: 'POST',
        url: endpoint(portal, '/token'),
        json: {
          CodeVerifier: codeVerifier.reveal(),
          ClientId: portal.clientId,
          DeviceCode: authorization.deviceCode.reveal(),
          GrantType: deviceCodeGrant,
        },
        ...options,
      })
      return readPollAnswer(answer, portal)
    },
  }
}

function readPollAnswer(answer: JsonAnswer, portal: CloudSsoPortal): PollOutcome {
  const { serverCode, requestId } = readServerError(answer)
  const { retryAfterMs } = answer
  // A few servers say "pending" with status 200, so the code is looked at before the status.
  if (sameCode(serverCode, 'AuthorizationPending')) return { kind: 'pending', retryAfterMs }
  if (sameCode(serverCode, 'SlowDown')) return { kind: 'slow-down', retryAfterMs }
  if (sameCode(serverCode, 'AccessDenied')) return { kind: 'denied', details: { serverCode, requestId } }
  if (sameCode(serverCode, 'InvalidDeviceCodeError', 'ExpiredToken'))
    return { kind: 'expired', details: { serverCode, requestId } }
  if (answer.status === 200 && serverCode === undefined && answer.isJson)
    return { kind: 'granted', token: readToken(answer, portal) }
  if (/^throttling/i.test(serverCode ?? '')) return { kind: 'slow-down', retryAfterMs }
  if (isTransientAnswer(answer)) {
    const error = unusableAnswer(answer, new URL(portal.signInUrl).host)
    return { kind: 'unavailable', error, retryAfterMs }
  }
  throw serverError(answer, t('The portal refused the sign-in'))
}

function readDeviceAuthorization(answer: JsonAnswer, portal: CloudSsoPortal): DeviceAuthorization {
  const wire = asRecord(answer.body) ?? {}
  const { DeviceCode, UserCode, VerificationUri, VerificationUriComplete } = wire
  if (!isFilledText(DeviceCode) || !isFilledText(UserCode) || !isFilledText(VerificationUri)) {
    throw new SesameError(
      'ERR_RESPONSE_INVALID',
      t('The portal answered without a device code, user code or address.'),
      {
        requestId: answer.requestId,
        status: answer.status,
      },
    )
  }
  const provider = new URL(portal.signInUrl)
  const authorization: DeviceAuthorization = {
    deviceCode: new Secret(DeviceCode),
    userCode: printable(UserCode, 40),
    configuredHost: provider.host,
    verificationUri: checkVerificationUri(VerificationUri, provider, cloudSsoDomains),
    ...readDeviceCodeLimits({ expiresIn: wire.ExpiresIn, interval: wire.Interval }),
    serverDate: answer.serverDate,
  }
  if (isFilledText(VerificationUriComplete)) {
    authorization.verificationUriComplete = checkVerificationUri(
      VerificationUriComplete,
      provider,
      cloudSsoDomains,
    )
  }
  return authorization
}

function readToken(answer: JsonAnswer, { clock }: CloudSsoPortal): TokenSet {
  const wire = asRecord(answer.body) ?? {}
  const accessToken = readBearerToken(wire.AccessToken, wire.TokenType, answer.requestId)
  const expiresIn = Number(wire.ExpiresIn)
  const seconds = expiresIn > 0 ? Math.min(expiresIn, longestTokenSeconds) : defaultTokenSeconds
  const now = clock.now()
  const obtainedAt = answer.serverDate ?? now
  const reading = measureClock(answer.serverDate, now, clock.bootedAt())
  return { accessToken, lifetime: { obtainedAt, expiresAt: expiryOf(obtainedAt, seconds), clock: reading } }
}

function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
