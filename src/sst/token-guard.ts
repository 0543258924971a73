import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { misuse, t } from '../kit/index.ts'
import type { TokenService } from './token-service.ts'

/** The header in which services hand each other a token. */
export const tokenHeader = 'x-server-side-token'

/** What a guard adds to a request that it lets through. */
export interface TokenUser {
  /** For whom the token was made. */
  userId: string
}

/** The answer to a caller without a valid token: the same for every invalid one. */
interface Refusal {
  status: 401 | 503
  headers: Record<string, string>
  body: string
}

/**
 * For `node:http`: true when the request carries a good token, with `userId` on the request; false when it has been
 * answered: 401 with a JSON body, or 503 while the revocation list cannot be asked.
 */
export function nodeTokenGuard(
  tokens: Pick<TokenService, 'verify'>,
): (request: IncomingMessage & Partial<TokenUser>, response: ServerResponse) => Promise<boolean> {
  const verifier = readVerifier(tokens)
  return async (request, response) => {
    const refusal = await admit(verifier, request.headers[tokenHeader], request)
    if (refusal === undefined) return true
    // What is left of a body must not be read as the next request.
    request.resume()
    response.writeHead(refusal.status, refusal.headers).end(refusal.body)
    return false
  }
}

/** Middleware for Express: `app.use(expressTokenGuard(tokens))`, then `request.userId`. */
export function expressTokenGuard(
  tokens: Pick<TokenService, 'verify'>,
): (
  request: IncomingMessage & Partial<TokenUser>,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void {
  const guard = nodeTokenGuard(tokens)
  return (request, response, next) => {
    guard(request, response).then((admitted) => {
      if (admitted) next()
    }, next)
  }
}

/** The part of a Fastify reply that the guard uses. */
export interface GuardedReply {
  code(status: number): GuardedReply
  headers(headers: Record<string, string>): GuardedReply
  send(body: string): unknown
}

/** A hook for Fastify: `app.addHook('onRequest', fastifyTokenGuard(tokens))`, then `request.userId`. */
export function fastifyTokenGuard(
  tokens: Pick<TokenService, 'verify'>,
): (
  request: { headers: IncomingMessage['headers'] } & Partial<TokenUser>,
  reply: GuardedReply,
) => Promise<unknown> {
  const verifier = readVerifier(tokens)
  return async (request, reply) => {
    const refusal = await admit(verifier, request.headers[tokenHeader], request)
    return refusal === undefined
      ? undefined
      : reply.code(refusal.status).headers(refusal.headers).send(refusal.body)
  }
}

/** @throws SesameError ERR_USAGE */
function readVerifier(tokens: unknown): Pick<TokenService, 'verify'> {
  const isService = typeof tokens === 'object' && tokens !== null
  if (isService && typeof (tokens as Partial<TokenService>).verify === 'function')
    return tokens as TokenService
  throw misuse('tokens', t('a token service, opened and awaited'))
}

/** Puts the user id on the request, or says how to refuse it. */
async function admit(
  tokens: Pick<TokenService, 'verify'>,
  header: string | string[] | undefined,
  request: Partial<TokenUser>,
): Promise<Refusal | undefined> {
  const verification = await tokens.verify(typeof header === 'string' ? textOf(header) : '')
  if (verification.kind === 'valid') {
    request.userId = verification.userId
    return undefined
  }
  return verification.reason === 'unavailable'
    ? refuse(
        503,
        { error: 'unavailable', message: 'Tokens cannot be checked at the moment.' },
        { 'retry-after': '1' },
      )
    : refuse(
        401,
        { error: 'unauthorized', message: 'A valid X-Server-Side-Token is required.' },
        { 'www-authenticate': 'SST' },
      )
}

/** Node reads a header as Latin-1; a service name beyond ASCII was sent in UTF-8. */
function textOf(header: string): string {
  if (!/[\u0080-\u00ff]/.test(header)) return header
  const bytes = Buffer.from(header, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : header
}

function refuse(status: Refusal['status'], body: object, headers: Record<string, string>): Refusal {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}
