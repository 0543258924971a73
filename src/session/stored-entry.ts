import { asText, type Credentials, type Lifetime, measureClock, parseRecord, Secret } from '../kit/index.ts'
import type { IssuedCredentials } from '../sts/index.ts'
import type { SessionContext } from './session-context.ts'

/** Credentials as they rest in the store; `lifetime.expiresAt` is the credentials' own. */
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
export const version = 1

export function serializeCredentials({ credentials, lifetime }: StoredCredentials): string {
  return JSON.stringify({
    v: version,
    accessKeyId: credentials.accessKeyId,
    accessKeySecret: credentials.accessKeySecret.reveal(),
    securityToken: credentials.securityToken.reveal(),
    ...writeLifetime(lifetime),
  })
}

/** Reads a credentials entry, with the same forbearance. */
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

export type Entry = Record<string, unknown>

export function writeLifetime({ obtainedAt, expiresAt, clock }: Lifetime): Entry {
  return {
    obtainedAt: obtainedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    skewMs: clock.skewMs,
    bootedAt: clock.bootedAt.toISOString(),
  }
}

export function readLifetime(entry: Entry): Lifetime | undefined {
  const obtainedAt = instantOf(entry.obtainedAt)
  const expiresAt = instantOf(entry.expiresAt)
  const bootedAt = instantOf(entry.bootedAt)
  const { skewMs } = entry
  if (!obtainedAt || !expiresAt || !bootedAt || typeof skewMs !== 'number' || !Number.isFinite(skewMs))
    return undefined
  return { obtainedAt, expiresAt, clock: { skewMs, bootedAt } }
}

export function parseEntry(text: string | undefined): Entry | undefined {
  if (text === undefined) return undefined
  // What is not JSON was written by another program, and the next login overwrites it.
  const entry = parseRecord(text)
  return entry?.v === version ? entry : undefined
}

function instantOf(value: unknown): Date | undefined {
  const instant = typeof value === 'string' ? new Date(value) : undefined
  return instant === undefined || Number.isNaN(instant.getTime()) ? undefined : instant
}
