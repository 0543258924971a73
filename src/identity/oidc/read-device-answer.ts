import type { JsonAnswer } from '../../http/index.ts'
import { asRecord, printable, Secret, SesameError } from '../../kit/index.ts'
import { readDeviceCodeLimits } from '../device-code-limits.ts'
import type { DeviceAuthorization, VerificationUri } from '../device-flow-dialect.ts'
import { judgeVerificationUri } from '../verification-uri.ts'
import { homesOf } from './endpoints.ts'
import type { OidcProvider } from './provider.ts'

/** Providers whose page for codes lies on a host that their discovery does not name. */
const knownPages: Readonly<Record<string, readonly string[]>> = {
  'https://accounts.google.com': ['https://www.google.com'],
  'https://login.microsoftonline.com': [
    'https://microsoft.com',
    'https://www.microsoft.com',
    'https://login.microsoft.com',
  ],
}

/** Reads a device answer (RFC 8628 section 3.2), with Google's `verification_url` too. Errors: ERR_RESPONSE_INVALID. */
export function readDeviceAnswer(answer: JsonAnswer, provider: OidcProvider): DeviceAuthorization {
  const wire = asRecord(answer.body) ?? {}
  const { device_code: deviceCode, user_code: userCode } = wire
  const page = wire.verification_uri ?? wire.verification_url
  const pageWithCode = wire.verification_uri_complete ?? wire.verification_url_complete
  if (!isFilledText(deviceCode) || !isFilledText(userCode) || !isFilledText(page)) {
    throw new SesameError(
      'ERR_RESPONSE_INVALID',
      'The provider answered without a device code, user code or address.',
      { requestId: answer.requestId, status: answer.status },
    )
  }
  const authorization: DeviceAuthorization = {
    deviceCode: new Secret(deviceCode),
    userCode: printable(userCode, 40),
    configuredHost: new URL(provider.issuer).host,
    verificationUri: judge(page, provider),
    ...readDeviceCodeLimits({ expiresIn: wire.expires_in, interval: wire.interval }),
  }
  if (isFilledText(pageWithCode)) authorization.verificationUriComplete = judge(pageWithCode, provider)
  return authorization
}

/** The page may be opened on any host that the provider uses itself. */
function judge(address: string, { metadata, issuer }: OidcProvider): VerificationUri {
  const known = knownPages[new URL(issuer).origin] ?? []
  const homes = [...homesOf(metadata, issuer), ...known.map((origin) => new URL(origin))]
  const judged = homes.map((home) => judgeVerificationUri(address, home))
  return { text: judged[0]?.text ?? '', mayOpen: judged.some(({ mayOpen }) => mayOpen) }
}

function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
