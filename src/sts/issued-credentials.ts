import type { JsonAnswer } from '../http/index.ts'
import { asRecord, type Credentials, Secret, SesameError } from '../kit/index.ts'
import { readExpiration } from './instant.ts'

/** Credentials with the instant at which the server made them. */
export interface IssuedCredentials {
  credentials: Credentials
  issuedAt: Date
  /** The server's `Date` header, to measure the local clock by. */
  serverDate: Date | undefined
}

/** The server that should have answered, and a hint for when it was another. */
export interface Issuer {
  name: string
  hint?: string
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
      const message = `${name} answered ${status}, but without a usable ${member}.`
      throw new SesameError('ERR_RESPONSE_INVALID', message, {
        requestId,
        status,
        ...(hint !== undefined && { hint }),
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
