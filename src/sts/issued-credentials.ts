import type { JsonAnswer } from '../http/index.ts'
import { asRecord, type Credentials, type FixedText, Secret, SesameError, t } from '../kit/index.ts'

/** Credentials with the instant at which the server made them. */
export interface IssuedCredentials {
  credentials: Credentials
  issuedAt: Date
  /** The server's `Date` header, to measure the local clock by. */
  serverDate: Date | undefined
}

/** The server that should have answered, and a hint for when it was another. */
export interface Issuer {
  name(): string
  hint?: FixedText
}

/** Printable ASCII: these values travel in headers, where anything else cannot go. */
const credentialText = /^[\x20-\x7e]{1,16384}$/

/**
 * Reads the four members `AccessKeyId`, `AccessKeySecret`, `SecurityToken`, `Expiration`. All must be there and usable
 * (ERR_RESPONSE_INVALID): nothing is half handed on.
 *
 * @param serverNow the server's time, by which `Expiration` is judged
 */
export function readIssuedCredentials(
  value: unknown,
  answer: JsonAnswer,
  serverNow: Date,
  { name, hint }: Issuer,
): IssuedCredentials {
  const { requestId, serverDate, status } = answer
  const wire = asRecord(value) ?? {}
  for (const member of ['AccessKeyId', 'AccessKeySecret', 'SecurityToken']) {
    const text = wire[member]
    if (typeof text !== 'string' || !credentialText.test(text)) {
      const message = t('{name} answered {status}, but without a usable {member}.', {
        name: name(),
        status,
        member,
      })
      throw new SesameError('ERR_RESPONSE_INVALID', message, {
        requestId,
        status,
        ...(hint !== undefined && { hint: t(hint) }),
      })
    }
  }
  const credentials = {
    accessKeyId: String(wire.AccessKeyId),
    accessKeySecret: new Secret(String(wire.AccessKeySecret)),
    securityToken: new Secret(String(wire.SecurityToken)),
    expiresAt: readExpiration(wire.Expiration, serverNow, requestId, hint),
  }
  return { credentials, issuedAt: serverNow, serverDate }
}

/** ISO 8601 with a zone (Z or an offset); a time without a zone is ambiguous. */
const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/

/** No STS credentials are valid for longer than 12 hours (43,200 s); a day more allows for a clock that is wrong. */
const longestLifeMs = 36 * 3600 * 1000

/**
 * Reads an `Expiration` and judges it by the server's own time: one in the past, without a zone, or further away than
 * any STS credential is valid is refused (ERR_RESPONSE_INVALID).
 */
export function readExpiration(
  value: unknown,
  serverNow: Date,
  requestId: string | undefined,
  hint?: FixedText,
): Date {
  const invalid = (message: FixedText) =>
    new SesameError('ERR_RESPONSE_INVALID', t(message), {
      requestId,
      ...(hint !== undefined && { hint: t(hint) }),
    })
  const instant = typeof value === 'string' && iso.test(value) ? new Date(value) : undefined
  if (instant === undefined || Number.isNaN(instant.getTime())) {
    throw invalid('The server handed out credentials without a readable expiration.')
  }
  if (instant.getTime() <= serverNow.getTime())
    throw invalid('The server handed out credentials that have already expired.')
  if (instant.getTime() - serverNow.getTime() > longestLifeMs)
    throw invalid('The server handed out credentials with an expiration too far away.')
  return instant
}
