import { SesameError } from '../errors.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How long the program may take to end in order before the signal's default action ends it. */
const graceMs = 400

/**
 * Turns Ctrl-C and its kin into an abort, so that waits and requests end at once, locks are released and the
 * terminal is put back. If something does not let go (a keychain dialog cannot be called off), or the person insists,
 * the signal is sent again without a handler.
 */
export function catchInterruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of signals) {
    // Not `once`: the prompts' own exit hook kills the process when it finds no listener beside its own.
    process.on(signal, () => {
      if (controller.signal.aborted) return endAtOnce(signal)
      controller.abort(new SesameError('ERR_INTERRUPTED', 'Interrupted.', { cause: signal }))
      setTimeout(endAtOnce, graceMs, signal).unref()
    })
  }
  return controller.signal
}

function endAtOnce(signal: (typeof signals)[number]): void {
  for (const each of signals) process.removeAllListeners(each)
  process.kill(process.pid, signal)
}
