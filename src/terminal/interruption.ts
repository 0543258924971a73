import { SesameError, t } from '../kit/index.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof signals)[number]

/** How long the program may take to end in order before the signal's default action ends it: 400 ms, in turns of its work. */
const graceTurns = 8
const turnMs = 50
/** Ctrl-C in a terminal reaches a child twice, from the terminal and from make: only later ones are a person who insists. */
const insistenceAfterMs = 1_000

export interface Interruption {
  signal: AbortSignal
  /** Listens no longer: from now on another part of the program handles these signals. */
  release(): void
  /**
   * Holds off the end of the process until the returned function is called: the answer to a request is on its way that must
   * not be lost. A second signal ends it all the same.
   */
  hold(): () => void
  /** Resolves when nothing holds off the end any more. */
  settled(): Promise<void>
}

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an abort, so that waits and requests end at once, locks are released and the
 * terminal is put back. If something does not let go (a native call cannot be called off), or the person insists,
 * the signal is sent again without a handler.
 */
export function catchInterruption(onHeld: () => void = () => {}): Interruption {
  const controller = new AbortController()
  const waiting: (() => void)[] = []
  let holds = 0
  let first: { signal: Signal; atMs: number } | undefined
  // Counted in turns, so that a program without a core still gets to do its work in between.
  const endSoon = (turns = graceTurns) => {
    if (first === undefined) return
    if (turns === 0) endAtOnce(first.signal)
    else setTimeout(endSoon, turnMs, turns - 1).unref()
  }
  const interrupt = (signal: Signal) => {
    const nowMs = performance.now()
    if (first !== undefined) {
      if (holds === 0 || nowMs - first.atMs >= insistenceAfterMs) endAtOnce(signal)
      return
    }
    first = { signal, atMs: nowMs }
    controller.abort(new SesameError('ERR_INTERRUPTED', t('Interrupted.'), { cause: signal }))
    if (holds > 0) onHeld()
    else endSoon()
  }
  // Not `once`: the prompts' own exit hook kills the process when it finds no listener beside its own.
  for (const signal of signals) process.on(signal, interrupt)
  return {
    signal: controller.signal,
    release() {
      for (const signal of signals) process.removeListener(signal, interrupt)
    },
    hold() {
      holds++
      return () => {
        holds--
        if (holds > 0) return
        endSoon()
        for (const go of waiting.splice(0)) go()
      }
    },
    settled: () => (holds === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}

/**
 * Left to Node, SIGUSR1 opens its inspector, to which every user of the machine may connect: ignored in whatever waits. `exec` hands it
 * to its child.
 */
export function ignoreInspectorSignal(platform: NodeJS.Platform): void {
  if (platform !== 'win32') process.on('SIGUSR1', () => {})
}

function endAtOnce(signal: Signal): void {
  for (const each of signals) process.removeAllListeners(each)
  process.kill(process.pid, signal)
}
