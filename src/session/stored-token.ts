import type { IdaasTokens, IdToken, TokenSet } from '../identity/index.ts'
import { asRecord, asText, Secret } from '../kit/index.ts'
import { type Entry, parseEntry, readLifetime, version, writeLifetime } from './stored-entry.ts'

/** The tokens of a sign-in, as an item of the store. */
export function serializeToken({ accessToken, lifetime, refreshToken, idToken }: TokenSet): string {
  return JSON.stringify({
    v: version,
    accessToken: accessToken.reveal(),
    ...writeLifetime(lifetime),
    refreshToken: refreshToken?.reveal(),
    idToken: idToken && writeIdToken(idToken),
  })
}

/** An application's tokens, as an item of the store. */
export function serializeIdaasTokens({ idToken, refreshToken }: IdaasTokens): string {
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
export function parseToken(text: string | undefined): TokenSet | undefined {
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
export function parseIdaasTokens(text: string | undefined): IdaasTokens | undefined {
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

function writeIdToken({ token, lifetime, userName }: IdToken): Entry {
  return { token: token.reveal(), userName, ...writeLifetime(lifetime) }
}

function readIdToken(value: unknown): IdToken | undefined {
  const entry = asRecord(value)
  const token = asText(entry?.token)
  const userName = asText(entry?.userName)
  const lifetime = entry && readLifetime(entry)
  if (token === undefined || userName === undefined || lifetime === undefined) return undefined
  return { token: new Secret(token), lifetime, userName }
}
