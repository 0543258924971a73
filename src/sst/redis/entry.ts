import type { Revocation, RevocationRequest } from '../revocation-list.ts'

/** A revocation as Redis holds it; instants are unix seconds. */
interface WireEntry {
  userId: string
  revokedAt: number
  expiresAt?: number
}

export function writeEntry({ userId, revokedAt, expiresAt }: RevocationRequest): string {
  const entry: WireEntry = { userId, revokedAt: unixSeconds(revokedAt) }
  if (expiresAt !== undefined) entry.expiresAt = unixSeconds(expiresAt)
  return JSON.stringify(entry)
}

/** None for an entry that has ended since its key was read. Other programs may have written anything. */
export function readEntry(fingerprint: string, value: string | null): Revocation[] {
  if (value === null) return []
  const { userId, revokedAt, expiresAt } = parseEntry(value)
  const end = instantOf(expiresAt)
  return [
    {
      fingerprint,
      userId: typeof userId === 'string' ? userId : '',
      revokedAt: instantOf(revokedAt) ?? new Date(0),
      ...(end === undefined ? {} : { expiresAt: end }),
    },
  ]
}

function parseEntry(value: string): Partial<Record<keyof WireEntry, unknown>> {
  try {
    const entry: unknown = JSON.parse(value)
    return typeof entry === 'object' && entry !== null ? entry : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

/** Unix seconds up to the year 9999. */
function instantOf(seconds: unknown): Date | undefined {
  const isInstant = typeof seconds === 'number' && seconds >= 0 && seconds <= 253_402_300_799
  return isInstant ? new Date(seconds * 1000) : undefined
}

export function unixSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
