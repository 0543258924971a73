import type { JsonAnswer } from '../../http/index.ts'
import { type ClockReading, Secret, SesameError } from '../../kit/index.ts'

/** An answer that carries tokens: when it was given by the server's clock, and what an error says about it. */
export interface Receipt extends Pick<JsonAnswer, 'requestId' | 'status'> {
  at: Date
  clock: ClockReading
}

const longestTokenLength = 64 * 1024

/**
 * A token as text: at most 64 kB without white space or control characters, since it will stand in a header or a
 * shell. Errors: ERR_RESPONSE_INVALID.
 */
export function readTokenText(value: unknown, name: string, receipt: Receipt): Secret {
  const usable =
    typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) && value.length <= longestTokenLength
  if (!usable) throw unusableAnswer(`no usable ${name}`, receipt)
  return new Secret(value)
}

/** The error for an answer that looked like success and is of no use. */
export function unusableAnswer(what: string, { requestId, status }: Receipt, cause?: unknown): SesameError {
  return new SesameError('ERR_RESPONSE_INVALID', `IDaaS answered ${status} with ${what}.`, {
    hint: 'Try again; if it stays so, show this to whoever administers the application in IDaaS.',
    requestId,
    status,
    cause,
  })
}
