import { isSesameError } from '../kit/index.ts'
import {
  attemptAt,
  keptOrTurn,
  Limit,
  loginAt,
  patienceMs,
  resolveProfile,
  starvedShare,
} from '../session/index.ts'
import { Claim, type Handover, type Reader } from '../start/index.ts'
import { catchInterruption, type Edges, ignoreInspectorSignal } from '../terminal/index.ts'
import type { CachedAnswer, LoginOutput } from './cached-answer.ts'

/**
 * Waits for the process that is renewing this profile, if there is one, and answers with its result: a login as long as the other
 * one takes, a program for its ten seconds. Of a crowd only the one that
 * takes the lock goes on to load the whole program; the lock is handed over. Whatever cannot be answered here is left to the
 * whole program, too: it meets it again, and has the words.
 */
export async function waitForResult(
  { profile, output, by }: CachedAnswer & { by: 'person' | 'program' },
  { clock, platform }: Edges,
  reader: Reader,
): Promise<LoginOutput | Handover> {
  const resolved = resolveProfile(profile, reader.readConfig(), reader)
  const wanted = {
    lock: `profile:${profile}`,
    by,
    of: by === 'person' ? loginAt(resolved, { wanted: {}, force: false }) : attemptAt(resolved),
    read: output,
    isGood: (found: LoginOutput | undefined): found is LoginOutput => found !== undefined,
  } as const
  const { user, system } = process.cpuUsage()
  const nowMs = clock.monotonicMs()
  const startedMs = nowMs - process.uptime() * 1000
  const limit = new Limit(
    clock,
    by === 'person' ? Number.POSITIVE_INFINITY : nowMs + patienceMs - (user + system) / 1000,
    starvedShare,
  )
  const fullMs = limit.leftMs()
  const handover = (): Handover => ({
    startedMs,
    waitedMs: by === 'person' ? 0 : Math.max(0, fullMs - limit.leftMs()),
  })
  const interruption = catchInterruption()
  ignoreInspectorSignal(platform)
  const sharing = { startedMs, claimed: () => undefined, onUnavailable: () => undefined }
  const { log, warn } = reader
  try {
    const context = { clock, log, signal: interruption.signal, warn, sharing, limit }
    const end = await keptOrTurn(reader.lockPath(wanted.lock), wanted, context)
    if (end.kind === 'kept') return end.kept
    return end.held === 'unavailable' ? handover() : { ...handover(), claimed: new Claim(end.held) }
  } catch (error) {
    // What ended the wait happens again in the whole program; an interruption does not, and is handed over.
    return isSesameError(error, 'ERR_INTERRUPTED') ? { ...handover(), interrupted: error.cause } : handover()
  } finally {
    interruption.release()
  }
}
