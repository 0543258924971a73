import { mediaType, type RecordedRequest } from '../http/recorded-request.ts'
import { refuse } from './refusal.ts'

type Check = (value: string) => boolean

/**
 * The members of a JSON body, exactly those named: unknown, missing and non-string ones are refused.
 * @throws Refusal 400 InvalidParameter, 406, 415
 */
export function readMembers<Name extends string>(
  request: RecordedRequest,
  checks: Record<Name, Check>,
): Record<Name, string> {
  if (mediaType(request.headers) !== 'application/json') {
    refuse(415, 'UnsupportedMediaType', 'The content type must be application/json.')
  }
  checkAccept(request)
  checkQuery(request, [])
  const body = request.body
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    refuse(400, 'InvalidParameter', 'The body must be a JSON object.')
  }
  for (const name of Object.keys(body)) {
    if (!Object.hasOwn(checks, name)) refuse(400, 'InvalidParameter', `Unknown parameter ${name}.`)
  }
  const members = body as Record<string, unknown>
  for (const [name, check] of Object.entries<Check>(checks)) {
    const value = Object.hasOwn(members, name) ? members[name] : undefined
    if (value === undefined) refuse(400, 'InvalidParameter', `Missing parameter ${name}.`)
    if (typeof value !== 'string') refuse(400, 'InvalidParameter', `Parameter ${name} must be a string.`)
    if (!check(value)) refuse(400, 'InvalidParameter', `Parameter ${name} is not valid.`)
  }
  return members as Record<Name, string>
}

/** Refuses query members that are unknown or come twice. */
export function checkQuery(request: RecordedRequest, allowed: readonly string[]): void {
  const names = [...request.queryAll.keys()]
  for (const name of names) {
    if (!allowed.includes(name)) refuse(400, 'InvalidParameter', `Unknown parameter ${name}.`)
  }
  if (new Set(names).size !== names.length) refuse(400, 'InvalidParameter', 'A parameter came twice.')
}

export function checkAccept(request: RecordedRequest): void {
  const accept = request.headers.accept
  if (accept !== undefined && !/application\/json|application\/\*|\*\/\*/.test(accept)) {
    refuse(406, 'NotAcceptable', 'The answer is application/json.')
  }
}

export const filled: Check = (value) => value !== ''
/** base64url of a SHA-256 digest, without padding (RFC 7636 section 4.2). */
export const isChallenge: Check = (value) => /^[A-Za-z0-9_-]{43}$/.test(value)
/** RFC 7636 section 4.1. */
export const isVerifier: Check = (value) => /^[A-Za-z0-9._~-]{43,128}$/.test(value)
export const equals =
  (expected: string): Check =>
  (value) =>
    value === expected
