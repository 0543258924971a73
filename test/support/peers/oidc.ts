import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Clock } from '../../../src/kit/clock.ts'
import { jwkSet, makeKey, signToken } from '../token-issuer.ts'
import { members, type Reply, type Sent, type Wire } from './wire.ts'

/** An OpenID provider as a script: one client, and what a test may change. */
export interface Oidc {
  host: string
  issuer: string
  clientId: string
  clientSecret: string | undefined
  /** Polls that are answered "pending" before the user has approved. */
  pendingPolls: number
  accessTokenSeconds: number
  idTokenSeconds: number
  /** What a token answer has beside the access token. */
  gives: { idToken: boolean; refreshToken: boolean }
  /** Whether each refresh token works but once. */
  rotates: boolean
  /** What every refresh token is answered with, in place of tokens. */
  refusesRenewal: Reply | undefined
  /** `sub` of its user, and what else its ID tokens say of them. */
  subject: string
  claims: Record<string, unknown>
  /** What its UserInfo endpoint answers; without it there is none. */
  userInfo: Reply | undefined
  /** What its discovery document leaves out. */
  lacks: readonly string[]
  /** The refresh tokens that still work, and the access tokens that were not revoked. */
  refreshTokens: Set<string>
  accessTokens: Set<string>
  /** Refresh tokens that came a second time: the whole sign-in is suspect then. */
  reused: string[]
  scopes: string[]
  /** Called with each ID token that is issued. */
  onIdToken: (token: string, expiresAt: Date) => void
}

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

