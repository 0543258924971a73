import type { RecordedRequest } from '../../http/recorded-request.ts'
import type { Reply } from '../../http/reply.ts'
import { formOf } from '../secrets.ts'
import { publicPart } from '../signing-keys.ts'
import { type Bend, bend } from './bends.ts'
import { refuseClient } from './client-authentication.ts'
import { issuerOf, type QuirkyParts } from './parts.ts'
import { refuse } from './refuse.ts'

/** The calls of the provider but for the token endpoint. */
export function createEndpoints(parts: QuirkyParts) {
  const { dialect, keys, grants, watch, bends } = parts
  const { paths } = dialect

  return {
    discovery: (): Reply => {
      const at = (path: string | undefined) => (path === undefined ? undefined : `${parts.url()}${path}`)
      const document = {
        issuer: dialect.announcedIssuer?.(parts.url()) ?? issuerOf(parts),
        authorization_endpoint: at(paths.authorization),
        token_endpoint: at(paths.token),
        device_authorization_endpoint: at(paths.device),
        jwks_uri: at(paths.jwks),
        revocation_endpoint: at(paths.revocation),
        end_session_endpoint: at(paths.endSession),
        userinfo_endpoint: at(paths.userInfo),
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
        token_endpoint_auth_methods_supported: dialect.announcedAuthentication,
        ...dialect.discoveryExtras,
      }
      return { status: 200, body: bend(document, 'discovery', bends()) }
    },

    jwks: (): Reply => ({ status: 200, body: { keys: [publicPart(keys.own)] } }),

    device(request: RecordedRequest): Reply {
      const form = formOf(request)
      // Where a secret is wanted, the token endpoint wants it; here the id will do, unless the dialect is strict.
      const refusal = refuseClient(parts, request, { withSecret: dialect.takesSecret !== undefined })
      if (refusal !== undefined) return refusal
      const known = dialect.scopes
      const unknown = form.scope?.split(' ').find((one) => known !== undefined && !known.includes(one))
      if (unknown !== undefined) return refuse(dialect, 'invalid_scope', `unknown scope ${unknown}`, 400)
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
        ...(bent('redirect:no-issuer')
          ? {}
          : { iss: bent('redirect:other-issuer') ? 'https://other.example.test' : issuerOf(parts) }),
      }
      for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value)
      return { status: 302, headers: { location: back.href }, body: '' }
    },

    revocation(request: RecordedRequest): Reply {
      const refusal = refuseClient(parts, request, { withSecret: dialect.takesSecret !== undefined })
      if (refusal !== undefined) return refusal
      grants.remove(formOf(request).token ?? '')
      return { status: 200, body: '' }
    },

    /** RFC 6750 section 3.1: 401 for a token that was not handed out. */
    userInfo({ headers }: RecordedRequest): Reply {
      const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
      if (token === undefined || !parts.isIssued(token))
        return refuse(dialect, 'invalid_token', 'unknown token', 401)
      return { status: 200, body: { sub: 'dev', ...dialect.userInfo?.() } }
    },

    page: (): Reply => ({
      status: 200,
      body: '<!doctype html><title>Device</title><h1>No user reads this page</h1>',
    }),
  }
}
