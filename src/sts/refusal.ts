import { isTransientStatus, type JsonAnswer, readServerError, serverError } from '../http/index.ts'
import { type ErrorCode, SesameError } from '../kit/index.ts'
import { explainStsCode } from './explain-sts-code.ts'
import type { Issuer } from './issued-credentials.ts'
import type { Explanation } from './sts-error-codes.ts'

/** Next step for an answer that STS would not give. */
export const endpointHint = 'Check the STS endpoint and the proxy settings; something else may have answered.'

export const stsIssuer: Issuer = { name: 'STS', hint: endpointHint }

const unknownCode: Explanation = {
  code: 'ERR_REFUSED',
  hint: 'Check the role settings of the profile; support at Alibaba Cloud can look the RequestId up.',
}

/**
 * An answer other than success as an error. The code decides and not the status, which STS sets to 401 for nearly
 * everything that can be wrong with an OIDC token: ERR_UNAUTHORIZED is kept for what a new sign-in fixes.
 *
 * @param what what did not happen, as `STS did not let you assume …`
 */
export function stsRefusal(answer: JsonAnswer, what: string): SesameError {
  const { serverCode, serverMessage } = readServerError(answer)
  const plain = serverError(answer, what)
  const explained = serverCode === undefined ? undefined : explainStsCode(serverCode, serverMessage ?? '')
  const { code, hint } = explained ?? withoutCode(answer, serverCode !== undefined)
  return new SesameError(code, plain.message, {
    serverCode: plain.serverCode,
    requestId: plain.requestId,
    status: answer.status,
    ...(hint !== undefined && { hint }),
  })
}

function withoutCode({ status }: JsonAnswer, hasCode: boolean): { code: ErrorCode; hint?: string } {
  if (isTransientStatus(status)) return { code: 'ERR_SERVER' }
  return hasCode ? unknownCode : { code: 'ERR_RESPONSE_INVALID', hint: endpointHint }
}
