import { closeSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Clock, errorCode, type Log, SesameError } from '../../kit/index.ts'
import { fileError } from '../file-calls.ts'
import { isBusy } from '../file-systems.ts'
import { ensurePrivateDirectory } from '../private-directory.ts'
import {
  cannotLock,
  claim,
  type Held,
  heartbeatMs,
  isDead,
  isStopped,
  look,
  release,
  removeLeftovers,
  type Sighting,
  standsStill,
  type Ticket,
  touch,
  writeTicket,
} from './lock-file.ts'
import { holderStopped, holderWorking, hostName } from './lock-messages.ts'

export interface FileLockOptions {
  clock: Clock
  log: Log
  /** Ends the wait (not `run`) at once, with the signal's reason. */
  signal?: AbortSignal | undefined
  /** The longest wait; without it the wait ends only with the holder or the signal. */
  waitMs?: number | undefined
  /** Called once, after half a second of waiting; without a holder when the lock file does not say whose it is. */
  onWait?: ((holder: { pid: number; host: string } | undefined) => void) | undefined
  /** Called when no lock can be had here (read-only directory, full disk): `run` goes on without one. */
  onUnavailable?: ((error: SesameError) => void) | undefined
}

const noticeAfterMs = 500
const longestPauseMs = 150

/**
 * Runs `run` while no other process runs under the lock file at `path`, and releases it however `run` ends. The lock of
 * a dead process is taken over at once; one of another host, or with content that says nothing, when its file has not
 * been touched for 60 s. Throws `ERR_LOCK_TIMEOUT` after `waitMs` or when the holder is stopped (SIGSTOP), and
 * `ERR_FILE` when the lock's directory is not ours.
 */
export async function withFileLock<T>(
  path: string,
  options: FileLockOptions,
  run: () => Promise<T>,
): Promise<T> {
  const held = await unlessUnavailable(path, options, () => acquire(path, options))
  return held === 'unavailable' ? run() : whileHeld(held, options, run)
}

/**
 * One try: a lock that is free, or whose holder is dead, becomes ours; undefined when another process has it, and
 * `unavailable` where no lock can be had. @throws SesameError as `withFileLock`
 */
export function tryFileLock(
  path: string,
  options: FileLockOptions,
): Promise<Held | undefined | 'unavailable'> {
  return unlessUnavailable(path, options, async () => {
    const ticket = writeTicket(path)
    let held: Held | undefined
    try {
      held = claim(ticket, path)
      const sighting = held === undefined ? look(path) : undefined
      if (sighting !== undefined && isDead(sighting, touch(ticket)))
        held = await takeOver(sighting, ticket, path, options)
      return held
    } finally {
      rmSync(ticket.path, { force: true })
      if (held?.fd !== ticket.fd) closeSync(ticket.fd)
    }
  })
}

async function unlessUnavailable<T>(
  path: string,
  options: FileLockOptions,
  lock: () => Promise<T>,
): Promise<T | 'unavailable'> {
  try {
    ensurePrivateDirectory(dirname(path), (line) => options.log('sesame:lock', line))
    return await lock()
  } catch (cause) {
    const error = isSystemError(cause) ? fileError('lock', path, cause) : cause
    const code = error instanceof SesameError ? (errorCode(error.cause) ?? '') : ''
    if (!(error instanceof SesameError) || !cannotLock.includes(code)) throw error
    options.log('sesame:lock', `no lock at ${path}: ${code}`)
    options.onUnavailable?.(error)
    return 'unavailable'
  }
}

/** Runs `run` under a lock that is ours, with a heartbeat, and releases it however `run` ends. */
export async function whileHeld<T>(
  held: Held,
  options: Pick<FileLockOptions, 'log'>,
  run: () => Promise<T>,
): Promise<T> {
  const { path } = held
  options.log('sesame:lock', `took ${path}`)
  const heartbeat = setInterval(() => touch(held), heartbeatMs)
  heartbeat.unref()
  try {
    sweep(path, options)
    return await run()
  } finally {
    clearInterval(heartbeat)
    options.log('sesame:lock', `${release(held)} ${path}`)
  }
}

/** What killed processes left here goes; work does not fail for it. */
function sweep(path: string, { log }: Pick<FileLockOptions, 'log'>): void {
  try {
    removeLeftovers(path)
  } catch (error) {
    if (!isSystemError(error)) throw error
    log('sesame:lock', `leftovers stay at ${path}: ${errorCode(error)}`)
  }
}

/** Waits until the lock at `path` is ours. */
async function acquire(path: string, options: FileLockOptions): Promise<Held> {
  const { clock, signal, waitMs = Number.POSITIVE_INFINITY } = options
  const startMs = clock.monotonicMs()
  const ticket = writeTicket(path)
  let held: Held | undefined
  let notified = false
  let unmoved = { modifiedMs: Number.NaN, sinceMs: startMs }
  try {
    for (let round = 0; ; round++) {
      signal?.throwIfAborted()
      held = claim(ticket, path)
      if (held) return held
      const sighting = look(path)
      if (sighting === undefined) continue
      const { holder } = sighting
      if (isDead(sighting, touch(ticket))) {
        held = await takeOver(sighting, ticket, path, options)
        if (held) return held
      }
      const nowMs = clock.monotonicMs()
      if (sighting.modifiedMs !== unmoved.modifiedMs) {
        unmoved = { modifiedMs: sighting.modifiedMs, sinceMs: nowMs }
      }
      if (standsStill(sighting, touch(ticket), nowMs - unmoved.sinceMs)) {
        throw holderStopped(path, holder)
      }
      if (nowMs - startMs >= waitMs)
        throw isStopped(sighting) ? holderStopped(path, holder) : holderWorking(path, holder)
      if (!notified && nowMs - startMs >= noticeAfterMs) {
        notified = true
        options.log('sesame:lock', `waiting for process ${holder?.pid ?? 'unknown'}: ${path}`)
        options.onWait?.(holder && { pid: holder.pid, host: hostName(holder) })
      }
      await clock.sleep(Math.min(pauseMs(round), waitMs - (nowMs - startMs)), signal)
    }
  } finally {
    rmSync(ticket.path, { force: true })
    if (held?.fd !== ticket.fd) closeSync(ticket.fd)
  }
}

/**
 * Puts our ticket in a dead holder's place. The right to do so belongs to this one dead instance and is itself such a
 * lock, so two takers cannot both find it dead and then remove each other; the lock of a taker that ends is taken over in its turn.
 */
async function takeOver(
  dead: Sighting,
  ticket: Ticket,
  path: string,
  options: FileLockOptions,
): Promise<Held | undefined> {
  const right = await acquire(`${path}.${dead.instance}`, { ...options, onWait: undefined })
  try {
    const now = look(path)
    if (now?.instance !== dead.instance || !isDead(now, touch(ticket))) return undefined
    renameSync(ticket.path, path)
    options.log('sesame:lock', `took over from process ${dead.holder?.pid ?? 'unknown'}: ${path}`)
    return { ...ticket, path }
  } catch (error) {
    // Another waiter is reading it just now: the next round tries again.
    if (isBusy(error)) return undefined
    throw error
  } finally {
    release(right)
  }
}

/** Grows from about 5 ms to 150 ms; the jitter keeps a crowd of waiters from marching in step. */
function pauseMs(round: number): number {
  const longest = Math.min(longestPauseMs, 8 * 2 ** Math.min(round, 8))
  return process.getBuiltinModule('node:crypto').randomInt(Math.ceil(longest / 2), longest + 1)
}

function isSystemError(error: unknown): boolean {
  return !(error instanceof SesameError) && error instanceof Error && 'syscall' in error
}
