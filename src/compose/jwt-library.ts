import type { SesameFetch } from '../http/index.ts'
import {
  type BearerGuard,
  createBearerGuard,
  createJwksSource as createSource,
  type JwksSource,
  type JwksSourceOptions,
  createReplayGuard as openGuard,
  type ReplayGuard,
  type VerifiedJwt,
  type VerifyBearerOptions,
  type VerifyContext,
  type VerifyJwtOptions,
  verifyJwt as verify,
} from '../jwt/index.ts'
import { readOptions, silentLog, systemClock } from '../kit/index.ts'
import { openFetch } from './environment-fetch.ts'

/**
 * Verifies a signed JWT: signature, algorithm, type, issuer, audience and times.
 *
 * @throws TokenInvalidError (`ERR_TOKEN_INVALID`, with a `reason`) for a token that does not hold; SesameError `ERR_USAGE` for
 *   options that cannot work, `ERR_NETWORK`, `ERR_SERVER` … when the issuer's keys cannot be had
 * @example
 * const { claims } = await verifyJwt(token, {
 *   issuer: 'https://id.example.com',
 *   audience: 'orders-api',
 *   jwks: 'https://id.example.com/jwks.json',
 *   clockTolerance: 60,
 * })
 */
export function verifyJwt(token: string, options: VerifyJwtOptions): Promise<VerifiedJwt> {
  return verify(token, options, context)
}

/**
 * Guards the requests of a service: node:http by `guard.http`, Express by `guard.express`, Fastify by `guard.fastify`,
 * anything else by `guard.check`.
 *
 * @throws SesameError `ERR_USAGE`, `ERR_INSECURE_URL` at once for options that cannot work
 * @example
 * const guard = verifyBearer({ issuer, audience, jwks, scope: 'orders:read' })
 * app.use(guard.express)
 */
export function verifyBearer(options: VerifyBearerOptions): BearerGuard {
  return createBearerGuard(options, context)
}

/**
 * Opens a remote JWK Set with limits of your own; a plain URL for `jwks` has the defaults.
 *
 * @throws SesameError `ERR_USAGE`, `ERR_INSECURE_URL` for options that cannot work
 */
export function createJwksSource(options: Omit<JwksSourceOptions, 'fetch' | 'clock'>): JwksSource {
  const { url, cooldownSeconds, maxAgeSeconds, maxStaleSeconds, signal } = readOptions(options)
  return createSource({ url, cooldownSeconds, maxAgeSeconds, maxStaleSeconds, signal, ...context })
}

/**
 * Remembers, in the memory of this process, which tokens have been used: at most `maxEntries` of them, 100,000 by default.
 *
 * @throws SesameError `ERR_USAGE` for a number that is none
 */
export function createReplayGuard(options: { maxEntries?: number } = {}): ReplayGuard {
  return openGuard({ maxEntries: readOptions(options).maxEntries, clock: systemClock })
}

let opened: Promise<SesameFetch> | undefined

/** One fetch for all, so that keys once fetched are kept for every caller that names the same URL. */
const context: VerifyContext = {
  clock: systemClock,
  fetch: async (url, init) => {
    // As for the command line, proxies and private CAs come from the environment, read with the first request.
    opened ??= openFetch(process.env, systemClock, silentLog)
    return (await opened)(url, init)
  },
}
