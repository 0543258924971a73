import { readFileSync } from 'node:fs'
import { errorCode } from './errors.ts'

export interface ProcessState {
  alive: boolean
  startTime: string | null
  /** Whether we may send it signals: false for a process of another user, where that was asked. */
  ours: boolean
  stopped: boolean
  /** It has a core, or would like one: what it is late with, it is late with for want of a processor. */
  runnable: boolean
}

/** What the system knows of a process number: /proc where there is one (a zombie counts as dead), else signal 0. */
export function inspectProcess(pid: number): ProcessState {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the command in brackets and can hold anything; count from the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const state = fields[0] ?? ''
    return {
      alive: !/[ZXx]/.test(state),
      startTime: fields[19] ?? null,
      ours: true,
      stopped: /[Tt]/.test(state),
      runnable: state === 'R',
    }
  } catch (error) {
    // No /proc, or not this process in it: only the signal can show it.
    if (errorCode(error) === undefined) throw error
  }
  try {
    process.kill(pid, 0)
    return { alive: true, startTime: null, ours: true, stopped: false, runnable: false }
  } catch (error) {
    const alive = errorCode(error) !== 'ESRCH'
    return { alive, startTime: null, ours: false, stopped: false, runnable: false }
  }
}
