import type { Boot } from './clock.ts'

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
export function remainingMs(lifetime: Lifetime, now: Date, bootedAt: Boot): number {
  return lifetime.expiresAt.getTime() - readServerClock(lifetime.clock, now, bootedAt).getTime()
}

/** True while more than the margin is left. */
export function isFresh(lifetime: Lifetime, now: Date, bootedAt: Boot, marginSeconds?: number): boolean {
  return remainingMs(lifetime, now, bootedAt) > marginMs(lifetime, marginSeconds)
}

/** `expires_in` seconds counted from the server's own instant of the answer (RFC 6749 section 5.1). */
export function expiryOf(obtainedAt: Date, expiresInSeconds: number): Date {
  return new Date(obtainedAt.getTime() + expiresInSeconds * 1000)
}

/** What one response of a server showed about the local clock. */
export interface ClockReading {
  /** Skew: add it to the local time to get the server's. */
  skewMs: number
  /** `Clock.bootedAt` when it was measured: if it moves, the clock was set and the skew is void. */
  bootedAt: Boot
}

/** The Date header has whole seconds; on average the server is half of one further. */
const dateHeaderHalfStepMs = 500

/** A skew below this is the network and the header's resolution, not a wrong clock. */
const noticeableMs = 2_000

/** The boot instant is computed from two clocks and trembles; a step of the clock is larger than this. */
const steadyMs = 5_000

/** Measures the skew from an answer's `Date` header (RFC 9110 section 6.6.1); without one there is none. */
export function measureClock(serverDate: Date | undefined, now: Date, bootedAt: Boot): ClockReading {
  if (serverDate === undefined) return { skewMs: 0, bootedAt }
  const skewMs = serverDate.getTime() + dateHeaderHalfStepMs - now.getTime()
  return { skewMs: Math.abs(skewMs) < noticeableMs ? 0 : skewMs, bootedAt }
}

/**
 * The server's time now. While the clock was not set since the measurement, that is local time plus skew.
 * Afterwards (or after a reboot that cannot be distinguished from that) it is unknown what is right: local time, the same with the skew,
 * or what it would be had the clock not been set. In another boot, perhaps of another machine with the same home directory, the
 * instants of booting cannot be compared, and the last of the three falls away. The latest counts: expired too early costs one
 * renewal, expired credentials handed out cost an afternoon.
 */
export function readServerClock(reading: ClockReading, now: Date, bootedAt: Boot): Date {
  const corrected = now.getTime() + reading.skewMs
  if (isAnotherBoot(reading.bootedAt, bootedAt)) return new Date(Math.max(corrected, now.getTime()))
  const setByMs = bootedAt.at.getTime() - reading.bootedAt.at.getTime()
  const steady = Math.abs(setByMs) < steadyMs
  return new Date(steady ? corrected : Math.max(corrected, now.getTime(), corrected - setByMs))
}

function isAnotherBoot({ id: one }: Boot, { id: other }: Boot): boolean {
  return one !== undefined && other !== undefined && one !== other
}
