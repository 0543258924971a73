import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, isAbsolute } from 'node:path'
import { errorCode, t } from '../kit/index.ts'
import { forwardSignals, isInForeground, type SignalSource } from './child-signals.ts'
import { findProgram } from './find-program.ts'
import { findWindowsProgram } from './windows-program.ts'

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
 * further descriptor is inherited. There is no shell between, so words arrive as they are; batch files of Windows get only words
 * that `cmd` cannot take for anything else. Resolves when the program has ended; a child killed by signal N gives 128 + N.
 */
export async function runChild(options: RunChildOptions): Promise<ChildOutcome> {
  const { command, arguments: words, env, signals, platform } = options
  // Node takes an empty name for a mistake in the program; for the system no file has it.
  if (command === '') return { kind: 'not-found', exitCode: 127 }
  const program = platform === 'win32' ? onWindows(command, words, env) : onPosix(command, words, env.PATH)
  if (program.kind !== 'start') return program
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
    const { file, argv0, verbatim } = program
    const options = {
      argv0,
      env,
      stdio: 'inherit',
      shell: false,
      windowsVerbatimArguments: verbatim,
    } as const
    child = spawn(file, program.words, options)
    return await ended(child)
  } catch (error) {
    const failure = outcomeOfFailure(command, errorCode(error), platform)
    if (failure === undefined) throw error
    return failure
  } finally {
    stopForwarding()
  }
}

/** What is given to the system to be started. */
interface Start {
  kind: 'start'
  file: string
  words: readonly string[]
  argv0: string
  verbatim: boolean
}

function onWindows(
  command: string,
  words: readonly string[],
  env: RunChildOptions['env'],
): Start | ChildOutcome {
  const found = findWindowsProgram(command, words, env)
  if (found.kind === 'start') return { ...found, argv0: found.verbatim ? found.file : command }
  return found.kind === 'not-found' ? { ...found, exitCode: 127 } : { ...found, exitCode: 126 }
}

function onPosix(command: string, words: readonly string[], path: string | undefined): Start | ChildOutcome {
  const start = (file: string): Start => ({ kind: 'start', file, words, argv0: command, verbatim: false })
  const found = findProgram(command, path)
  if (found.kind === 'not-found') {
    // The system says best what is wrong with a file that is there, but it would look in the current directory too.
    const absolute = (path ?? '').split(delimiter).every(isAbsolute)
    return absolute ? start(command) : { kind: 'not-found', exitCode: 127 }
  }
  if (found.kind === 'found') return start(found.path)
  const reason = t('only the current directory has it; if you mean that one: ./{command}', { command })
  return { kind: 'not-runnable', exitCode: 126, reason }
}

function ended(child: ChildProcess): Promise<ChildOutcome> {
  return new Promise((resolve, reject) => {
    // Once it runs, an error is that of a signal that could not be sent, as to a child that became another user (sudo).
    child.on('error', (error) => {
      if (child.pid === undefined) reject(error)
    })
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
function outcomeOfFailure(
  command: string,
  code: string | undefined,
  platform: NodeJS.Platform,
): ChildOutcome | undefined {
  const notRunnable = (reason: string) => ({ kind: 'not-runnable', exitCode: 126, reason }) as const
  // The name for whatever Node has no name for; Windows says so of a file that is no program for it.
  if (code === 'UNKNOWN') return notRunnable(t('it is no program for this system'))
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return undefined
  if (code === 'EACCES' && platform === 'win32') return notRunnable(t('EACCES; it may need an administrator'))
  if (code !== 'ENOENT') return notRunnable(code)
  // For a script that is there, it is its interpreter that is not.
  const isThere = command.includes('/') && existsSync(command)
  return isThere ? notRunnable(t('its interpreter does not exist')) : { kind: 'not-found', exitCode: 127 }
}
