import type { CustomFetch } from 'openid-client'
import { type JsonAnswer, requestJson } from '../../http/index.ts'
import type { Fetch } from '../../kit/index.ts'

/** An answer as it came, and what openid-client made of it. */
export interface Exchange<T> {
  answer: JsonAnswer
  /** Undefined when openid-client found the answer wanting. */
  result: T | undefined
}

/**
 * Lets openid-client make one request through our fetch, and keeps the answer beside its verdict: its errors lose the
 * RequestId and the body of a 5xx, tell a time-out from an expiry by nothing, and hold tokens. So every decision is made
 * on the answer, and openid-client's "no" is only ever one more reason to refuse.
 *
 * @throws what our fetch throws, unwrapped: network, time-out, the signal's reason; openid-client's own error when it sent nothing
 */
export async function exchange<T>(
  fetch: Fetch,
  limits: { signal: AbortSignal; timeoutMs?: number | undefined; limitMs?: number | undefined },
  request: (customFetch: CustomFetch) => Promise<T>,
): Promise<Exchange<T>> {
  const seen: { answer?: JsonAnswer; failure?: unknown } = {}
  const { signal, timeoutMs, limitMs } = limits
  const customFetch: CustomFetch = async (url, { method, headers, body }) => {
    try {
      seen.answer = await requestJson(fetch, {
        method,
        url,
        headers,
        signal,
        ...(body instanceof URLSearchParams && { form: body }),
        ...(timeoutMs !== undefined && { timeoutMs }),
        limitMs,
      })
    } catch (error) {
      seen.failure = error
      throw error
    }
    return presentable(seen.answer)
  }
  try {
    const result = await request(customFetch)
    if (seen.answer === undefined) throw new TypeError('openid-client answered without a request')
    return { answer: seen.answer, result }
  } catch (error) {
    if ('failure' in seen) throw seen.failure
    if (seen.answer === undefined) throw error
    return { answer: seen.answer, result: undefined }
  }
}

/** The answer as openid-client wants it: JSON named as such, and members that are null left out, as they say nothing. */
function presentable({ status, isJson, body }: JsonAnswer): Response {
  if (!isJson) return new Response(null, { status })
  const members =
    typeof body === 'object' && body !== null && !Array.isArray(body)
      ? Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
      : body
  return Response.json(members, { status })
}
