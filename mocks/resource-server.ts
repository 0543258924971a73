import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import { type HttpServer, startHttpServer } from './http-server.ts'

export interface ResourceServerOptions {
  issuer: string
  audience: string
  /** The public keys of the issuer. */
  jwks: JSONWebKeySet
  /** How far past its expiry a token is still accepted. Default 300, as in .NET (`ClockSkew`). */
  clockToleranceSeconds?: number
  /** The server's clock. Default: the real one. */
  now?: () => Date
}

export type ResourceRoute = 'GET /api1/values'

/** An API that wants a bearer token (RFC 6750): 200 with the token's claims, or 401 that says why. */
export function startResourceServer(options: ResourceServerOptions): Promise<HttpServer<ResourceRoute>> {
  const { issuer, audience, clockToleranceSeconds = 300, now = () => new Date() } = options
  const keys = createLocalJWKSet(options.jwks)
  return startHttpServer<ResourceRoute>({
    routes: {
      'GET /api1/values': async ({ headers }) => {
        const token = /^Bearer (\S+)$/.exec(String(headers.authorization))?.[1]
        if (token === undefined) return refusal('Bearer')
        try {
          const { payload } = await jwtVerify(token, keys, {
            issuer,
            audience,
            algorithms: ['RS256'],
            requiredClaims: ['exp'],
            clockTolerance: clockToleranceSeconds,
            currentDate: now(),
          })
          return { status: 200, body: payload }
        } catch (error) {
          const reason = error instanceof errors.JWTExpired ? 'The token expired' : 'The token is not valid'
          return refusal(`Bearer error="invalid_token", error_description="${reason}"`)
        }
      },
    },
  })
}

function refusal(challenge: string) {
  return { status: 401, headers: { 'www-authenticate': challenge }, body: {} }
}
