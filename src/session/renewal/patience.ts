import type { SessionContext } from '../session-context.ts'
import { Limit, underLimit } from './limit.ts'

/** A program is answered within ten seconds of its start; the rest is for saying so and ending. */
export const patienceMs = 9_450

/** Runs something under a program's limit, which all its links, locks and requests share; unhurried, under none. */
export async function patiently<T>(
  unhurried: boolean,
  context: SessionContext,
  run: (patient: SessionContext) => Promise<T>,
): Promise<T> {
  const { clock, sharing, signal } = context
  if (unhurried) return run(context)
  const limit = new Limit(
    clock,
    (sharing?.patienceFromMs ?? clock.monotonicMs()) + patienceMs,
    sharing?.starvedShare,
  )
  return underLimit(limit, signal, (limited) =>
    run({ ...context, limit, interruption: signal, signal: limited }),
  )
}
