import type { DeviceAuthorizationResponse } from 'openid-client'
import { printable, Secret } from '../../kit/index.ts'
import {
  checkVerificationUri,
  type DeviceAuthorization,
  readDeviceCodeLimits,
  type VerificationUri,
} from '../device-authorization.ts'
import { addressesOf } from './check-endpoints.ts'
import type { Success } from './client-request.ts'
import { knownVerificationOrigins } from './known-providers.ts'
import type { OidcProvider } from './provider.ts'

/**
 * Puts a device authorization response into the spelling of RFC 8628 section 3.2, the only one that openid-client reads: Google's
 * `verification_url`, limits that are texts, zero or absent, an empty `verification_uri_complete`.
 * Errors: ERR_RESPONSE_INVALID for limits that leave no time to sign in.
 */
export function toStandardMembers(members: Record<string, unknown>): Record<string, unknown> {
  const { expiresInSeconds, intervalSeconds } = readDeviceCodeLimits({
    expiresIn: members.expires_in,
    interval: members.interval,
  })
  const complete = members.verification_uri_complete ?? members.verification_url_complete
  return {
    ...members,
    verification_uri: members.verification_uri ?? members.verification_url,
    verification_uri_complete: complete === '' ? undefined : complete,
    expires_in: expiresInSeconds,
    interval: intervalSeconds,
  }
}

/**
 * Makes a device authorization of a response that openid-client accepted: codes and page are there, and the limits are
 * numbers. What it does not check is how the user code looks and where the addresses lead. Errors: ERR_RESPONSE_INVALID.
 */
export function readDeviceAuthorization(
  { result: response, answer }: Success<DeviceAuthorizationResponse>,
  provider: OidcProvider,
): DeviceAuthorization {
  const { verification_uri_complete: complete } = response
  return {
    deviceCode: new Secret(response.device_code),
    userCode: printable(response.user_code, 40),
    configuredHost: new URL(provider.issuer).host,
    verificationUri: checkPage(response.verification_uri, provider),
    ...(complete !== undefined && { verificationUriComplete: checkPage(complete, provider) }),
    ...readDeviceCodeLimits({ expiresIn: response.expires_in, interval: response.interval }),
    serverDate: answer.serverDate,
  }
}

/** The page may be opened on any host that the provider uses itself. */
function checkPage(address: string, { metadata, issuer }: OidcProvider): VerificationUri {
  const known = knownVerificationOrigins(new URL(issuer)).map((origin) => new URL(origin))
  const checked = [...addressesOf(metadata, issuer), ...known].map((home) =>
    checkVerificationUri(address, home),
  )
  return { text: checked[0]?.text ?? '', mayOpen: checked.some(({ mayOpen }) => mayOpen) }
}
