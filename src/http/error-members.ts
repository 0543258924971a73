import { asRecord } from '../kit/index.ts'
import type { JsonAnswer } from './request-json.ts'

type Layer = Record<string, unknown>

/** What a body says about a failure, as it stands there. */
export interface ErrorMembers {
  code: string | undefined
  message: string | undefined
  requestId: string | undefined
}

/*
 * Names of members without case, `_` and `-`: `ErrorCode`, `errorCode` and `error_code` are one. The first that is there counts.
 * They are those of the CloudSSO portal and of the OpenAPIs, of OAuth (RFC 6749 section 5.2), of gateways and identity
 * providers (Okta, Entra ID), and of problem details (RFC 9457).
 */
const codeNames = ['errorcode', 'error', 'code', 'errcode']
const innerCodeNames = [...codeNames, 'status', 'type']
const messageNames = ['errormessage', 'errordescription', 'message', 'errorsummary', 'errormsg', 'errmsg']
const moreMessageNames = ['msg', 'faultstring', 'detail', 'title']
const requestIdNames = ['requestid', 'traceid', 'correlationid', 'errorid']
/** Members whose objects hold the error of a body that has no code of its own. */
const nestedNames = ['error', 'errors', 'fault', 'detail', 'response', 'responsemetadata']
const deepest = 3

/** Codes with which a body says that all is well. */
const success = /^(?:0+|2\d\d|ok|success|succeeded|true)$/i

/** Reads the error members of a body, its own or those of an error object within it (`{"error": {"code", "message"}}`). */
export function readErrorMembers(body: unknown): ErrorMembers {
  const layers = layersOf(body, 0)
  const found = layers.findIndex((layer, i) => codeOf(layer, i) !== undefined)
  const owner = found === -1 ? undefined : layers[found]
  const ordered = owner === undefined ? layers : [owner, ...layers]
  const code = owner === undefined ? undefined : codeOf(owner, found)
  const message = first(ordered, (layer) => textOf(layer, [...messageNames, ...moreMessageNames, 'error']))
  return {
    code,
    message: message === code ? undefined : message,
    requestId: first(layers, (layer) => textOf(layer, requestIdNames)),
  }
}

/** What a server says about a failure, whichever of its spellings it uses. */
export interface ServerErrorBody {
  serverCode: string | undefined
  serverMessage: string | undefined
  requestId: string | undefined
}

/** The one reader of errors in answers: JSON in every spelling, nested or not, and XML. */
export function readServerError(answer: JsonAnswer): ServerErrorBody {
  const { code, message } = readErrorMembers(answer.body)
  return { serverCode: code, serverMessage: message, requestId: answer.requestId }
}

/** True for an answer that says no: another status than 200, or status 200 with an error in its body. */
export function isRefused(answer: JsonAnswer): boolean {
  return answer.status !== 200 || readServerError(answer).serverCode !== undefined
}

/** The body, and the error objects in it, from outside to inside. */
function layersOf(body: unknown, depth: number): Layer[] {
  const record = asRecord(Array.isArray(body) ? body[0] : body)
  if (record === undefined) return []
  const layer: Layer = Object.create(null)
  for (const [name, value] of Object.entries(record)) layer[plain(name)] ??= value
  if (depth === deepest) return [layer]
  return [layer, ...nestedNames.flatMap((name) => layersOf(layer[name], depth + 1))]
}

/** A text rather than a number: where both are there, the number is often the status. */
function codeOf(layer: Layer, depth: number): string | undefined {
  const values = (depth === 0 ? codeNames : innerCodeNames).map((name) => layer[name])
  const texts = values.filter((value) => typeof value === 'string' && value.trim() !== '')
  const numbers = values.filter((value) => Number.isSafeInteger(value))
  const [code] = [...texts, ...numbers].map((value) => String(value).trim())
  return code === undefined || success.test(code) ? undefined : code
}

function textOf(layer: Layer, names: readonly string[]): string | undefined {
  const value = names.map((name) => layer[name]).find((each) => typeof each === 'string' && each !== '')
  return typeof value === 'string' ? value : undefined
}

function first<T>(layers: readonly Layer[], read: (layer: Layer) => T | undefined): T | undefined {
  return layers.map(read).find((value) => value !== undefined)
}

/** A name or code without what its spellings differ in: `AuthorizationPending`, `authorization_pending`. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '')
}

/** Whether a server's code is this one, in its own spelling or another (`slow_down`, `slowDown`, `SlowDown`). */
export function sameCode(serverCode: string | undefined, ...codes: readonly string[]): boolean {
  return serverCode !== undefined && codes.some((code) => plain(code) === plain(serverCode))
}

/**
 * The headers that name a request to the server's support, most specific first: those of Alibaba Cloud's services, of its
 * gateways (Tengine, API Gateway), of other providers, and of what stands in front of them.
 */
const requestIdHeaders = [
  'x-acs-request-id',
  'x-oss-request-id',
  'x-ca-request-id',
  'x-ms-request-id',
  'x-okta-request-id',
  'x-auth0-requestid',
  'x-request-id',
  'x-requestid',
  'request-id',
  'x-correlation-id',
  'x-amzn-requestid',
  'eagleeye-traceid',
  'eagleid',
  'x-trace-id',
  'cf-ray',
]

/** The RequestId that the headers of an answer name, as it stands there; `header` finds one by its name in lower case. */
export function requestIdInHeaders(header: (name: string) => string | undefined): string | undefined {
  return requestIdHeaders.map(header).find((id) => id !== undefined && id !== '')
}
