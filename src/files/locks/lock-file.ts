import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorCode, inspectProcess, parseRecord, thisHost } from '../../kit/index.ts'
import { isBusy, linkFile, whileBusy } from '../file-systems.ts'

/** Who holds a lock, as written in its file. A process number alone says little: they are used again. */
export interface Holder {
  pid: number
  /** Start of the process in clock ticks since boot (field 22 of /proc/<pid>/stat, proc(5)); null without /proc. */
  startTime: string | null
  /** Host name, boot id and process number namespace: the scope in which `pid` means something. */
  host: string
  nonce: string
}

/** What lies at a lock's path at one instant; the holder is undefined when the content cannot be understood. */
export interface Sighting {
  holder: Holder | undefined
  /** Names this one acquisition. */
  instance: string
  /** NaN where nothing can be seen: then it counts as held. */
  modifiedMs: number
}

/** A lock of ours. The open file keeps the heartbeat on our own inode, whichever file has the path by then. */
export interface Held {
  path: string
  nonce: string
  content: string
  fd: number
}

/** A complete lock file under a name of its own, ready to be put at the lock's path in one step. */
export type Ticket = Held

/** How often a holder touches its file. */
export const heartbeatMs = 10_000
const stalledAfterMs = 30_000
const abandonedAfterMs = 60_000
/** Disks and directories on which no lock can be had: work goes on without one. */
export const cannotLock = ['EROFS', 'EACCES', 'ENOSPC', 'EDQUOT', 'EPERM']

export function writeTicket(path: string): Ticket {
  const nonce = process.getBuiltinModule('node:crypto').randomBytes(8).toString('hex')
  const { startTime } = inspectProcess(process.pid)
  const content = JSON.stringify({ pid: process.pid, startTime, host: thisHost(), nonce } satisfies Holder)
  const ticketPath = `${path}.${process.pid}-${nonce}.ticket`
  const fd = openSync(ticketPath, 'wx', 0o600)
  writeOrRemove(fd, ticketPath, content)
  return { path: ticketPath, nonce, content, fd }
}

/** One try. A link puts the complete file in place or fails; where there are no hard links, readers see it grow. */
export function claim(ticket: Ticket, path: string): Held | undefined {
  // Over NFS a link can be made and its answer lost: what has the name may be ours.
  const ours = () => (isOurs(ticket, path) ? { ...ticket, path } : undefined)
  const outcome = linkFile(ticket.path, path)
  if (outcome === 'linked') return { ...ticket, path }
  if (outcome === 'exists') return ours()
  let fd: number
  try {
    fd = openSync(path, 'wx', 0o600)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return ours()
    // A lock that is being released has its name until its last reader has closed it.
    if (isBusy(error)) return undefined
    throw error
  }
  writeOrRemove(fd, path, ticket.content)
  return { ...ticket, path, fd }
}

function writeOrRemove(fd: number, path: string, content: string): void {
  try {
    writeFileSync(fd, content)
  } catch (error) {
    closeSync(fd)
    rmSync(path, { force: true })
    throw error
  }
}

/** Removes the lock if it is still ours, and says in a word for the log what became of it. */
export function release(held: Held): string {
  // A fresh heartbeat first: no other process may take us for dead between the look and the removal.
  touch(held)
  try {
    const ours = whileBusy(() => open(held.path))?.instance === held.nonce
    if (!ours) return 'had lost'
    whileBusy(() => unlinkSync(held.path))
    return 'released'
  } catch (error) {
    // The work under the lock is done and counts; the lock ends with this process.
    return `could not release (${errorCode(error)})`
  } finally {
    closeSync(held.fd)
  }
}

function isOurs(held: Held, path: string): boolean {
  return look(path)?.instance === held.nonce
}

