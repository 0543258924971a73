import { readFileSync, readlinkSync } from 'node:fs'
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

let boot: string | undefined

/**
 * Names this boot of this machine: Linux's boot id. Elsewhere, and in a sandbox without it, the host name, which at least tells
 * machines apart: a boot of the same one can only be later than the one before.
 */
export function bootId(): string {
  boot ??= linuxFact(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? hostName()
  return boot
}

/** How long this boot has lasted, time asleep included. The cached path does without `node:os`, which takes longer than all it reads. */
export function uptimeSeconds(): number {
  const seconds = Number.parseFloat(linuxFact(() => readFileSync('/proc/uptime', 'latin1')) ?? '')
  return Number.isNaN(seconds) ? process.getBuiltinModule('node:os').uptime() : seconds
}

let host: string | undefined

/** Host name, boot id and process number namespace: the scope in which a process number means something. */
export function thisHost(): string {
  const namespace = () => readlinkSync('/proc/self/ns/pid')
  host ??= [...new Set([hostName(), bootId(), linuxFact(namespace)])].filter(Boolean).join(' ')
  return host
}

function hostName(): string {
  return process.getBuiltinModule('node:os').hostname()
}

/** Undefined where /proc does not tell: on other systems, and in a sandbox. */
function linuxFact(read: () => string): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    return read()
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}
