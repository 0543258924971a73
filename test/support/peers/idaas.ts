import type { Clock } from '../../../src/kit/clock.ts'
import { makeKey, signToken } from '../token-issuer.ts'
import { members, type Reply, type Wire } from './wire.ts'

/** An IDaaS instance with one application, as a script. */
export interface Idaas {
  host: string
  idaasUrl: string
  applicationUuid: string
  appKey: string
  appSecret: string
  idTokenSeconds: number
  /** The refresh tokens that still work. */
  refreshTokens: Set<string>
  calls: { retrieve: string; refresh: string }
  /** Called with each ID token that is issued. */
  onIdToken: (token: string, expiresAt: Date) => void
}

export function serveIdaas({ wire, clock }: { wire: Wire; clock: Clock }, host = 'idaas.example'): Idaas {
  const applicationUuid = 'application-1'
  const pathOf = (call: string) =>
    `POST /api/public/bff/v1.2/application/plugin_jwt_sts/${call}_id_token/${applicationUuid}`
  const idaas: Idaas = {
    host,
    idaasUrl: `https://${host}`,
    applicationUuid,
    appKey: 'app-key',
    appSecret: 'app-secret-of-idaas',
    idTokenSeconds: 7200,
    refreshTokens: new Set(),
    calls: { retrieve: pathOf('retrieve'), refresh: pathOf('refresh') },
    onIdToken: () => {},
  }
  const key = makeKey('P-256')
  let last = 0

  function idToken(): string {
    const iat = Math.floor(clock.now().getTime() / 1000)
    const exp = iat + idaas.idTokenSeconds
    const claims = { iss: idaas.idaasUrl, sub: 'api-client', aud: applicationUuid, jti: `${++last}` }
    const token = signToken(key, { ...claims, iat, exp }, { alg: 'ES256' })
    idaas.onIdToken(token, new Date(exp * 1000))
    return token
  }

  wire.serve(host, {
    [idaas.calls.retrieve]: ({ json }) => {
      const { appKey, appSecret } = members(json, 'appKey', 'appSecret')
      if (appKey !== idaas.appKey || appSecret !== idaas.appSecret) return refusal('The secret is wrong.')
      const refreshToken = `refresh-${++last}-of-${host}`
      idaas.refreshTokens.add(refreshToken)
      return good({ id_token: idToken(), refresh_token: refreshToken })
    },
    [idaas.calls.refresh]: ({ json }) => {
      const asked = members(json, 'appKey', 'refresh_token')
      if (!idaas.refreshTokens.has(asked.refresh_token)) return refusal('The refresh token is unknown.')
      return good({ id_token: idToken() })
    },
  })
  return idaas
}

const good = (data: object): Reply => ({
  status: 200,
  body: { success: true, code: '200', message: null, data },
})

/** A refusal in the envelope of IDaaS. */
function refusal(message: string): Reply {
  return { status: 400, body: { success: false, code: '400', message, data: null } }
}
