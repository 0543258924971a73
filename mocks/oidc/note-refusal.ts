import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply } from '../http/reply.ts'
import type { FrontParts } from './front-parts.ts'

/** Refusals that are nothing unusual for a correct client; every other one is a violation. */
const expectedRefusals = new Set([
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
  'invalid_grant',
  'invalid_token',
  // Revocation of an access token that is a JWT: a client cannot know before whether that is possible.
  'unsupported_token_type',
])

/** Takes a refusal for a violation unless a correct client may meet it. */
export function noteRefusal(
  { settings, violations }: FrontParts,
  request: RecordedRequest,
  reply: Reply,
): void {
  if (reply.status < 400 || typeof reply.body === 'string') return
  const { error, error_description: description } = reply.body as Record<string, unknown>
  const pkceRefused =
    settings.devicePkce === 'rejected' && String(description).startsWith('unknown parameter')
  if (expectedRefusals.has(String(error)) || pkceRefused) return
  const detail = `${error}: ${description ?? ''}`
  violations.push({ kind: 'invalid-request', path: request.path, detail, atMs: request.atMs })
}
