import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply, ReplyHeaders } from '../http/reply.ts'
import type { Handler } from '../http-server.ts'
import type { IdaasSettings } from './options.ts'
import { IdaasRefusal } from './refusal.ts'
import type { IdaasViolation } from './violations.ts'

/** Puts what a call gives into the envelope `{success, code, message, data}`, refusals too. */
export function answering(
  call: (request: RecordedRequest) => object,
  settings: IdaasSettings,
  violations: IdaasViolation[],
): Handler {
  return (request) => {
    try {
      const data = call(request)
      return { status: 200, body: { success: true, code: codeOf(200, settings), message: null, data } }
    } catch (error) {
      if (!(error instanceof IdaasRefusal)) throw error
      if (error.isViolation) {
        const { path, atMs } = request
        violations.push({ kind: 'invalid-request', path, detail: error.message, atMs })
      }
      return refusalReply(error, settings)
    }
  }
}

export function refusalReply({ code, message }: IdaasRefusal, settings: IdaasSettings): Reply {
  const status = settings.failureStyle === 'http-200' ? 200 : code
  return { status, body: { success: false, code: codeOf(code, settings), message, data: null } }
}

export function serverHeaders({ dateOffsetSeconds }: IdaasSettings): ReplyHeaders {
  return { date: new Date(Date.now() + dateOffsetSeconds * 1000).toUTCString() }
}

function codeOf(code: number, { codeStyle }: IdaasSettings): string | number {
  return codeStyle === 'number' ? code : String(code)
}
