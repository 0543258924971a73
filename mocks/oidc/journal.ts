import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply } from '../http/reply.ts'
import { deviceGrantType } from './device-pkce.ts'
import { formOf } from './secrets.ts'

type GrantName = 'device' | 'code' | 'refresh' | 'other'

/** What the provider did, in its own words; `atMs` is the arrival of the request. */
export type OidcEvent =
  | { kind: 'tokens-issued'; grant: GrantName; accessToken: string; refreshToken?: string; atMs: number }
  /** A refresh token was answered with another one and is worth nothing now. */
  | { kind: 'refresh-rotated'; from: string; to: string; atMs: number }
  | { kind: 'refused'; grant: GrantName; error: string; description: string; atMs: number }
  | { kind: 'revoked'; token: string; atMs: number }
  | { kind: 'session-ended'; atMs: number }

const grants: Record<string, GrantName> = {
  [deviceGrantType]: 'device',
  authorization_code: 'code',
  refresh_token: 'refresh',
}

/** Writes down an answer of the token endpoint; pendings and slow_downs are nothing worth noting. */
export function noteTokenAnswer(log: OidcEvent[], request: RecordedRequest, reply: Reply): void {
  const form = formOf(request)
  const grant = grants[form.grant_type ?? ''] ?? 'other'
  const { atMs } = request
  if (typeof reply.body === 'string') return
  const body = reply.body as Record<string, unknown>
  if (reply.status === 200) {
    const refreshToken = typeof body.refresh_token === 'string' ? body.refresh_token : undefined
    log.push({
      kind: 'tokens-issued',
      grant,
      accessToken: String(body.access_token),
      ...(refreshToken === undefined ? {} : { refreshToken }),
      atMs,
    })
    if (grant === 'refresh' && refreshToken !== undefined && refreshToken !== form.refresh_token) {
      log.push({ kind: 'refresh-rotated', from: form.refresh_token ?? '', to: refreshToken, atMs })
    }
    return
  }
  const error = String(body.error)
  if (error === 'authorization_pending' || error === 'slow_down') return
  log.push({ kind: 'refused', grant, error, description: String(body.error_description ?? ''), atMs })
}
