import type { RecordedRequest } from '../../http/recorded-request.ts'
import type { Reply } from '../../http/reply.ts'
import { deviceGrantType } from '../device-pkce.ts'
import type { DeviceWatch } from '../device-watch.ts'
import type { OidcApproval } from '../options.ts'
import { formOf } from '../secrets.ts'
import { publicPart } from '../signing-keys.ts'
import { type Bend, bend } from './bends.ts'
import { clientOf } from './client-authentication.ts'
import type { DeviceError, Dialect } from './dialect.ts'
import { provesKey, type QuirkyGrant, type QuirkyGrants } from './grants.ts'
import type { TokenKeys } from './id-token-bends.ts'
import { makeTokenAnswer } from './tokens.ts'

export interface QuirkyParts {
  dialect: Dialect
  keys: TokenKeys
  grants: QuirkyGrants
  watch: DeviceWatch
  bends: () => readonly Bend[]
  url: () => string
  clientId: string
  clientSecret: string | undefined
  intervalSeconds: number
  wireIntervalSeconds: number
  approve: OidcApproval
  dateOffsetSeconds: number
}

/** The calls of the provider, each with its own small mistakes. */
export function createEndpoints(parts: QuirkyParts) {
  const { dialect, keys, grants, watch, bends } = parts
  const { paths } = dialect
  const issuer = () => `${parts.url()}${dialect.issuerPath}`

  const refuse = (error: string, description: string, status = dialect.status.other): Reply => {
    const word = dialect.words?.[error as DeviceError] ?? error
    return { status, body: { error: word, ...dialect.errorExtras(word, description) } }
  }

  /** Undefined when the client is who it says. */
  const refuseClient = (request: RecordedRequest): Reply | undefined => {
    const { clientId, clientSecret } = clientOf(request)
    if (clientId !== parts.clientId) return refuse('invalid_client', 'unknown client', 401)
    if (clientSecret === parts.clientSecret) return undefined
    if (clientSecret === undefined && dialect.secretRequired) {
      return refuse('invalid_request', 'client_secret is missing.', 400)
    }
    return refuse('invalid_client', 'wrong client secret', 401)
  }

  const refuseScope = (scope: string): Reply | undefined => {
    const unknown = scope
      .split(' ')
      .find((one) => dialect.scopes !== undefined && !dialect.scopes.includes(one))
    return unknown === undefined ? undefined : refuse('invalid_scope', `unknown scope ${unknown}`, 400)
  }

  const pending = (): Reply => {
    const reply = refuse('authorization_pending', 'the person has not decided yet', dialect.status.pending)
    if (bends().includes('pending:status-200')) return { ...reply, status: 200 }
    return bends().includes('pending:no-error') ? { status: 400, body: { pending: true } } : reply
  }

  /** A decided device code: its final refusal, or undefined when the tokens may go out. */
  const refuseDevice = (grant: QuirkyGrant): Reply | undefined => {
    const { approve } = parts
    if (performance.now() >= grant.expiresAtMs) return refuse('expired_token', 'the device code has expired')
    if (grant.state === 'pending') {
      const waits = typeof approve === 'object' && grant.pendingAnswers < approve.afterPolls
      grant.pendingAnswers += 1
      if (approve === 'manual' || waits) return pending()
      grant.state = approve === 'deny' ? 'denied' : 'approved'
    }
    return grant.state === 'denied'
      ? refuse('access_denied', 'the person declined', dialect.status.denied)
      : undefined
  }

  const issue = (grant: QuirkyGrant, presented?: string): Reply => {
    const wanted = dialect.refreshTokens === 'always' || grant.scope.split(' ').includes('offline_access')
    const next = { ...grant, kind: 'refresh', state: 'approved', expiresAtMs: Infinity } as const
    const kept = presented !== undefined && dialect.rotation === 'none'
    const refreshToken = wanted && !kept ? grants.add(next) : undefined
    if (presented !== undefined && dialect.rotation === 'one-time') grants.remove(presented)
    const maker = { ...parts, issuer: issuer(), bends: bends() }
    return { status: 200, body: makeTokenAnswer(maker, grant, refreshToken) }
  }

  const redeem = (request: RecordedRequest): Reply => {
    const form = formOf(request)
    if (form.grant_type === 'refresh_token') {
      const grant = grants.find('refresh', form.refresh_token)
      return grant
        ? issue(grant, form.refresh_token)
        : refuse('invalid_grant', 'the refresh token is not valid')
    }
    const kind = form.grant_type === deviceGrantType ? 'device' : 'code'
    const grant = grants.find(kind, form.device_code ?? form.code)
    if (grant === undefined || grant.state === 'spent')
      return refuse('invalid_grant', 'the code is not valid')
    const checked = kind === 'code' || dialect.devicePkce === 'checked'
    const redirected = kind === 'device' || form.redirect_uri === grant.redirectUri
    if ((checked && !provesKey(grant, form.code_verifier)) || !redirected) {
      return refuse('invalid_grant', 'the verifier or the redirect_uri does not match')
    }
    const refusal = kind === 'device' ? refuseDevice(grant) : undefined
    if (refusal === undefined) grant.state = 'spent'
    return refusal ?? issue({ ...grant, kind })
  }

  return {
    discovery: (): Reply => {
      const at = (path: string | undefined) => (path === undefined ? undefined : `${parts.url()}${path}`)
      const document = {
        issuer: dialect.announcedIssuer?.(parts.url()) ?? issuer(),
        authorization_endpoint: at(paths.authorization),
        token_endpoint: at(paths.token),
        device_authorization_endpoint: at(paths.device),
        jwks_uri: at(paths.jwks),
        revocation_endpoint: at(paths.revocation),
        end_session_endpoint: at(paths.endSession),
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
      }
      return { status: 200, body: bend(document, 'discovery', bends()) }
    },

    jwks: (): Reply => ({ status: 200, body: { keys: [publicPart(keys.own)] } }),

    device(request: RecordedRequest): Reply {
      const form = formOf(request)
      const refusal = refuseDeviceRequest(request, form.scope ?? '')
      if (refusal !== undefined) return refusal
      const userCode = dialect.userCode()
      const deviceCode = grants.add({
        kind: 'device',
        clientId: parts.clientId,
        scope: form.scope ?? '',
        audience: form.audience,
        codeChallenge: dialect.devicePkce === 'checked' ? form.code_challenge : undefined,
        userCode,
        state: 'pending',
        expiresAtMs: performance.now() + dialect.deviceCodeSeconds * 1000,
      })
      watch.add(request, deviceCode, userCode, parts.intervalSeconds)
      const page = `${parts.url()}${paths.page}`
      const answer = {
        device_code: deviceCode,
        user_code: userCode,
        verification_uri: page,
        verification_uri_complete: `${page}?user_code=${userCode}`,
        expires_in: dialect.deviceCodeSeconds,
        interval: parts.wireIntervalSeconds,
      }
      return { status: 200, body: bend(dialect.deviceAnswer?.(answer) ?? answer, 'device', bends()) }
    },

    token(request: RecordedRequest): Reply {
      const code = watch.find(request)
      if (code !== undefined && !code.final && watch.wasTooSoon(request)) {
        code.requiredIntervalMs += dialect.slowDownSeconds * 1000
        return refuse('slow_down', 'the device polls too often', dialect.status.slowDown)
      }
      const reply = refuseClient(request) ?? redeem(request)
      const error = (reply.body as { error?: string }).error
      if (code !== undefined && error !== 'authorization_pending') code.final = true
      return reply
    },

    authorization({ query }: RecordedRequest): Reply {
      const back = new URL(query.redirect_uri ?? '')
      const denied = parts.approve === 'deny'
      const code = grants.add({
        kind: 'code',
        clientId: query.client_id ?? '',
        scope: query.scope ?? '',
        audience: query.audience,
        nonce: query.nonce,
        codeChallenge: query.code_challenge,
        redirectUri: query.redirect_uri,
        state: 'approved',
        expiresAtMs: performance.now() + 60_000,
      })
      const bent = (name: Bend) => bends().includes(name)
      const answer = {
        ...(denied ? { error: 'access_denied' } : bent('redirect:no-code') ? {} : { code }),
        ...(bent('redirect:no-state')
          ? {}
          : { state: bent('redirect:other-state') ? 'other' : (query.state ?? '') }),
        iss: bent('redirect:other-issuer') ? 'https://other.example.test' : issuer(),
      }
      for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value)
      return { status: 302, headers: { location: back.href }, body: '' }
    },

    revocation(request: RecordedRequest): Reply {
      grants.remove(formOf(request).token ?? '')
      return { status: 200, body: '' }
    },

    page: (): Reply => ({
      status: 200,
      body: '<!doctype html><title>Device</title><h1>Nobody reads this page</h1>',
    }),
  }

  function refuseDeviceRequest(request: RecordedRequest, scope: string): Reply | undefined {
    const { clientId } = clientOf(request)
    // Where a secret is wanted, the token endpoint wants it; here the id will do.
    if (clientId !== parts.clientId) return refuse('invalid_client', 'unknown client', 401)
    return refuseScope(scope)
  }
}
