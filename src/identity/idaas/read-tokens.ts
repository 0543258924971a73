import type { JsonAnswer } from '../../http/index.ts'
import { expiryOf, type Lifetime, measureClock } from '../../kit/index.ts'
import type { IdaasApplication, IdaasContext, IdaasTokens } from './application.ts'
import type { WireTokens } from './read-answer.ts'
import { readIdToken } from './read-id-token.ts'
import { type Receipt, readTokenText } from './receipt.ts'

/** What an application gives its refresh tokens by default; the server never says. */
const refreshTokenSeconds = 30 * 24 * 3600

/**
 * Makes tokens of what was found in an answer: the id_token a JWT that has not expired by the server's clock, the
 * refresh token text that can travel. Errors: ERR_RESPONSE_INVALID.
 */
export function readIdaasTokens(
  wire: WireTokens,
  { applicationUuid }: Pick<IdaasApplication, 'applicationUuid'>,
  { serverDate, requestId, status }: JsonAnswer,
  { clock, log }: Pick<IdaasContext, 'clock' | 'log'>,
): IdaasTokens {
  const now = clock.now()
  const reading = measureClock(serverDate, now, clock.bootedAt())
  const receipt: Receipt = { at: serverDate ?? now, clock: reading, requestId, status }
  const idToken = readIdToken(wire.idToken, applicationUuid, receipt, log)
  // Where refresh tokens are off the member is absent; null and the empty text say the same.
  if (wire.refreshToken === undefined || wire.refreshToken === null || wire.refreshToken === '')
    return { idToken }
  return {
    idToken,
    refreshToken: {
      token: readTokenText(wire.refreshToken, 'refresh_token', receipt),
      lifetime: refreshTokenLife(receipt),
    },
  }
}

function refreshTokenLife({ at, clock }: Receipt): Lifetime {
  return { obtainedAt: at, expiresAt: expiryOf(at, refreshTokenSeconds), clock }
}
