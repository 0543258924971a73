import * as children from 'node:child_process'

/*
 * `spawnSync` and `execFileSync` of Node, with an end. While a test waits for a child in this way its own time limit cannot
 * interrupt it, so a child that hangs would stop the whole run.
 */

/** Longer than any child of a test takes. */
const guard = { timeout: 300_000, killSignal: 'SIGKILL' } as const

type Call = typeof children.spawnSync | typeof children.execFileSync

/** Words may be left out, as in Node. */
const guarded = <C extends Call>(call: C): C =>
  ((program: string, ...rest: unknown[]) => {
    const [words, options] = Array.isArray(rest[0]) ? rest : [[], rest[0]]
    return (call as (...all: unknown[]) => unknown)(program, words, { ...guard, ...(options as object) })
  }) as C

export const spawnSync = guarded(children.spawnSync)
export const execFileSync = guarded(children.execFileSync)