export function serveOidc({ wire, clock }: { wire: Wire; clock: Clock }, host = 'id.example'): Oidc {
  const issuer = `https://${host}`
  const key = makeKey('P-256')
  const oidc: Oidc = {
    host,
    issuer,
    clientId: 'sesame-cli',
    clientSecret: undefined,
    pendingPolls: 1,
    accessTokenSeconds: 3600,
    idTokenSeconds: 3600,
    gives: { idToken: true, refreshToken: true },
    rotates: true,
    refusesRenewal: undefined,
    subject: 'user-1',
    claims: { preferred_username: 'dev' },
    userInfo: undefined,
    lacks: [],
    refreshTokens: new Set(),
    accessTokens: new Set(),
    reused: [],
    scopes: [],
    onIdToken: () => {},
  }
  const codes = new Map<string, { challenge: string | undefined; polls: number }>()
  let last = 0

  function tokens(refreshToken: string | undefined): Reply {
    const number = ++last
    const accessToken = `access-${number}-of-${host}`
    oidc.accessTokens.add(accessToken)
    if (refreshToken !== undefined) oidc.refreshTokens.add(refreshToken)
    const answer = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: oidc.accessTokenSeconds,
      ...(refreshToken !== undefined && { refresh_token: refreshToken }),
      ...(oidc.gives.idToken && { id_token: idToken(number) }),
    }
    return { status: 200, body: answer }
  }

  function idToken(number: number): string {
    const iat = Math.floor(clock.now().getTime() / 1000)
    const exp = iat + oidc.idTokenSeconds
    const claims = {
      iss: issuer,
      aud: oidc.clientId,
      sub: oidc.subject,
      ...oidc.claims,
      jti: `${number}`,
    }
    const token = signToken(key, { ...claims, iat, exp }, { alg: 'ES256' })
    oidc.onIdToken(token, new Date(exp * 1000))
    return token
  }

  /** The parameters of a request, without those that say who the client is; it must be ours. */
  function ofOurClient({ headers, form }: Sent): Record<string, string> {
    const { client_id, client_secret, ...others } = form ?? {}
    expect(client_secret).toBeUndefined()
    if (oidc.clientSecret === undefined) expect(client_id).toBe(oidc.clientId)
    else expect(basicOf(headers)).toEqual([oidc.clientId, oidc.clientSecret])
    return others
  }

  function refresh(asked: Record<string, string>): Reply {
    const { refresh_token: presented } = members(asked, 'grant_type', 'refresh_token')
    if (oidc.refusesRenewal !== undefined) return oidc.refusesRenewal
    if (!oidc.refreshTokens.has(presented)) {
      oidc.reused.push(presented)
      return refusal(400, 'invalid_grant')
    }
    if (oidc.rotates) oidc.refreshTokens.delete(presented)
    return tokens(oidc.rotates ? `refresh-${++last}-of-${host}` : undefined)
  }

  function redeem(asked: Record<string, string>): Reply {
    const { device_code, code_verifier } = asked
    expect(Object.keys(asked).sort()).toEqual(
      ['grant_type', 'device_code', ...(code_verifier ? ['code_verifier'] : [])].sort(),
    )
    const code = codes.get(device_code ?? '')
    if (code === undefined) return refusal(400, 'invalid_grant')
    const proof = code_verifier && createHash('sha256').update(code_verifier).digest('base64url')
    expect(proof).toBe(code.challenge)
    if (code.polls++ < oidc.pendingPolls) return refusal(400, 'authorization_pending')
    codes.delete(device_code ?? '')
    return tokens(oidc.gives.refreshToken ? `refresh-${++last}-of-${host}` : undefined)
  }

  /** Any code of a browser, once the program shows that it began with a verifier. ID tokens of this grant would need its nonce. */
  function byBrowser(asked: Record<string, string>): Reply {
    members(asked, 'grant_type', 'code', 'code_verifier', 'redirect_uri')
    return tokens(oidc.gives.refreshToken ? `refresh-${++last}-of-${host}` : undefined)
  }

  wire.serve(host, {
    'GET /.well-known/openid-configuration': () => {
      const document = {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        device_authorization_endpoint: `${issuer}/device`,
        revocation_endpoint: `${issuer}/revoke`,
        end_session_endpoint: `${issuer}/logout`,
        jwks_uri: `${issuer}/jwks`,
        ...(oidc.userInfo && { userinfo_endpoint: `${issuer}/userinfo` }),
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
      }
      const announced = Object.entries(document).filter(([name]) => !oidc.lacks.includes(name))
      return { status: 200, body: Object.fromEntries(announced) }
    },
    'GET /jwks': () => ({ status: 200, body: jwkSet(key) }),
    'GET /userinfo': ({ headers }) => {
      expect(oidc.accessTokens).toContain(headers.authorization?.replace(/^Bearer /, ''))
      return oidc.userInfo ?? { status: 404 }
    },
    'POST /device': (sent) => {
      const { scope, code_challenge, ...others } = ofOurClient(sent)
      if (code_challenge !== undefined) expect(others).toEqual({ code_challenge_method: 'S256' })
      else expect(others).toEqual({})
      oidc.scopes.push(scope ?? '')
      const device_code = `device-${++last}-of-${host}`
      codes.set(device_code, { challenge: code_challenge, polls: 0 })
      const page = { verification_uri: `${issuer}/go`, user_code: 'BCDF-GHJK' }
      return { status: 200, body: { device_code, ...page, expires_in: 600, interval: 1 } }
    },
    'POST /token': (sent) => {
      const asked = ofOurClient(sent)
      if (asked.grant_type === 'refresh_token') return refresh(asked)
      if (asked.grant_type === 'authorization_code') return byBrowser(asked)
      expect(asked.grant_type).toBe(deviceGrant)
      return redeem(asked)
    },
    'POST /revoke': (sent) => {
      const { token, token_type_hint } = members(ofOurClient(sent), 'token', 'token_type_hint')
      const known = token_type_hint === 'refresh_token' ? oidc.refreshTokens : oidc.accessTokens
      known.delete(token)
      return { status: 200, body: '' }
    },
  })
  return oidc
}

/** Client id and secret, form-encoded before they were joined (RFC 6749 section 2.3.1). */
function basicOf({ authorization = '' }: Record<string, string>): string[] {
  const text = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString()
  return text.split(':').map(decodeURIComponent)
}

/** A refusal in the words of OAuth (RFC 6749 section 5.2). */
export function refusal(status: number, error: string): Reply {
  return { status, body: { error } }
}