/** Removes tickets and take-over rights of dead processes of this host, which no process waits for any more. */
export function removeLeftovers(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    const rest = name.startsWith(basename(path)) ? name.slice(basename(path).length) : ''
    if (!/^(\.[0-9a-f]{16})*(\.\d+-[0-9a-f]{16}\.ticket)?$/.test(rest) || rest === '') continue
    const leftover = look(join(dirname(path), name))
    if (leftover?.holder?.host !== thisHost() || !isDead(leftover, leftover.modifiedMs)) continue
    rmSync(join(dirname(path), name), { force: true })
  }
}

/**
 * Gives the file the file system's own present time and returns it (ms). Writing the same bytes again does that on
 * network file systems too, where utimes would set our clock's time.
 */
export function touch(held: Held): number {
  try {
    writeSync(held.fd, held.content, 0)
  } catch (error) {
    // A full disk: the file keeps its earlier time, and everything else looks younger than it is.
    if (!cannotLock.includes(errorCode(error) ?? '')) throw error
  }
  return fstatSync(held.fd).mtimeMs
}

/** What lies at the path now. Where nothing can be opened (a symbolic link, a foreign file) only its age counts. */
export function look(path: string): Sighting | undefined {
  try {
    return open(path)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
  }
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    return stats && { holder: undefined, instance: `inode-${stats.ino}`, modifiedMs: stats.mtimeMs }
  } catch (error) {
    if (!isBusy(error)) throw error
    return { holder: undefined, instance: 'busy', modifiedMs: Number.NaN }
  }
}

/** @throws what the system says when the file is there and cannot be opened */
function open(path: string): Sighting | undefined {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    const stats = fstatSync(fd)
    const bytes = Buffer.alloc(1024)
    const length = stats.isFile() ? readSync(fd, bytes, 0, bytes.length, 0) : 0
    const holder = parseHolder(bytes.toString('utf8', 0, length))
    return { holder, instance: holder?.nonce ?? `inode-${stats.ino}`, modifiedMs: stats.mtimeMs }
  } finally {
    closeSync(fd)
  }
}

function parseHolder(text: string): Holder | undefined {
  const { pid, startTime, host, nonce } = parseRecord(text) ?? {}
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid < 1 || pid >= 2 ** 31) return undefined
  if (startTime !== null && typeof startTime !== 'string') return undefined
  if (typeof host !== 'string' || typeof nonce !== 'string' || !/^[0-9a-f]{16}$/.test(nonce)) return undefined
  return { pid, startTime, host, nonce }
}

/** `nowMs` is the file system's time. A time far in the future is as lifeless as an old one: a heart beats every 10 s. */
export function isDead({ holder, modifiedMs }: Sighting, nowMs: number): boolean {
  const abandoned = Math.abs(nowMs - modifiedMs) > abandonedAfterMs
  if (holder === undefined || holder.host !== thisHost()) return abandoned
  const { alive, startTime } = inspectProcess(holder.pid)
  if (!alive) return true
  return holder.startTime === null || startTime === null ? abandoned : startTime !== holder.startTime
}

/** Whether the holder is a process of this machine that was stopped (SIGSTOP, Ctrl-Z), as far as /proc shows. */
export function isStopped({ holder }: Sighting): boolean {
  return holder !== undefined && holder.host === thisHost() && inspectProcess(holder.pid).stopped
}

/** A running holder without a heartbeat. After a laptop's sleep everyone looks so for a beat: unless stopped, watch one. */
export function standsStill({ holder, modifiedMs }: Sighting, nowMs: number, unmovedMs: number): boolean {
  if (holder === undefined || holder.host !== thisHost() || nowMs - modifiedMs < stalledAfterMs) return false
  const { alive, startTime, stopped } = inspectProcess(holder.pid)
  return alive && startTime !== null && (stopped || unmovedMs > heartbeatMs * 1.2)
}

/** Where the lock of this name lies, for all processes with the same directory. */
export function lockPath(directory: string, name: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return join(directory, 'locks', `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.lock`)
}
