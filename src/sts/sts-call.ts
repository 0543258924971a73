import {
  isRefused,
  isTransientStatus,
  type JsonAnswer,
  readServerError,
  requestJson,
  retryTransient,
  serverError,
} from '../http/index.ts'
import {
  type Clock,
  type Credentials,
  type ErrorCode,
  type Fetch,
  type FixedText,
  formatInstant,
  SesameError,
  t,
} from '../kit/index.ts'
import type { Issuer } from './issued-credentials.ts'
import { canonicalQuery, signRequest } from './request-signature.ts'
import { type Explanation, otherSpellings, type StsErrorCode, stsErrorCodes } from './sts-error-codes.ts'

/** The context of a call of STS. */
export interface StsContext {
  /** URL of STS, as `stsEndpoint` gives it. */
  endpoint: string
  fetch: Fetch
  clock: Clock
  /** A number in [0, 1), to spread retries. */
  random: () => number
  signal: AbortSignal
}

export interface StsCall {
  action: 'AssumeRole' | 'AssumeRoleWithOIDC' | 'GetCallerIdentity'
  /** What a refusal means, in the user's language, as `STS did not let you …`. */
  failure: string
  /** In the query of a signed call, in the form body of an unsigned one. Those that are undefined are left out. */
  parameters: Record<string, string | undefined>
  /** Signs the call; without it the call is anonymous. */
  credentials?: Credentials
}

const version = '2015-04-01'
const totalMs = 20_000
/** The header has whole seconds; on average the server is half of one further. */
const dateHeaderHalfStepMs = 500

/**
 * Calls STS (API 2015-04-01) and returns its 200 answer, unread. Passing faults and throttling are retried within 20 s, each
 * time signed anew. When STS does not accept the time of the request, the clock is measured by the `Date` header of that
 * answer and the call is sent once more with the corrected time.
 *
 * @throws SesameError ERR_REFUSED, ERR_FORBIDDEN, ERR_UNAUTHORIZED with the code of STS and what to do; ERR_SERVER,
 *   ERR_RESPONSE_INVALID, network
 */
export async function callSts<T>(
  call: StsCall,
  context: StsContext,
  read: (answer: JsonAnswer, serverNow: Date) => T,
): Promise<T> {
  const { clock, signal, random } = context
  let skewMs: number | undefined
  return retryTransient({ clock, signal, totalMs, random }, async (timeoutMs) => {
    const deadlineMs = clock.monotonicMs() + timeoutMs
    let answer = await send(call, context, skewMs ?? 0, timeoutMs)
    if (skewMs === undefined && isClockRefusal(readServerError(answer).serverCode)) {
      skewMs = measureSkew(answer, clock)
      const leftMs = Math.max(1, Math.ceil(deadlineMs - clock.monotonicMs()))
      if (skewMs !== undefined) answer = await send(call, context, skewMs, leftMs)
    }
    if (isRefused(answer)) throw stsRefusal(answer, call.failure)
    return read(answer, answer.serverDate ?? new Date(clock.now().getTime() + (skewMs ?? 0)))
  })
}

function measureSkew({ serverDate, receivedAt }: JsonAnswer, clock: Clock): number | undefined {
  if (serverDate === undefined) return undefined
  return serverDate.getTime() + dateHeaderHalfStepMs - (receivedAt ?? clock.now()).getTime()
}

function send(
  { action, parameters, credentials }: StsCall,
  { endpoint, fetch, clock, signal }: StsContext,
  skewMs: number,
  timeoutMs: number,
): Promise<JsonAnswer> {
  const now = new Date(clock.now().getTime() + skewMs)
  const { origin, host } = new URL(endpoint)
  const given = Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  if (credentials === undefined) {
    const query = { Action: action, Format: 'JSON', Timestamp: formatInstant(now), Version: version }
    const url = `${origin}/?${canonicalQuery(query)}`
    return requestJson(fetch, { method: 'POST', url, form: given, signal, timeoutMs })
  }
  const query = canonicalQuery(given)
  const headers = signRequest({ method: 'POST', host, action, version, query: given }, credentials, { now })
  const url = query === '' ? `${origin}/` : `${origin}/?${query}`
  return requestJson(fetch, { method: 'POST', url, headers, signal, timeoutMs })
}

/** Next step for an answer that STS would not give. */
export const endpointHint: FixedText =
  'Check the STS endpoint and the proxy settings; something else may have answered.'

export const stsIssuer: Issuer = { name: () => 'STS', hint: endpointHint }

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
function stsRefusal(answer: JsonAnswer, what: string): SesameError {
  const { serverCode, serverMessage } = readServerError(answer)
  const plain = serverError(answer, what)
  const explained = serverCode === undefined ? undefined : explainStsCode(serverCode, serverMessage ?? '')
  const { code, ...usual } = explained ?? withoutCode(answer, serverCode !== undefined)
  // Who was denied what, by which policy, says more than what may be wrong with a role.
  const hint = plain.hint ?? (usual.hint && t(usual.hint))
  return new SesameError(code, plain.message, {
    serverCode: plain.serverCode,
    requestId: plain.requestId,
    status: answer.status,
    ...(hint !== undefined && { hint }),
  })
}

function withoutCode({ status }: JsonAnswer, hasCode: boolean): { code: ErrorCode; hint?: FixedText } {
  if (isTransientStatus(status)) return { code: 'ERR_SERVER' }
  return hasCode ? unknownCode : { code: 'ERR_RESPONSE_INVALID', hint: endpointHint }
}

const longestCode = 100

/** The codes in lower case: gateways differ in that. */
function codesByPlainName(): ReadonlyMap<string, readonly StsErrorCode[] | undefined> {
  return new Map([
    ...Object.entries(otherSpellings).map(
      ([name, known]) => [name.toLowerCase(), stsErrorCodes[known]] as const,
    ),
    ...Object.entries(stsErrorCodes).map(([name, entries]) => [name.toLowerCase(), entries] as const),
  ])
}

/**
 * Explains an error code of STS; a code that is not known is explained by what stands before its last dot
 * (`Throttling.User`). Undefined when that is unknown, too.
 */
function explainStsCode(serverCode: string, message: string): Explanation | undefined {
  const known = codesByPlainName()
  // Cut: a hostile code of dots alone would otherwise keep this busy.
  const begin = serverCode.slice(0, longestCode)
  for (let name = begin; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const entries = known.get(name.toLowerCase())
    if (entries !== undefined) return entries.find((entry) => entry.message?.test(message) ?? true)
  }
  return undefined
}

/** True for the refusals of a request whose time is too far from the server's. */
function isClockRefusal(serverCode: string | undefined): boolean {
  return serverCode !== undefined && /^(?:InvalidTimeStamp|IllegalTimestamp)(?:\.|$)/i.test(serverCode)
}
