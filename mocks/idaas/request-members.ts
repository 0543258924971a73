import { mediaType, type RecordedRequest } from '../http/recorded-request.ts'
import { refuseMalformed } from './refusal.ts'

/** The members of a JSON body: exactly those named, each a text that is not empty. @throws IdaasRefusal */
export function readMembers<Name extends string>(
  request: RecordedRequest,
  names: readonly Name[],
): Record<Name, string> {
  if (mediaType(request.headers) !== 'application/json')
    refuseMalformed('The content type must be application/json.', 415)
  if (request.queryAll.size > 0) refuseMalformed('There are no query parameters.')
  const { body } = request
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    refuseMalformed('The body must be a JSON object.')
  const members = body as Record<string, unknown>
  for (const name of Object.keys(members))
    if (!(names as readonly string[]).includes(name)) refuseMalformed(`Unknown parameter ${name}.`)
  for (const name of names) {
    const value = Object.hasOwn(members, name) ? members[name] : undefined
    if (value === undefined) refuseMalformed(`Missing parameter ${name}.`)
    if (typeof value !== 'string' || value === '') refuseMalformed(`Parameter ${name} must be a text.`)
  }
  return members as Record<Name, string>
}
