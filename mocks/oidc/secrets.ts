import type { RecordedRequest } from '../http/recorded-request.ts'

export type OidcSecretKind =
  | 'device-code'
  | 'access-token'
  | 'refresh-token'
  | 'id-token'
  | 'authorization-code'
  | 'client-secret'
  /** Received, not handed out; as secret as the others. */
  | 'code-verifier'

/** For tests that look for it where it must not be. */
export interface OidcSecret {
  kind: OidcSecretKind
  value: string
}

export type Secrets = ReturnType<typeof createSecrets>

/** Whose each secret is, over all providers of this process. */
const owners = new Map<string, string>()

const membersOfAnswers: Record<string, OidcSecretKind> = {
  device_code: 'device-code',
  access_token: 'access-token',
  refresh_token: 'refresh-token',
  id_token: 'id-token',
}

/** The secrets of one provider, and its look-out for secrets in the wrong place. */
export function createSecrets(issuer: () => string) {
  const issued: OidcSecret[] = []

  const add = (kind: OidcSecretKind, value: string): void => {
    if (issued.some((secret) => secret.value === value)) return
    issued.push({ kind, value })
    owners.set(value, issuer())
  }

  return {
    issued,
    add,
    /** Takes the secrets out of an answer on its way to the client. */
    addFromAnswer(body: object): void {
      for (const [name, value] of Object.entries(body)) {
        const kind = membersOfAnswers[name]
        if (kind !== undefined && typeof value === 'string') add(kind, value)
      }
    },
    /** What kind of secret stands in the path or query of a request, if any does. */
    inUrl(request: RecordedRequest): string | undefined {
      const members = [...request.queryAll]
      const named = members.find(([name]) => name === 'client_secret' || name === 'code_verifier')
      if (named !== undefined) return named[0]
      const target = [request.path, ...members.map(([, value]) => value)].join(' ')
      return issued.find(({ value }) => target.includes(value))?.kind
    },
    /** The issuer of a secret that came with a request and is not ours. */
    foreignIssuer(request: RecordedRequest): string | undefined {
      const carried = [bearerOf(request), ...Object.values(formOf(request)), ...request.queryAll.values()]
      return carried
        .map((value) => owners.get(value) ?? issuerInside(value))
        .find((owner) => owner !== undefined && owner !== issuer())
    },
    /** A later provider may get the same port, so its issuer is forgotten with it. */
    forget(): void {
      for (const { value } of issued) owners.delete(value)
    },
  }
}

/** The members of a form body; none when the body is something else. */
export function formOf(request: RecordedRequest): Record<string, string> {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  return isForm && typeof request.body === 'object' ? (request.body as Record<string, string>) : {}
}

function bearerOf(request: RecordedRequest): string {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
}

/** `iss` of a JWT, also of one that another process made. */
function issuerInside(value: string): string | undefined {
  const payload = /^eyJ[\w-]*\.([\w-]+)\.[\w-]*$/.exec(value)?.[1]
  if (payload === undefined) return undefined
  try {
    const { iss } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { iss?: unknown }
    return typeof iss === 'string' ? iss : undefined
  } catch (error) {
    // Not a JWT after all.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
