import type { RecordedRequest } from '../../http/recorded-request.ts'
import type { Reply } from '../../http/reply.ts'
import { deviceGrantType } from '../device-pkce.ts'
import { formOf } from '../secrets.ts'
import { refuseClient } from './client-authentication.ts'
import { provesKey, type QuirkyGrant } from './grants.ts'
import { issuerOf, type QuirkyParts } from './parts.ts'
import { refuse } from './refuse.ts'
import { makeTokenAnswer } from './tokens.ts'

/** The token endpoint: three grants, and the waits between polls. */
export function createTokenEndpoint(parts: QuirkyParts) {
  const { dialect, grants, watch, bends } = parts

  const pending = (): Reply => {
    const reply = refuse(
      dialect,
      'authorization_pending',
      'the person has not decided yet',
      dialect.status.pending,
    )
    if (bends().includes('pending:status-200')) return { ...reply, status: 200 }
    return bends().includes('pending:no-error') ? { status: 400, body: { pending: true } } : reply
  }

  /** A decided device code: its final refusal, or undefined when the tokens may go out. */
  const refuseDevice = (grant: QuirkyGrant): Reply | undefined => {
    const { approve } = parts
    if (performance.now() >= grant.expiresAtMs)
      return refuse(dialect, 'expired_token', 'the device code has expired')
    if (grant.state === 'pending') {
      const waits = typeof approve === 'object' && grant.pendingAnswers < approve.afterPolls
      grant.pendingAnswers += 1
      if (approve === 'manual' || waits) return pending()
      grant.state = approve === 'deny' ? 'denied' : 'approved'
    }
    return grant.state === 'denied'
      ? refuse(dialect, 'access_denied', 'the person declined', dialect.status.denied)
      : undefined
  }

  const issue = (grant: QuirkyGrant, presented?: string): Reply => {
    const wanted = dialect.refreshTokens === 'always' || grant.scope.split(' ').includes('offline_access')
    const next = { ...grant, kind: 'refresh', state: 'approved', expiresAtMs: Infinity } as const
    const kept = presented !== undefined && dialect.rotation === 'none'
    const refreshToken = wanted && !kept ? grants.add(next) : undefined
    if (presented !== undefined && dialect.rotation === 'one-time') grants.remove(presented)
    const maker = { ...parts, issuer: issuerOf(parts), bends: bends() }
    return { status: 200, body: makeTokenAnswer(maker, grant, refreshToken) }
  }

  const redeem = (request: RecordedRequest): Reply => {
    const form = formOf(request)
    if (form.grant_type === 'refresh_token') {
      const refusal = parts.refusesRenewal()
      if (refusal !== undefined) return refusal
      const grant = grants.find('refresh', form.refresh_token)
      return grant
        ? issue(grant, form.refresh_token)
        : refuse(dialect, 'invalid_grant', 'the refresh token is not valid')
    }
    const kind = form.grant_type === deviceGrantType ? 'device' : 'code'
    const grant = grants.find(kind, form.device_code ?? form.code)
    if (grant === undefined || grant.state === 'spent')
      return refuse(dialect, 'invalid_grant', 'the code is not valid')
    const checked = kind === 'code' || dialect.devicePkce === 'checked'
    const redirected = kind === 'device' || form.redirect_uri === grant.redirectUri
    if ((checked && !provesKey(grant, form.code_verifier)) || !redirected) {
      return refuse(dialect, 'invalid_grant', 'the verifier or the redirect_uri does not match')
    }
    const refusal = kind === 'device' ? refuseDevice(grant) : undefined
    if (refusal === undefined) grant.state = 'spent'
    return refusal ?? issue({ ...grant, kind })
  }

  return (request: RecordedRequest): Reply => {
    const code = watch.find(request)
    if (code !== undefined && !code.final && watch.wasTooSoon(request)) {
      code.requiredIntervalMs += dialect.slowDownSeconds * 1000
      return refuse(dialect, 'slow_down', 'the device polls too often', dialect.status.slowDown)
    }
    const refusal = refuseClient(parts, request, { withSecret: true })
    // Nothing was looked at, so nothing is final: a client may say in another way who it is.
    if (refusal !== undefined) return refusal
    const reply = redeem(request)
    if (code === undefined || typeof reply.body !== 'object') return reply
    const waits = 'pending' in reply.body
    const error = (reply.body as { error?: string }).error
    if (error !== 'authorization_pending' && !waits) code.final = true
    return reply
  }
}
