import { SesameError } from '../errors.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof signals)[number]

/** How long the program may take to end in order before the signal's default action ends it. */
const graceMs = 400

export interface Interruption {
  signal: AbortSignal
  /** Listens no longer: from now on somebody else answers for these signals. */
  release(): void
}

/**
 * Turns Ctrl-C and its kin into an abort, so that waits and requests end at once, locks are released and the
 * terminal is put back. If something does not let go (a keychain dialog cannot be called off), or the person insists,
 * the signal is sent again without a handler.
 */
export function catchInterruption(): Interruption {
  const controller = new AbortController()
  const interrupt = (signal: Signal) => {
    if (controller.signal.aborted) return endAtOnce(signal)
    controller.abort(new SesameError('ERR_INTERRUPTED', 'Interrupted.', { cause: signal }))
    setTimeout(endAtOnce, graceMs, signal).unref()
  }
  // Not `once`: the prompts' own exit hook kills the process when it finds no listener beside its own.
  for (const signal of signals) process.on(signal, interrupt)
  return {
    signal: controller.signal,
    release() {
      for (const signal of signals) process.removeListener(signal, interrupt)
    },
  }
}

function endAtOnce(signal: Signal): void {
  for (const each of signals) process.removeAllListeners(each)
  process.kill(process.pid, signal)
}
