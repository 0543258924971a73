import { readFileSync, readlinkSync } from 'node:fs'
import { type Clock, errorCode, inspectProcess } from '../kit/index.ts'

/** A process of this machine; the time of its start tells it from a later one of the same number, where there is /proc. */
export interface OtherProcess {
  pid: number
  startTime: string | null
}

const lookEveryMs = 1000

/**
 * The process that reads what this one prints: the shell of `eval "$(sesame …)"`. Between them there may be others that end with this one:
 * the subshell of the substitution, npx. They write to the same pipe, the shell does not. Undefined on Windows, where the parent may
 * be such a process and the system does not report it.
 */
export function readerOfOutput(): OtherProcess | undefined {
  if (process.platform === 'win32') return undefined
  const pid = process.platform === 'linux' ? readerByPipe() : readerByCommand()
  return { pid, startTime: inspectProcess(pid).startTime }
}

/** Resolves soon after that process has ended. Rejects when aborted. */
export async function untilProcessEnds(
  { pid, startTime }: OtherProcess,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const now = inspectProcess(pid)
    if (!now.alive || now.startTime !== startTime) return
    await clock.sleep(lookEveryMs, signal)
  }
}

/** The words that a process was started with; undefined when there is none, or the system does not report it. */
export function commandLineOf(pid: number): string[] | undefined {
  const text = ifThere(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  if (text !== undefined) return text.split('\0').slice(0, -1)
  return process.platform === 'linux' ? undefined : askPs(pid)?.command.split(' ')
}

function readerByPipe(): number {
  const outputOf = (pid: number | 'self') => ifThere(() => readlinkSync(`/proc/${pid}/fd/1`))
  const output = outputOf('self')
  let pid = process.ppid
  // Pipes are sockets in ksh. What leads a session is no helper of ours, wherever it writes.
  while (/^(?:pipe|socket):/.test(output ?? '') && outputOf(pid) === output && sessionOf(pid) !== pid) {
    const parent = Number(fieldsOf(pid)?.[1])
    if (!(parent > 0)) return pid
    pid = parent
  }
  return pid
}

/** A subshell is a copy of its shell, and shows the same command. */
function readerByCommand(): number {
  const parent = askPs(process.ppid)
  const above = parent && askPs(parent.ppid)
  return parent !== undefined && above?.command === parent.command ? parent.ppid : process.ppid
}

function sessionOf(pid: number): number {
  return Number(fieldsOf(pid)?.[3])
}

/** State, parent, process group, session and so on (proc(5)), behind the name, which may hold anything. */
function fieldsOf(pid: number): string[] | undefined {
  const stat = ifThere(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function askPs(pid: number): { ppid: number; command: string } | undefined {
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const words = ['-o', 'ppid=', '-o', 'args=', '-p', String(pid)]
  const { stdout } = spawnSync('/bin/ps', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const [, ppid, command] = /^\s*(\d+)\s+(.+?)\s*$/.exec(stdout ?? '') ?? []
  return ppid === undefined || command === undefined ? undefined : { ppid: Number(ppid), command }
}

/** Undefined for what is gone, or another user's. */
function ifThere<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}

/** Where the number of the parent comes from, and what becomes of a process; tests pass in their own. */
export interface ProcessTable {
  parent(): number
  /** What tells a process from a later one with its number, as far as the system shows it; undefined when there is none. */
  identity(pid: number): string | undefined
}

/** The processes of this system. */
export const systemProcesses: ProcessTable = {
  parent: () => process.ppid,
  identity(pid) {
    const { alive, startTime, ours } = inspectProcess(pid)
    // Windows shows no start time here, but uses numbers again soon: at least another user's process is another one.
    return alive ? `${startTime} ${process.platform !== 'win32' || ours}` : undefined
  },
}

/**
 * Notes which process is the parent now. The function that it returns resolves soon after that one has ended. POSIX gives an
 * orphan another parent; Windows goes on naming the one that is gone, so its existence is asked for, too. Rejects when aborted.
 */
export function watchParent(
  table: ProcessTable = systemProcesses,
): (clock: Clock, signal: AbortSignal) => Promise<void> {
  const parent = table.parent()
  // A parent outside of this process number namespace (`docker exec`) has no number that could be asked for.
  const identity = parent > 0 ? table.identity(parent) : undefined
  const isThere = () =>
    table.parent() === parent &&
    (parent <= 0 || (identity !== undefined && table.identity(parent) === identity))
  return async (clock, signal) => {
    while (isThere()) await clock.sleep(lookEveryMs, signal)
  }
}
