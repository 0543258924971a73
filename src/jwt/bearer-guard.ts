import { readFunction, readOptions, readText, readTexts, SesameError, t } from '../kit/index.ts'
import {
  type BearerRefusal,
  type BearerRequest,
  insufficientScope,
  invalidToken,
  malformedRequest,
  missingToken,
  readBearer,
  unavailable,
} from './bearer-scheme.ts'
import type { JwtClaims } from './decode-jwt.ts'
import { TokenInvalidError } from './token-invalid-error.ts'
import { prepareVerification, type VerifiedJwt } from './verify-jwt.ts'
import type { VerifyContext, VerifyJwtOptions } from './verify-options.ts'

export interface VerifyBearerOptions extends VerifyJwtOptions {
  /** Scopes that the token must grant, all of them; separated by spaces or as a list. */
  scope?: string | readonly string[]
  /** Names the protected area in `WWW-Authenticate`. Default `api`. */
  realm?: string
  /** Called for each request that was answered 503 because keys could not be fetched, or the replay guard failed. */
  onError?: (error: unknown) => void
}

/** A request that passed the guard has the verified token on it. */
export interface AuthenticatedRequest {
  auth?: VerifiedJwt
}

/** What the guard needs of node:http's and Express' response. */
export interface BearerResponse {
  writeHead(status: number, headers: Record<string, string>): unknown
  end(body: string): unknown
}

/** What the guard needs of Fastify's reply. */
export interface BearerReply {
  code(status: number): unknown
  headers(headers: Record<string, string>): unknown
  send(body: string): unknown
}

export type BearerOutcome = ({ kind: 'accepted' } & VerifiedJwt) | ({ kind: 'refused' } & BearerRefusal)

/** Guards the requests of a service; a request that passes has `auth` (claims and header) on it. */
export interface BearerGuard {
  /** Checks a request and leaves the response to the caller: for every other framework. */
  check(request: BearerRequest): Promise<BearerOutcome>
  /** node:http: answers a request that may not pass, and gives undefined then. */
  http(
    request: BearerRequest & AuthenticatedRequest,
    response: BearerResponse,
  ): Promise<VerifiedJwt | undefined>
  /** Express: `app.use(guard.express)`. */
  express(
    request: BearerRequest & AuthenticatedRequest,
    response: BearerResponse,
    next: (error?: unknown) => void,
  ): void
  /** Fastify: `app.addHook('onRequest', guard.fastify)`. */
  fastify(request: { raw: BearerRequest } & AuthenticatedRequest, reply: BearerReply): Promise<unknown>
}

/**
 * Makes a guard that lets requests with a valid bearer token pass and answers all others as RFC 6750 section 3 says: 401, 403 for
 * a missing scope, 400 for a malformed request. When a token cannot be verified just now, it answers 503.
 *
 * @throws SesameError ERR_USAGE, ERR_INSECURE_URL at once for options that cannot work
 */
export function createBearerGuard(options: VerifyBearerOptions, context: VerifyContext): BearerGuard {
  const given = readOptions(options)
  const realm = readText(given.realm, 'realm') ?? 'api'
  const onError = readFunction(given.onError, 'onError')
  if (!/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(realm))
    throw new SesameError('ERR_USAGE', t('realm must be printable ASCII without quotes and backslashes.'))
  const required = requiredScope(given.scope)
  const verify = prepareVerification(options, context)

  async function check(request: BearerRequest): Promise<BearerOutcome> {
    const credential = readBearer(request)
    if (credential.kind === 'missing') return refused(missingToken(realm))
    if (credential.kind === 'malformed') return refused(malformedRequest(realm, credential.description))
    try {
      const verified = await verify(credential.token)
      if (!grants(verified.claims, required)) return refused(insufficientScope(realm, required))
      return { kind: 'accepted', ...verified }
    } catch (error) {
      if (error instanceof TokenInvalidError) return refused(invalidToken(realm, error.reason))
      // The token could not be verified; onError reports why.
      onError?.(error)
      return refused(unavailable())
    }
  }

  async function http(
    request: BearerRequest & AuthenticatedRequest,
    response: BearerResponse,
  ): Promise<VerifiedJwt | undefined> {
    const outcome = await check(request)
    if (outcome.kind === 'accepted') return admit(request, outcome)
    response.writeHead(outcome.status, outcome.headers)
    response.end(outcome.body)
    return undefined
  }

  return {
    check,
    http,
    express(request, response, next) {
      http(request, response).then((verified) => {
        if (verified !== undefined) next()
      }, next)
    },
    async fastify(request, reply) {
      const outcome = await check(request.raw)
      if (outcome.kind === 'accepted') return void admit(request, outcome)
      reply.code(outcome.status)
      reply.headers(outcome.headers)
      reply.send(outcome.body)
      // Fastify goes on with the request unless the hook returns the reply.
      return reply
    },
  }
}

function admit(request: AuthenticatedRequest, { header, claims }: VerifiedJwt): VerifiedJwt {
  request.auth = { header, claims }
  return request.auth
}

function refused(refusal: BearerRefusal): BearerOutcome {
  return { kind: 'refused', ...refusal }
}

/** `scope-token` of RFC 6749 section 3.3. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** The scopes that an option names, as a list or separated by spaces. @throws SesameError ERR_USAGE */
function requiredScope(scope: unknown): readonly string[] {
  if (scope === undefined) return []
  const names = typeof scope === 'string' ? scope.split(' ') : (readTexts(scope, 'scope') ?? [])
  if (names.length > 0 && names.every((name) => scopeToken.test(name))) return names
  throw new SesameError('ERR_USAGE', t('scope must be names separated by spaces, or a list of names.'))
}

/**
 * True when a token grants all of them. The claim is `scope` (RFC 9068 section 2.2.3, one text; IdentityServer writes a
 * list) or `scp` (Entra ID, Okta).
 */
function grants(claims: JwtClaims, required: readonly string[]): boolean {
  const granted = [claims.scope, claims.scp].flatMap((claim: unknown) =>
    typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [],
  )
  return required.every((name) => granted.includes(name))
}
