import type { IdaasTokens, IdToken, TokenSet } from '../identity/index.ts'
import {
  asRecord,
  asText,
  type Credentials,
  type Lifetime,
  measureClock,
  parseRecord,
  printable,
  Secret,
} from '../kit/index.ts'
import type { IssuedCredentials } from '../sts/index.ts'
import type { SessionContext } from './session-context.ts'

/** Credentials as the store keeps them; `lifetime.expiresAt` is the credentials' own. */
export interface StoredCredentials {
  credentials: Credentials
  lifetime: Lifetime
}

/** Credentials as they were issued, ready to be kept; `owner` goes to the log. */
export function toStored(
  { credentials, issuedAt, serverDate }: IssuedCredentials,
  owner: string,
  { clock, log }: Pick<SessionContext, 'clock' | 'log'>,
): StoredCredentials {
  log('sesame:sts', `credentials for ${owner}, valid until ${credentials.expiresAt.toISOString()}`)
  const reading = measureClock(serverDate, clock.now(), clock.bootedAt())
  return { credentials, lifetime: { obtainedAt: issuedAt, expiresAt: credentials.expiresAt, clock: reading } }
}

/** Of the layout of entries; one of another version is not understood. */
const version = 1

export function serializeCredentials({ credentials, lifetime }: StoredCredentials): string {
  return JSON.stringify({
    v: version,
    accessKeyId: credentials.accessKeyId,
    accessKeySecret: credentials.accessKeySecret.reveal(),
    securityToken: credentials.securityToken.reveal(),
    ...writeLifetime(lifetime),
  })
}

/** Reads a credentials entry, with the same tolerance. */
export function parseCredentials(text: string | undefined): StoredCredentials | undefined {
  const entry = parseEntry(text)
  if (entry === undefined) return undefined
  const accessKeyId = asText(entry.accessKeyId)
  const accessKeySecret = asText(entry.accessKeySecret)
  const securityToken = asText(entry.securityToken)
  const lifetime = readLifetime(entry)
  if (!accessKeyId || !accessKeySecret || !securityToken || lifetime === undefined) return undefined
  return {
    credentials: {
      accessKeyId,
      accessKeySecret: new Secret(accessKeySecret),
      securityToken: new Secret(securityToken),
      expiresAt: lifetime.expiresAt,
    },
    lifetime,
  }
}

type Entry = Record<string, unknown>

/** A lifetime, as members of an entry. */
export function writeLifetime({ obtainedAt, expiresAt, clock }: Lifetime): Entry {
  return {
    obtainedAt: obtainedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    skewMs: clock.skewMs,
    bootedAt: clock.bootedAt.at.toISOString(),
    bootId: clock.bootedAt.id,
  }
}

/** Reads these members; undefined for what cannot be understood. */
export function readLifetime(entry: Entry): Lifetime | undefined {
  const obtainedAt = instantOf(entry.obtainedAt)
  const expiresAt = instantOf(entry.expiresAt)
  const bootedAt = instantOf(entry.bootedAt)
  const { skewMs } = entry
  if (!obtainedAt || !expiresAt || !bootedAt || typeof skewMs !== 'number' || !Number.isFinite(skewMs))
    return undefined
  return { obtainedAt, expiresAt, clock: { skewMs, bootedAt: { at: bootedAt, id: asText(entry.bootId) } } }
}

function parseEntry(text: string | undefined): Entry | undefined {
  if (text === undefined) return undefined
  // What is not JSON was written by another program, and the next login overwrites it.
  const entry = parseRecord(text)
  return entry?.v === version ? entry : undefined
}

function instantOf(value: unknown): Date | undefined {
  const instant = typeof value === 'string' ? new Date(value) : undefined
  return instant === undefined || Number.isNaN(instant.getTime()) ? undefined : instant
}

/** The tokens of a sign-in, and what was learned about them since. */
export interface StoredTokens extends TokenSet {
  /** The provider answered the refresh token without an ID token, which is allowed: it will not bring one the next time either. */
  idTokenNotRenewed?: true
  /** What the provider said when it did not renew the sign-in. */
  refusal?: string
}

/** The tokens of a sign-in, as an item of the store. */
export function serializeToken(tokens: StoredTokens): string {
  const { accessToken, lifetime, refreshToken, idToken, idTokenNotRenewed, refusal } = tokens
  return JSON.stringify({
    v: version,
    accessToken: accessToken.reveal(),
    ...writeLifetime(lifetime),
    refreshToken: refreshToken?.reveal(),
    idToken: idToken && writeIdToken(idToken),
    idTokenNotRenewed,
    refusal,
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
export function parseToken(text: string | undefined): StoredTokens | undefined {
  const entry = parseEntry(text)
  const accessToken = asText(entry?.accessToken)
  const lifetime = entry === undefined ? undefined : readLifetime(entry)
  if (accessToken === undefined || lifetime === undefined) return undefined
  const refreshToken = asText(entry?.refreshToken)
  const idToken = readIdToken(entry?.idToken)
  const refusal = asText(entry?.refusal)
  return {
    accessToken: new Secret(accessToken),
    lifetime,
    ...(refreshToken === undefined ? {} : { refreshToken: new Secret(refreshToken) }),
    ...(idToken === undefined ? {} : { idToken }),
    ...(entry?.idTokenNotRenewed === true && { idTokenNotRenewed: true }),
    ...(refusal === undefined ? {} : { refusal: printable(refusal, 400) }),
  }
}

/** Reads an application's tokens, with the same tolerance. */
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

/** The signed-in user by the ID token in an entry of tokens, of a person's or of an application's sign-in. */
export function parseUserName(text: string | undefined): string | undefined {
  return readIdToken(parseEntry(text)?.idToken)?.userName
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

/** What goes on with a device authorization. The user code says which: the rest of it is in the state. */
export interface StoredPending {
  userCode: string
  deviceCode: Secret
  codeVerifier: Secret
}

/**
 * The item of a sign-in, with the secrets of one that waits for the user beside the tokens that are there: an item of its own would
 * have to be deleted after each login, and password managers keep a trace of every entry that was deleted.
 */
export function addPending(text: string | undefined, pending: StoredPending): string {
  const { userCode, deviceCode, codeVerifier } = pending
  const secrets = { userCode, deviceCode: deviceCode.reveal(), codeVerifier: codeVerifier.reveal() }
  return JSON.stringify({ ...parseEntry(text), v: version, pending: secrets })
}

/** The item without them; undefined where nothing else is in it. */
export function removePending(text: string | undefined): string | undefined {
  const { v: _, pending: __, ...rest } = parseEntry(text) ?? {}
  return Object.keys(rest).length === 0 ? undefined : JSON.stringify({ v: version, ...rest })
}

/** The secrets of a sign-in that waits for the user; undefined for what cannot be understood. */
export function parsePending(text: string | undefined): StoredPending | undefined {
  const entry = asRecord(parseEntry(text)?.pending)
  const userCode = asText(entry?.userCode)
  const deviceCode = asText(entry?.deviceCode)
  const codeVerifier = asText(entry?.codeVerifier)
  if (!userCode || !deviceCode || !codeVerifier) return undefined
  return { userCode, deviceCode: new Secret(deviceCode), codeVerifier: new Secret(codeVerifier) }
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
