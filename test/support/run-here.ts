import { AsyncLocalStorage } from 'node:async_hooks'
import { join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { answerFromStore } from '../../src/cli/fast-path.ts'
import { main } from '../../src/cli/main.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { homeOfUser } from '../../src/profiles/index.ts'
import type { Edges } from '../../src/terminal/index.ts'
import { recordOutput } from './record.ts'
import { roomyMemory } from './runtime-directory.ts'
import {
  type Finished,
  keepHomesIn,
  type Running,
  type RunOptions,
  startCommandsBy,
  startProcess,
} from './sesame.ts'

/*
 * A command line of sesame in this process: what `cli/bin.ts` does, with streams that are texts. It takes a few milliseconds where
 * a process takes a tenth of a second. What a process of its own is for (signals, terminals, a crash) is tested in `test/e2e`.
 */

/** From now on the tests of this file run their commands in this process, for users whose HOME is in memory where that can be. */
export function runCommandsHere(): void {
  startCommandsBy(startHere)
  const memory = roomyMemory()
  if (memory !== undefined) keepHomesIn(memory)
}

/** One command in this process, whatever the others of the file do. */
export function runHere(words: readonly string[], options: RunOptions): Promise<Finished> {
  return startHere(words, options).finished
}

/** What Node, or a library of the system, reads from the environment of a process. */
const ofTheProcess = ['DBUS_SESSION_BUS_ADDRESS', 'NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NODE_DEBUG']

/** Children write to the streams of their process, and a server ends by a signal to it. */
function needsProcess(words: readonly string[], { env = {}, ownProcess, ...options }: RunOptions): boolean {
  const isSpecial = ownProcess || options.nodeArguments !== undefined || options.descriptors !== undefined
  return isSpecial || ['exec', 'serve'].includes(words[0] ?? '') || ofTheProcess.some((name) => name in env)
}

/** The edges of a process whose streams are texts. */
export function edgesHere(
  words: readonly string[],
  env: Edges['env'],
  onError: () => void = () => {},
): { edges: Edges; texts: { out: string; err: string } } {
  const texts = { out: '', err: '' }
  const edges: Edges = {
    argv: words,
    env,
    platform: process.platform,
    homeDirectory: env.HOME ?? homeOfUser(),
    uid: process.getuid?.(),
    clock: systemClock,
    random: Math.random,
    stdout: (text) => {
      texts.out += text
      return 'written'
    },
    stderr: (text) => {
      texts.err += text
      onError()
      return 'written'
    },
    isTerminal: () => false,
  }
  return { edges, texts }
}

/** Runs a part of the program as if a process had begun with it. */
export function partHere<T>(run: () => Promise<T>): Promise<T> {
  return asProcess({ input: '', cwd: process.cwd() }, run)
}

function startHere(words: readonly string[], options: RunOptions): Running {
  if (needsProcess(words, options)) return startProcess(words, options)
  const { home, input = '', cwd = join(home, 'work') } = options
  const watchers = new Set<(ended: boolean) => void>()
  const { edges, texts } = edgesHere(words, { PATH: process.env.PATH, HOME: home, ...options.env }, () => {
    for (const look of watchers) look(false)
  })
  const run = async () => {
    const answer = await answerFromStore(edges)
    return typeof answer === 'number' ? answer : main(edges, answer)
  }
  const finished = asProcess({ input, cwd }, run).then((code) => {
    recordOutput({ words, stdout: texts.out, stderr: texts.err, code })
    return { code, signal: null, stdout: texts.out, stderr: texts.err }
  })
  void finished.finally(() => {
    for (const look of watchers) look(true)
  })
  return {
    get child(): never {
      throw new TypeError('what a test does to a process belongs into test/e2e')
    },
    finished,
    abandon: () => {},
    stderrMatches: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (ended: boolean) => {
          const match = texts.err.match(pattern)
          if (match === null && !ended) return
          watchers.delete(look)
          if (match === null) reject(new Error(`stderr never matched ${pattern}:\n${texts.err}`))
          else resolve(match)
        }
        watchers.add(look)
        look(false)
      }),
  }
}

/** What a run sees of the process around it as its own. */
interface Own {
  stdin: Readable
  startedMs: number
  cpu: NodeJS.CpuUsage
  cwd: string
}

const own = new AsyncLocalStorage<Own>()
let running = 0
let restore: (() => void)[] = []

/** Gives a run the standard input, the age and the directory of a process that has just begun; nothing of it stays. */
async function asProcess<T>(
  { input, cwd }: { input: string; cwd: string },
  run: () => Promise<T>,
): Promise<T> {
  const stdin = new PassThrough()
  stdin.end(input)
  if (running++ === 0) restore = [replaceProcess(), forgetListeners(), restoreStandardError()]
  try {
    return await own.run({ stdin, startedMs: performance.now(), cpu: process.cpuUsage(), cwd }, run)
  } finally {
    if (--running === 0) for (const undo of restore) undo()
  }
}

function replaceProcess(): () => void {
  const { uptime, cpuUsage, cwd } = process
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')
  const original = () => stdin?.get?.call(process)
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    get: () => own.getStore()?.stdin ?? original(),
  })
  process.uptime = () => {
    const begun = own.getStore()?.startedMs
    return begun === undefined ? uptime() : (performance.now() - begun) / 1000
  }
  process.cpuUsage = (previous) => cpuUsage(previous ?? own.getStore()?.cpu)
  process.cwd = () => own.getStore()?.cwd ?? cwd()
  return () => {
    if (stdin !== undefined) Object.defineProperty(process, 'stdin', stdin)
    Object.assign(process, { uptime, cpuUsage, cwd })
  }
}

/** The program listens as long as its process lives; here it ends before. */
function forgetListeners(): () => void {
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'uncaughtException'] as const
  const before = names.map((name) => new Set(process.listeners(name as NodeJS.Signals)))
  const most = process.getMaxListeners()
  process.setMaxListeners(0)
  return () => {
    for (const [i, name] of names.entries())
      for (const listener of process.listeners(name as NodeJS.Signals))
        if (!before[i]?.has(listener)) process.off(name, listener)
    process.setMaxListeners(most)
  }
}

/** Its own standard error is watched over by the program until the process ends. */
function restoreStandardError(): () => void {
  const stderr = Object.getOwnPropertyDescriptor(process, 'stderr')
  const node = process as { _rawDebug?: unknown }
  const { _rawDebug } = node
  return () => {
    if (stderr !== undefined) Object.defineProperty(process, 'stderr', stderr)
    node._rawDebug = _rawDebug
  }
}
