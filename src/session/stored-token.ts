import { asRecord, asText, type Lifetime, Secret } from '../kit/index.ts'
import { type Entry, parseEntry, readLifetime, version, writeLifetime } from './stored-entry.ts'

/** The tokens of a sign-in as they rest in the store: a bearer token, and what an OIDC provider gives beside it. */
export interface StoredToken {
  accessToken: Secret
  lifetime: Lifetime
  refreshToken?: Secret
  idToken?: StoredIdToken
}

/** An ID token; it was checked when it came. */
export interface StoredIdToken {
  token: Secret
  lifetime: Lifetime
  /** How its owner is called. */
  userName: string
}

/** What IDaaS gave an application. */
export interface StoredIdaasTokens {
  idToken: StoredIdToken
  refreshToken?: { token: Secret; lifetime: Lifetime }
}

export function serializeToken({ accessToken, lifetime, refreshToken, idToken }: StoredToken): string {
  return JSON.stringify({
    v: version,
    accessToken: accessToken.reveal(),
    ...writeLifetime(lifetime),
    refreshToken: refreshToken?.reveal(),
    idToken: idToken && writeIdToken(idToken),
  })
}

export function serializeIdaasTokens({ idToken, refreshToken }: StoredIdaasTokens): string {
  return JSON.stringify({
    v: version,
    idToken: writeIdToken(idToken),
    refreshToken: refreshToken && {
      token: refreshToken.token.reveal(),
      ...writeLifetime(refreshToken.lifetime),
    },
  })
}

/** Reads a token entry; what cannot be understood (damaged, edited, of a later version) counts as absent. */
export function parseToken(text: string | undefined): StoredToken | undefined {
  const entry = parseEntry(text)
  const accessToken = asText(entry?.accessToken)
  const lifetime = entry === undefined ? undefined : readLifetime(entry)
  if (accessToken === undefined || lifetime === undefined) return undefined
  const refreshToken = asText(entry?.refreshToken)
  const idToken = readIdToken(entry?.idToken)
  return {
    accessToken: new Secret(accessToken),
    lifetime,
    ...(refreshToken === undefined ? {} : { refreshToken: new Secret(refreshToken) }),
    ...(idToken === undefined ? {} : { idToken }),
  }
}

/** Reads an application's tokens, with the same forbearance. */
export function parseIdaasTokens(text: string | undefined): StoredIdaasTokens | undefined {
  const entry = parseEntry(text)
  const idToken = readIdToken(entry?.idToken)
  if (idToken === undefined) return undefined
  const wire = asRecord(entry?.refreshToken)
  const token = asText(wire?.token)
  const lifetime = wire && readLifetime(wire)
  return {
    idToken,
    ...(token === undefined || lifetime === undefined
      ? {}
      : { refreshToken: { token: new Secret(token), lifetime } }),
  }
}

/** The secret of a client or an application. */
export function serializeSecret(secret: Secret): string {
  return JSON.stringify({ v: version, secret: secret.reveal() })
}

/** Reads the entry of a secret; undefined for what cannot be understood. */
export function parseSecret(text: string | undefined): Secret | undefined {
  const secret = asText(parseEntry(text)?.secret)
  return secret === undefined ? undefined : new Secret(secret)
}

function writeIdToken({ token, lifetime, userName }: StoredIdToken): Entry {
  return { token: token.reveal(), userName, ...writeLifetime(lifetime) }
}

function readIdToken(value: unknown): StoredIdToken | undefined {
  const entry = asRecord(value)
  const token = asText(entry?.token)
  const userName = asText(entry?.userName)
  const lifetime = entry && readLifetime(entry)
  if (token === undefined || userName === undefined || lifetime === undefined) return undefined
  return { token: new Secret(token), lifetime, userName }
}
