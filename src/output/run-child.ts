import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, isAbsolute } from 'node:path'
import { errorCode } from '../kit/index.ts'
import { forwardSignals, type SignalSource } from './child-signals.ts'
import { isInForeground } from './child-terminal.ts'
import { findProgram } from './find-program.ts'

export interface RunChildOptions {
  /** A path, or a name that is looked up in the child's PATH; what only the current directory has is not run. */
  command: string
  arguments: readonly string[]
  /** The whole environment of the child. */
  env: Readonly<Record<string, string>>
  /**
   * `process`. No other listener on it may end this process while the child runs: the child decides what Ctrl-C
   * means, and what waits for this process waits for the child.
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
  const program = platform === 'win32' ? command : pathOf(command, env.PATH)
  if (typeof program !== 'string') return program
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
    child = spawn(program, words, { argv0: command, env, stdio: 'inherit', shell: false })
    return await ended(child)
  } catch (error) {
    const failure = outcomeOfFailure(command, errorCode(error))
    if (failure === undefined) throw error
    return failure
  } finally {
    stopForwarding()
  }
}

function pathOf(command: string, path: string | undefined): string | ChildOutcome {
  const found = findProgram(command, path)
  if (found.kind === 'not-found') {
    // The system says best what is wrong with a file that is there, but it would look in the current directory too.
    const absolute = (path ?? '').split(delimiter).every(isAbsolute)
    return absolute ? command : { kind: 'not-found', exitCode: 127 }
  }
  if (found.kind === 'found') return found.path
  const reason = `only the current directory has it; if you mean that one: ./${command}`
  return { kind: 'not-runnable', exitCode: 126, reason }
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
