import type { RecordedRequest } from '../http/recorded-request.ts'
import { formOf, type Secrets } from './secrets.ts'
import type { OidcViolation } from './violations.ts'

export type RequestChecks = ReturnType<typeof createRequestChecks>

/** Looks at each request of a client for what a correct one never does. */
export function createRequestChecks(violations: OidcViolation[], secrets: Secrets) {
  const challenges = new Set<string>()
  /** What each verifier was sent for: polls of one device code repeat it. */
  const verifiers = new Map<string, string>()

  const checkChallenge = (challenge: string | undefined, atMs: number): void => {
    if (challenge === undefined) return
    if (challenges.has(challenge)) violations.push({ kind: 'challenge-reused', atMs })
    challenges.add(challenge)
  }

  return {
    /** `secret-in-url` and `foreign-secret`, on every route. */
    any(request: RecordedRequest): void {
      const { path, atMs } = request
      const secret = secrets.inUrl(request)
      if (secret !== undefined) violations.push({ kind: 'secret-in-url', secret, path, atMs })
      const issuer = secrets.foreignIssuer(request)
      if (issuer !== undefined) violations.push({ kind: 'foreign-secret', issuer, path, atMs })
    },

    authorization({ query, queryAll, atMs }: RecordedRequest): void {
      const asks = { response_type: 'code', code_challenge_method: 'S256' }
      const details = [
        ...['state', 'nonce', 'code_challenge'].filter((name) => !query[name]).map((name) => `no ${name}`),
        ...Object.entries(asks)
          .filter(([name, value]) => query[name] !== value)
          .map(([name]) => `${name} ${query[name]}`),
        ...(isLoopbackLiteral(query.redirect_uri ?? '') ? [] : [`redirect_uri ${query.redirect_uri}`]),
        ...(query.state?.length && query.state.length < 22 ? ['short state'] : []),
        ...(query.nonce?.length && query.nonce.length < 22 ? ['short nonce'] : []),
        ...(new Set(queryAll.keys()).size === [...queryAll.keys()].length ? [] : ['a parameter came twice']),
      ]
      for (const detail of details) violations.push({ kind: 'unsafe-authorization-request', detail, atMs })
      checkChallenge(query.code_challenge, atMs)
    },

    deviceAuthorization: (request: RecordedRequest) =>
      checkChallenge(formOf(request).code_challenge, request.atMs),

    token(request: RecordedRequest): void {
      const { code_verifier: verifier, device_code: deviceCode, code } = formOf(request)
      if (verifier === undefined) return
      secrets.add('code-verifier', verifier)
      const use = `${deviceCode ?? ''} ${code ?? ''}`
      if ((verifiers.get(verifier) ?? use) !== use) {
        violations.push({ kind: 'verifier-reused', atMs: request.atMs })
      }
      verifiers.set(verifier, use)
    },
  }
}

/** `http://127.0.0.1:<port>/…`: the literal, not a name that may lead elsewhere (RFC 8252 section 8.3). */
function isLoopbackLiteral(uri: string): boolean {
  return /^http:\/\/127\.0\.0\.1:\d+(\/[^#]*)?$/.test(uri)
}
