import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { errorCode } from '../errors.ts'
import { forwardSignals, type SignalSource } from './child-signals.ts'
import { isInForeground } from './child-terminal.ts'

export interface RunChildOptions {
  /** A path, or a name that is looked up in the child's PATH. */
  command: string
  arguments: readonly string[]
  /** The whole environment of the child. */
  env: Readonly<Record<string, string>>
  /**
   * `process`. No other listener on it may end this process while the child runs: the child decides what Ctrl-C
   * means, and whoever waits for this process waits for the child.
   */
  signals: SignalSource
  platform: NodeJS.Platform
}

/** How a child ended, or why it never began; `exitCode` is what a POSIX shell would report. */
export type ChildOutcome =
  | { kind: 'exited'; exitCode: number }
  | { kind: 'killed'; exitCode: number; signal: NodeJS.Signals }
  | { kind: 'not-found'; exitCode: 127 }
  | { kind: 'not-runnable'; exitCode: 126; reason: string }

/**
 * Runs a program with the terminal, standard streams and process group of this one, and nothing else of it: no
 * further descriptor is inherited. There is no shell between, so words arrive as they are. On Windows that means
 * programs only; a `.cmd` or `.bat` file needs `cmd /c`, whose rules of quoting no caller can know.
 * Resolves when the program has ended; a child killed by signal N gives 128 + N.
 */
export async function runChild(options: RunChildOptions): Promise<ChildOutcome> {
  const { command, arguments: words, env, signals, platform } = options
  // Node takes an empty name for a mistake in the program; for the system no file has it.
  if (command === '') return { kind: 'not-found', exitCode: 127 }
  const { spawn } = process.getBuiltinModule('node:child_process')
  let child: ChildProcess | undefined
  // Before the child is there: a signal in between would leave it alone with the terminal.
  const stopForwarding = forwardSignals({
    signals,
    platform,
    isInForeground,
    send: (signal) => void child?.kill(signal),
  })
  try {
    child = spawn(command, words, { env, stdio: 'inherit', shell: false })
    return await ended(child)
  } catch (error) {
    const failure = outcomeOfFailure(command, errorCode(error))
    if (failure === undefined) throw error
    return failure
  } finally {
    stopForwarding()
  }
}

function ended(child: ChildProcess): Promise<ChildOutcome> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      resolve(
        signal === null
          ? { kind: 'exited', exitCode: code ?? 0 }
          : { kind: 'killed', exitCode: 128 + constants.signals[signal], signal },
      ),
    )
  })
}

/** Why the system did not start it; undefined for what is no answer of the system. */
function outcomeOfFailure(command: string, code: string | undefined): ChildOutcome | undefined {
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return undefined
  if (code !== 'ENOENT') return { kind: 'not-runnable', exitCode: 126, reason: code }
  // For a script that is there, it is its interpreter that is not.
  const isThere = command.includes('/') && existsSync(command)
  return isThere
    ? { kind: 'not-runnable', exitCode: 126, reason: 'its interpreter does not exist' }
    : { kind: 'not-found', exitCode: 127 }
}
