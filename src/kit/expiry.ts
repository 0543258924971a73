import { type ClockReading, readServerClock } from './clock-skew.ts'

/** Renew this long before expiry, so that what is handed out survives the work it is handed out for. */
const defaultMarginSeconds = 300

/** Something that expires: when it was obtained and when it expires, both by the server's clock. */
export interface Lifetime {
  obtainedAt: Date
  expiresAt: Date
  /** What was known about the local clock when it was obtained. */
  clock: ClockReading
}

/** The margin that holds for a lifetime: the default, but never more than half of it. */
export function marginMs(lifetime: Lifetime, marginSeconds: number = defaultMarginSeconds): number {
  const lifeMs = lifetime.expiresAt.getTime() - lifetime.obtainedAt.getTime()
  return Math.max(0, Math.min(marginSeconds * 1000, lifeMs / 2))
}

/** Milliseconds left by the corrected clock; negative once expired. */
export function remainingMs(lifetime: Lifetime, now: Date, bootedAt: Date): number {
  return lifetime.expiresAt.getTime() - readServerClock(lifetime.clock, now, bootedAt).getTime()
}

/** True while more than the margin is left. */
export function isFresh(lifetime: Lifetime, now: Date, bootedAt: Date, marginSeconds?: number): boolean {
  return remainingMs(lifetime, now, bootedAt) > marginMs(lifetime, marginSeconds)
}

/** `expires_in` seconds counted from the server's own instant of the answer (RFC 6749 section 5.1). */
export function expiryOf(obtainedAt: Date, expiresInSeconds: number): Date {
  return new Date(obtainedAt.getTime() + expiresInSeconds * 1000)
}
