import { readFileSync, readlinkSync } from 'node:fs'
import { longestTimerMs } from './deadline.ts'
import { errorCode } from './errors.ts'

/** A boot of a machine. */
export interface Boot {
  /** When it was, by the wall clock: it moves exactly when the clock is set. */
  at: Date
  /** Which one: instants of two boots say nothing about each other. Undefined in what 0.2.0 and earlier have stored. */
  id: string | undefined
}

/** The time, as an argument. Instants come from `now`, waits from the monotonic clock. */
export interface Clock {
  /** The local wall clock, uncorrected. */
  now(): Date
  /** Milliseconds that only ever grow, whatever is done to the wall clock. */
  monotonicMs(): number
  /** The boot of this machine that is running now. */
  bootedAt(): Boot
  /** Waits; rejects with `signal.reason` as soon as the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => new Date(),
  // Not `performance.now()`: that global is loaded when first used, and costs the cached path a millisecond.
  monotonicMs: () => {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1000 + nanoseconds / 1e6
  },
  bootedAt: () => ({
    at: new Date(Date.now() - uptimeSeconds() * 1000),
    id: bootId(),
  }),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        },
        Math.min(Math.max(ms, 0), longestTimerMs),
      )
      signal?.addEventListener('abort', abort, { once: true })
    }),
}

let boot: string | undefined

/**
 * Names this boot of this machine: Linux's boot id. Elsewhere, and in a sandbox without it, the host name, which at least tells
 * machines apart: a boot of the same one can only be later than the one before.
 */
function bootId(): string {
  boot ??= linuxFact(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? hostName()
  return boot
}

/** How long this boot has lasted, time asleep included. The cached path does without `node:os`, which takes longer than all it reads. */
function uptimeSeconds(): number {
  const seconds = Number.parseFloat(linuxFact(() => readFileSync('/proc/uptime', 'latin1')) ?? '')
  return Number.isNaN(seconds) ? process.getBuiltinModule('node:os').uptime() : seconds
}

let host: string | undefined

/** Host name, boot id and process number namespace: the scope in which a process number means something. */
export function thisHost(): string {
  const namespace = () => readlinkSync('/proc/self/ns/pid')
  host ??= [...new Set([hostName(), bootId(), linuxFact(namespace)])].filter(Boolean).join(' ')
  return host
}

function hostName(): string {
  return process.getBuiltinModule('node:os').hostname()
}

/** Undefined where /proc does not tell: on other systems, and in a sandbox. */
function linuxFact(read: () => string): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    return read()
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}
