import { type Held, whileHeld } from '../../files/index.ts'
import { SesameError, t, thisHost } from '../../kit/index.ts'
import type { SessionContext } from '../session-context.ts'
import { keptOrTurn, type Wanted } from './kept-or-turn.ts'
import { hashOf, isShareable, outcomePath, writeOutcome } from './outcome.ts'

/*
 * One result for many processes.
 *
 * When credentials run out, everything that uses them asks at the same moment. One process does the work, all get the result:
 *
 * 1. Each reads what is kept (`read`). Good enough: done, and no lock was looked at.
 * 2. The process that finds the lock free takes it, reads once more, renews, writes, and leaves an *outcome* in `outcomes/`: a small
 *    file without secrets that names the acquisition, and the failure if it failed. Then the lock is released.
 * 3. One that finds it held watches two directory entries, the outcome and the lock, at growing intervals. A new outcome that
 *    succeeded: read, and go. One that failed: the same failure, in the waiter's own words. No outcome and the lock free (its
 *    holder was killed or interrupted): one of them takes it.
 *
 * So the store is opened twice by each, whatever the crowd, and the lock is taken by one. The end of patience (`Limit`) counts
 * waiting, not starvation, and is followed by a last look. Locks are taken in one order everywhere: a role's profile before its
 * source's, the profile before the sign-in; the configuration last, inside any of them.
 */

/** Something that is kept for all processes and has to be renewed now and then; four steps, and whose they are. */
export interface Renewal<Kept, Good extends Kept> extends Wanted<Kept, Good> {
  /** Makes a new one; the lock is held. `shield` keeps a request that must not be given up from signals and limits. */
  renew(kept: Kept, shield: Shield): Promise<Good>
  /** Puts it where `read` finds it. */
  write(good: Good): Promise<unknown>
}

/** What is kept, if it is good enough; else renewed, by one process for all. @throws what `renew` throws, here or elsewhere */
export async function renewTogether<Kept, Good extends Kept>(
  renewal: Renewal<Kept, Good>,
  context: SessionContext,
): Promise<Good> {
  const { sharing } = context
  if (sharing === undefined) return context.withLock(renewal.lock, () => readOrRenew(renewal, context))
  const path = sharing.lockPath(renewal.lock)
  const end = await keptOrTurn(path, renewal, { ...context, sharing })
  if (end.kind === 'kept') return end.kept
  const { held } = end
  if (held === 'unavailable') return readOrRenew(renewal, context)
  try {
    return await whileHeld(held, context, () => attempt(held, renewal, context))
  } finally {
    // What was held off while a request was on the wire holds now: its result is kept, and this process ends.
    endIfInterrupted(context)
  }
}

function endIfInterrupted({ interruption, signal }: SessionContext): void {
  const { aborted, reason } = interruption ?? signal
  if (aborted) throw reason
}

async function readOrRenew<Kept, Good extends Kept>(
  renewal: Renewal<Kept, Good>,
  context: SessionContext,
  beforeWork = () => {},
): Promise<Good> {
  // Another process may have written it while this one waited; one of before 0.2 leaves no outcome.
  const kept = await renewal.read()
  if (renewal.isGood(kept)) return kept
  beforeWork()
  const shield = openShield(context)
  try {
    const good = await renewal.renew(kept, shield)
    await renewal.write(good)
    return good
  } finally {
    shield.close()
  }
}

async function attempt<Kept, Good extends Kept>(
  held: Held,
  renewal: Renewal<Kept, Good>,
  context: SessionContext,
): Promise<Good> {
  const { clock } = context
  const startedMs = clock.monotonicMs()
  let worked = false
  const leave = async (failure?: SesameError) => {
    const outcome = {
      instance: held.nonce,
      host: thisHost(),
      by: renewal.by,
      of: hashOf(renewal.of),
      startedMs,
    }
    const scrubbed = failure && (await withoutSecrets(failure, context))
    leaveOutcome(
      held.path,
      { ...outcome, endedMs: clock.monotonicMs(), ...(scrubbed && { failure: scrubbed }) },
      context,
    )
  }
  try {
    const good = await readOrRenew(renewal, context, () => {
      worked = true
    })
    if (worked) await leave()
    return good
  } catch (error) {
    if (worked && isShareable(error)) await leave(error)
    throw error
  }
}

/** Without it the others try for themselves: slower, not wrong. */
function leaveOutcome(
  lock: string,
  outcome: Parameters<typeof writeOutcome>[1],
  { log, clock }: SessionContext,
): void {
  try {
    writeOutcome(outcomePath(lock), outcome, clock.now().getTime())
  } catch (error) {
    if (!(error instanceof SesameError)) throw error
    log('sesame:lock', `no outcome left: ${error.message}`)
  }
}

/** No message of ours holds a secret; this is for the day on which one does. */
async function withoutSecrets(error: SesameError, { sharing }: SessionContext): Promise<SesameError> {
  const { code, message, hint, serverCode, requestId, status } = error
  const scrub = await sharing?.scrub()
  if (scrub === undefined) return error
  return new SesameError(code, scrub(message), {
    ...(hint === undefined ? {} : { hint: scrub(hint) }),
    serverCode: serverCode && scrub(serverCode),
    requestId,
    status,
  })
}

/** How long a request may take whose answer must not be lost. */
export const longestRotationMs = 30_000

/** Keeps one request from being given up half-way. */
export interface Shield {
  /** The usual signal, until `onTheWire` is called; from then on only the longest wait ends it. */
  signal: AbortSignal
  /**
   * The request is about to be sent. Breaking off now would lose what the answer brings: neither a signal nor the end of
   * patience does, until `close`.
   */
  onTheWire(): void
  close(): void
}

export function openShield({ signal: usual, clock, limit, sharing }: SessionContext): Shield {
  const stop = new AbortController()
  const done = new AbortController()
  const forward = () => stop.abort(usual.reason)
  if (usual.aborted) forward()
  usual.addEventListener('abort', forward, { once: true })
  const releases: (() => void)[] = []
  const expire = async () => {
    await clock.sleep(longestRotationMs, done.signal)
    stop.abort(new SesameError('ERR_TIMEOUT', t('The server did not answer in time.')))
  }
  return {
    signal: stop.signal,
    onTheWire() {
      if (releases.length > 0 || stop.signal.aborted) return
      usual.removeEventListener('abort', forward)
      for (const hold of [limit?.hold.bind(limit), sharing?.holdSignals])
        if (hold !== undefined) releases.push(hold())
      releases.push(() => done.abort())
      void Promise.allSettled([expire()])
    },
    close() {
      usual.removeEventListener('abort', forward)
      for (const release of releases.splice(0)) release()
    },
  }
}
