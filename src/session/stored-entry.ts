import type { Credentials } from '../credentials.ts'
import { Secret } from '../secret.ts'
import type { Lifetime } from '../token/index.ts'

/** A bearer token as it rests in the store. */
export interface StoredToken {
  accessToken: Secret
  lifetime: Lifetime
}

/** Credentials as they rest in the store; `lifetime.expiresAt` is the credentials' own. */
export interface StoredCredentials {
  credentials: Credentials
  lifetime: Lifetime
}

const version = 1

export function serializeToken({ accessToken, lifetime }: StoredToken): string {
  return JSON.stringify({ v: version, accessToken: accessToken.reveal(), ...writeLifetime(lifetime) })
}

export function serializeCredentials({ credentials, lifetime }: StoredCredentials): string {
  return JSON.stringify({
    v: version,
    accessKeyId: credentials.accessKeyId,
    accessKeySecret: credentials.accessKeySecret.reveal(),
    securityToken: credentials.securityToken.reveal(),
    ...writeLifetime(lifetime),
  })
}

/** Reads a token entry; what cannot be understood (damaged, edited, of a later version) counts as absent. */
export function parseToken(text: string | undefined): StoredToken | undefined {
  const entry = parseEntry(text)
  const accessToken = textOf(entry?.accessToken)
  const lifetime = entry === undefined ? undefined : readLifetime(entry)
  if (accessToken === undefined || lifetime === undefined) return undefined
  return { accessToken: new Secret(accessToken), lifetime }
}

/** Reads a credentials entry, with the same forbearance. */
export function parseCredentials(text: string | undefined): StoredCredentials | undefined {
  const entry = parseEntry(text)
  if (entry === undefined) return undefined
  const accessKeyId = textOf(entry.accessKeyId)
  const accessKeySecret = textOf(entry.accessKeySecret)
  const securityToken = textOf(entry.securityToken)
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

function writeLifetime({ obtainedAt, expiresAt, clock }: Lifetime): Entry {
  return {
    obtainedAt: obtainedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    skewMs: clock.skewMs,
    bootedAt: clock.bootedAt.toISOString(),
  }
}

function readLifetime(entry: Entry): Lifetime | undefined {
  const obtainedAt = instantOf(entry.obtainedAt)
  const expiresAt = instantOf(entry.expiresAt)
  const bootedAt = instantOf(entry.bootedAt)
  const { skewMs } = entry
  if (!obtainedAt || !expiresAt || !bootedAt || typeof skewMs !== 'number' || !Number.isFinite(skewMs))
    return undefined
  return { obtainedAt, expiresAt, clock: { skewMs, bootedAt } }
}

function parseEntry(text: string | undefined): Entry | undefined {
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    // Not JSON: somebody else wrote it, and the next login overwrites it.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return (value as Entry).v === version ? (value as Entry) : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function instantOf(value: unknown): Date | undefined {
  const instant = typeof value === 'string' ? new Date(value) : undefined
  return instant === undefined || Number.isNaN(instant.getTime()) ? undefined : instant
}
