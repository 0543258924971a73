import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { singleQuoted } from '../../src/kit/index.ts'
import { recordOutput } from './record.ts'

/** The built script. */
export const sesamePath = join(import.meta.dirname, '..', '..', 'dist', 'sesame.cjs')

/** True when a standalone executable is tested in the place of the npm package: SESAME_TEST_PROGRAM names it. */
export const isStandalone = Boolean(process.env.SESAME_TEST_PROGRAM)

/** The program under test: Node and the script, or an executable. */
export const sesameCommand: readonly [string, ...string[]] = process.env.SESAME_TEST_PROGRAM
  ? [process.env.SESAME_TEST_PROGRAM]
  : [process.execPath, sesamePath]

/** The same, as words for a shell. */
export const sesameInShell = sesameCommand.map(singleQuoted).join(' ')

export interface Finished {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Running {
  child: ChildProcess
  /** Resolves when the process has ended and its output is complete. */
  finished: Promise<Finished>
  /** Resolves with the whole stderr so far once it matches; rejects if the process ends before. */
  stderrMatches(pattern: RegExp): Promise<RegExpMatchArray>
  /** For what a failed test leaves behind: ends the process, if it is one of its own. */
  abandon(): void
}

export interface RunOptions {
  home: string
  env?: Record<string, string | undefined>
  /** Text for standard input; without it, standard input is empty. */
  input?: string
  cwd?: string
  /** Words for Node itself, before the program. */
  nodeArguments?: readonly string[]
  /** A process of its own, wherever the others run: a signal is sent to it. */
  ownProcess?: boolean
  /** How many files and sockets it may have open. */
  descriptors?: number
  /** Another program than the one under test, and its first words. */
  program?: readonly string[]
}

let homes = tmpdir()

/** Where `makeHome` makes them from now on. */
export function keepHomesIn(directory: string): void {
  homes = directory
}

/** A HOME of its own, removed by `remove()`. */
export function makeHome(): { home: string; remove(): void } {
  const home = mkdtempSync(join(homes, 'sesame-home-'))
  mkdirSync(join(home, 'work'))
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) }
}

/** Starts the built program with nothing in its environment but PATH, HOME and what the test gives. */
export function startProcess(words: readonly string[], options: RunOptions): Running {
  const [first = '', ...script] = options.program ?? sesameCommand
  const whole = [first, ...(options.nodeArguments ?? []), ...script, ...words]
  const limited = ['/bin/sh', '-c', `ulimit -n ${options.descriptors} && exec "$@"`, 'sh', ...whole]
  const [program = '', ...all] = options.descriptors === undefined ? whole : limited
  const child = spawn(program, all, {
    env: { PATH: process.env.PATH, HOME: options.home, ...options.env },
    cwd: options.cwd ?? join(options.home, 'work'),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  let ended = false
  const watchers = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
    for (const look of watchers) look()
  })
  child.stdin.on('error', () => {
    // The program may end without reading its input.
  })
  child.stdin.end(options.input ?? '')
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      ended = true
      recordOutput({ words, stdout, stderr, code })
      for (const look of watchers) look()
      resolve({ code, signal, stdout, stderr })
    })
  })
  return {
    child,
    finished,
    abandon: () => void child.kill(),
    stderrMatches: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = stderr.match(pattern)
          if (match === null && !ended) return
          watchers.delete(look)
          if (match === null) reject(new Error(`stderr never matched ${pattern}:\n${stderr}`))
          else resolve(match)
        }
        watchers.add(look)
        look()
      }),
  }
}

type Start = (words: readonly string[], options: RunOptions) => Running

let start: Start = startProcess

/** Starts the program: the built one in a process of its own, unless the tests of the file run it otherwise. */
export function startSesame(words: readonly string[], options: RunOptions): Running {
  return start(words, options)
}

/** Runs the program to its end. */
export function runSesame(words: readonly string[], options: RunOptions): Promise<Finished> {
  return startSesame(words, options).finished
}

export function startCommandsBy(another: Start): void {
  start = another
}
