import { randomUUID } from 'node:crypto'
import { escapeHtml } from '../http/escape-html.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply } from '../http/reply.ts'
import { rpcParameters } from '../signature/rpc1.ts'
import type { createActions } from './actions.ts'
import { checkTime, type SignatureKind, signatureKind } from './authenticate.ts'
import type { StsKey } from './identities.ts'
import { isAction, unknownParameters } from './parameters.ts'
import { refuseWith, StsRefusal } from './refusal.ts'
import type { StsViolation } from './violation.ts'

/** One call as the mock understood it. */
export interface StsCallRecord {
  action: string
  signature: SignatureKind
  /** Whose signature was accepted. */
  callerAccessKeyId?: string
  callerArn?: string
  /** Parameters of the call, without the OIDC token. */
  parameters: Record<string, string>
  status: number
  /** Error code of a refusal. */
  code?: string
  atMs: number
}

export interface DispatchParts {
  actions: ReturnType<typeof createActions>
  authenticate: (request: RecordedRequest) => StsKey
  /** A refusal that a test ordered for the action. */
  takeRefusal: (action: string) => StsRefusal | undefined
  violations: StsViolation[]
  calls: StsCallRecord[]
  allowTokenInQuery: boolean
  now: () => Date
}

const version = '2015-04-01'
/** Refusals that say that the client sent what it could have known to be wrong. */
const avoidable =
  /^(?:Missing|InvalidParameter\.(?!DurationSeconds)|IncompleteSignature|SignatureNonceUsed|InvalidAction|InvalidVersion|UnknownParameter)/

/** Makes one handler for all calls: who asks, what for, may they, and the envelope of the answer. */
export function createDispatch(parts: DispatchParts) {
  return async (request: RecordedRequest): Promise<Reply> => {
    const { values } = rpcParameters(request)
    const action = request.headers['x-acs-action']?.toString() ?? values.get('Action') ?? ''
    const { OIDCToken: _, ...parameters } = Object.fromEntries(values)
    const call: StsCallRecord = {
      action,
      signature: signatureKind(request),
      parameters,
      status: 200,
      atMs: request.atMs,
    }
    parts.calls.push(call)
    const RequestId = randomUUID().toUpperCase()
    try {
      return { status: 200, body: { RequestId, ...(await answer(parts, request, call)) } }
    } catch (error) {
      if (!(error instanceof StsRefusal)) throw error
      call.status = error.status
      call.code = error.code
      // Without a signature, a GET only looks whether STS is there.
      const isLook = request.method === 'GET' && call.signature === 'none'
      if (avoidable.test(error.code) && error.ordered === undefined && !isLook) {
        const detail = `${error.code}: ${error.message}`
        parts.violations.push({ kind: 'invalid-request', action, detail, atMs: request.atMs })
      }
      return errorReply(error, RequestId)
    }
  }
}

async function answer(parts: DispatchParts, request: RecordedRequest, call: StsCallRecord): Promise<object> {
  const { values, repeated } = rpcParameters(request)
  if (!isAction(call.action)) refuseWith('InvalidAction.NotFound')
  if ((request.headers['x-acs-version'] ?? values.get('Version')) !== version) {
    throw new StsRefusal(400, 'InvalidVersion', `The version must be ${version}.`)
  }
  const odd = [...unknownParameters(call.action, values.keys()), ...repeated]
  if (odd.length > 0) throw new StsRefusal(400, 'UnknownParameter', `Unknown or repeated: ${odd.join()}`)
  const ordered = parts.takeRefusal(call.action)
  if (ordered !== undefined) throw ordered
  if (call.action === 'AssumeRoleWithOIDC') {
    checkAnonymous(parts, request, call)
    return parts.actions.AssumeRoleWithOIDC(values)
  }
  const caller = parts.authenticate(request)
  call.callerAccessKeyId = caller.identity.accessKeyId
  call.callerArn = caller.identity.arn
  if (call.action === 'AssumeRole') return parts.actions.AssumeRole(caller, values)
  return parts.actions.GetCallerIdentity(caller)
}

/** AssumeRoleWithOIDC is not signed, and its token belongs in the form body. */
function checkAnonymous(parts: DispatchParts, request: RecordedRequest, { signature }: StsCallRecord): void {
  const { values } = rpcParameters(request)
  if (signature !== 'none' || request.headers.authorization !== undefined) {
    throw new StsRefusal(400, 'InvalidParameter.Authorization', 'This call must not be signed.')
  }
  if (request.queryAll.has('OIDCToken') && !parts.allowTokenInQuery) {
    throw new StsRefusal(400, 'InvalidParameter.OIDCToken', 'The OIDCToken must be in the form body.')
  }
  if (values.get('Format')?.toUpperCase() !== 'JSON') {
    throw new StsRefusal(400, 'InvalidParameter.Format', 'The Format must be JSON, else the answer is XML.')
  }
  checkTime(values.get('Timestamp'), parts.now())
}

function errorReply({ status, code, message, ordered = {} }: StsRefusal, RequestId: string): Reply {
  const Recommend = `https://api.aliyun.com/troubleshoot?q=${code}&product=Sts&requestId=${RequestId}`
  const { accessDeniedDetail: detail, format } = ordered
  const denied = detail === undefined ? {} : { AccessDeniedDetail: detail }
  const body = { RequestId, Message: message, Recommend, HostId: 'sts.aliyuncs.com', Code: code, ...denied }
  if (format !== 'xml') return { status, body }
  const xml = `<?xml version='1.0' encoding='UTF-8'?><Error>${elements(body)}</Error>`
  return { status, headers: { 'content-type': 'text/xml;charset=utf-8' }, body: xml }
}

function elements(members: object): string {
  const one = ([name, value]: [string, unknown]) =>
    `<${name}>${typeof value === 'object' && value !== null ? elements(value) : escapeHtml(String(value))}</${name}>`
  return Object.entries(members).map(one).join('')
}
