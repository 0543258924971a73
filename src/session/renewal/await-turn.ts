import { lstatSync } from 'node:fs'
import {
  type Held,
  type Holder,
  holderStopped,
  hostName,
  look,
  release,
  type Sighting,
  tryFileLock,
  waitingFor,
} from '../../files/index.ts'
import { type Clock, errorCode, inspectProcess, type Log, SesameError, t, thisHost } from '../../kit/index.ts'
import type { Waiter } from './kept-or-turn.ts'

/** What a waiting process needs: neither the store nor the network. */
export interface WaitContext {
  clock: Clock
  log: Log
  /** Ends the wait at once: SIGINT, SIGTERM, SIGHUP. */
  signal: AbortSignal
  warn(line: string): void
  /** Called where no lock can be had: the work is done without one. */
  onUnavailable?: ((error: SesameError) => void) | undefined
}

/** How a wait ends: with the lock, with a new outcome, or with the end of patience. */
export type Turn =
  | { kind: 'turn'; held: Held | 'unavailable' }
  | { kind: 'news' }
  | { kind: 'late'; error: SesameError }

/** The holder that was waited for in vain, as the cause of the error that says so. */
class WaitedFor {
  readonly pid: number | undefined

  constructor(pid: number | undefined) {
    this.pid = pid
  }
}

/** Whether an error says that patience ended while another process was still at work. */
export function isWaitOver(error: unknown): boolean {
  return error instanceof SesameError && error.cause instanceof WaitedFor
}

const noticeAfterMs = 500
const shortestPauseMs = 8
const longestPauseMs = 400
/** A holder of which /proc says nothing is judged by its heartbeat, which costs a write to look at. */
const judgeEveryMs = 2_000
const standsStillAfterMs = 30_000

/**
 * Waits at the lock at `path` until it is free, its holder has left an outcome that the waiter has not seen, or the waiter's
 * limit is over. A round costs two looks at directory entries and one at /proc: neither the lock nor the store is touched.
 */
export async function awaitTurn(path: string, waiter: Waiter, context: WaitContext): Promise<Turn> {
  const { clock, signal, log } = context
  const startedMs = clock.monotonicMs()
  let notified = false
  let judgedMs = startedMs
  let watched: (Sighting & { sinceMs: number; entry: string }) | undefined
  for (;;) {
    signal.throwIfAborted()
    if (signOf(waiter.news) !== waiter.sign) return { kind: 'news' }
    const entry = signOf(path)
    const nowMs = clock.monotonicMs()
    if (entry !== watched?.entry) {
      const sighting = entry === '' ? undefined : look(path)
      watched = sighting && { ...sighting, entry, sinceMs: nowMs }
    }
    if (watched !== undefined) waiter.seen.add(watched.instance)
    const state = watched && stateOf(watched.holder)
    const judge = state === undefined && nowMs - judgedMs >= judgeEveryMs
    if (watched === undefined || state === 'dead' || judge) {
      judgedMs = nowMs
      const held = await tryFileLock(path, { clock, log, signal, onUnavailable: context.onUnavailable })
      if (held === 'unavailable') return { kind: 'turn', held }
      if (held !== undefined) {
        if (signOf(waiter.news) === waiter.sign) return { kind: 'turn', held }
        // Its holder finished between the look at its outcome and the look at its lock.
        release(held)
        return { kind: 'news' }
      }
      if (watched === undefined) continue
    }
    const unmovedMs = nowMs - watched.sinceMs
    if (state === 'stopped' && (waiter.limit.over || unmovedMs >= standsStillAfterMs))
      return { kind: 'late', error: holderStopped(path, watched.holder) }
    if (waiter.limit.over) return { kind: 'late', error: stillAtWork(watched.holder) }
    if (!notified && nowMs - startedMs >= noticeAfterMs) {
      notified = true
      log('sesame:lock', `waiting for process ${watched.holder?.pid ?? 'unknown'}: ${path}`)
      context.warn(waitingFor(watched.holder?.pid, path))
    }
    const pauseMs = pauseAfter(nowMs - startedMs)
    await clock.sleep(Math.max(1, Math.min(pauseMs, waiter.limit.leftMs())), signal)
    // It has work but no core: that is no waiting for a server, and does not count.
    const passedMs = clock.monotonicMs() - nowMs
    if (state === 'runnable') waiter.limit.extend(passedMs)
    else if (waiter.limit.leftMs() < Number.POSITIVE_INFINITY) waiter.limit.passed(passedMs)
  }
}

/** The longer it takes, the rarer the looks; the jitter keeps a crowd from marching in step. */
function pauseAfter(waitedMs: number): number {
  const longest = Math.min(longestPauseMs, Math.max(shortestPauseMs, waitedMs / 6))
  return process.getBuiltinModule('node:crypto').randomInt(Math.ceil(longest / 2), Math.ceil(longest) + 1)
}

/** What /proc says of a holder on this machine; undefined where there is no saying. */
function stateOf(holder: Holder | undefined): 'dead' | 'stopped' | 'runnable' | 'waiting' | undefined {
  if (holder === undefined || holder.host !== thisHost()) return undefined
  const { alive, startTime, stopped, runnable } = inspectProcess(holder.pid)
  if (!alive) return 'dead'
  if (startTime === null || holder.startTime === null) return undefined
  if (startTime !== holder.startTime) return 'dead'
  if (stopped) return 'stopped'
  // This very process: it runs whenever it looks.
  if (holder.pid === process.pid) return 'waiting'
  return runnable ? 'runnable' : 'waiting'
}

/** The holder works, only its server is slow. To end it could cost the sign-in, so that is not advised. */
function stillAtWork(holder: Holder | undefined): SesameError {
  const message =
    holder === undefined
      ? t('Another sesame is still at work on it: its server is slow, or it waits for a person.')
      : t(
          'Another sesame (process {pid} on {host}) is still at work on it: its server is slow, or it waits for a person.',
          { pid: holder.pid, host: hostName(holder) },
        )
  return new SesameError('ERR_TIMEOUT', message, {
    hint: t('Run the same command again in a moment.'),
    cause: new WaitedFor(holder?.pid),
  })
}

/** Changes with every outcome; costs one look at the directory entry. Empty where there is none, or none can be seen. */
export function signOf(path: string): string {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    return stats === undefined ? '' : `${stats.ino} ${stats.mtimeMs} ${stats.size}`
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return ''
  }
}
