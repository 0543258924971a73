import { SesameError } from '../kit/index.ts'

/** ISO 8601 with a zone (Z or an offset); a time without a zone could be anybody's. */
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
  hint?: string,
): Date {
  const invalid = (what: string) =>
    new SesameError('ERR_RESPONSE_INVALID', `The server handed out credentials ${what}.`, {
      requestId,
      ...(hint !== undefined && { hint }),
    })
  const instant = typeof value === 'string' && iso.test(value) ? new Date(value) : undefined
  if (instant === undefined || Number.isNaN(instant.getTime())) {
    throw invalid('without a readable expiration')
  }
  if (instant.getTime() <= serverNow.getTime()) throw invalid('that have already expired')
  if (instant.getTime() - serverNow.getTime() > longestLifeMs)
    throw invalid('with an expiration too far away')
  return instant
}
