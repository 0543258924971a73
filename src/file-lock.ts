import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Clock } from './clock.ts'
import { errorCode, SesameError } from './errors.ts'
import type { Log } from './log.ts'
import { printable } from './printable.ts'
import { ensurePrivateDirectory } from './private-file.ts'

export interface FileLockOptions {
  clock: Clock
  log: Log
  /** Ends the wait (not `run`) at once, with the signal's reason. */
  signal?: AbortSignal | undefined
  /** The longest wait; without it the wait ends only with the holder or the signal. */
  waitMs?: number | undefined
  /** Called once, after half a second of waiting. */
  onWait?: ((holder: { pid: number; host: string }) => void) | undefined
  /** Called when no lock can be had here (read-only directory, full disk): `run` goes on without one. */
  onUnavailable?: ((error: SesameError) => void) | undefined
}

/** Who holds a lock, as written in its file. A process number alone says little: they are used again. */
interface Holder {
  pid: number
  /** Start of the process in clock ticks since boot (field 22 of /proc/<pid>/stat, proc(5)); null without /proc. */
  startTime: string | null
  /** Host name, boot id and process number namespace: the scope in which `pid` means something. */
  host: string
  nonce: string
}

/** What lies at a lock's path at one instant; the holder is undefined when the content cannot be understood. */
interface Sighting {
  holder: Holder | undefined
  /** Names this one acquisition. */
  instance: string
  modifiedMs: number
}

/** A lock of ours. The open file keeps the heartbeat on our own inode, whoever has the path by then. */
interface Held {
  path: string
  nonce: string
  content: string
  fd: number
  /** True when its former holder had died, and so may have left other files. */
  tookOver?: boolean
}

/** A complete lock file under a name of its own, ready to be put at the lock's path in one step. */
type Ticket = Held

const heartbeatMs = 10_000
const stalledAfterMs = 30_000
const abandonedAfterMs = 60_000
const noticeAfterMs = 500
const longestPauseMs = 150
const cannotLock = ['EROFS', 'EACCES', 'ENOSPC', 'EDQUOT', 'EPERM']
const noHardLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/**
 * Runs `run` while no other process runs under the lock file at `path`, and releases it however `run` ends. The lock of
 * a dead process is taken over at once; one of another host, or with content that says nothing, when its file has not
 * been touched for 60 s. Throws `ERR_LOCK_TIMEOUT` after `waitMs` or when the holder stands still (SIGSTOP), and
 * `ERR_FILE` when the lock's directory is not ours.
 */
export async function withFileLock<T>(
  path: string,
  options: FileLockOptions,
  run: () => Promise<T>,
): Promise<T> {
  let held: Held
  try {
    ensurePrivateDirectory(dirname(path), (line) => options.log('sesame:lock', line))
    held = await acquire(path, options)
  } catch (cause) {
    const error = isSystemError(cause) ? fileError(path, cause) : cause
    const code = error instanceof SesameError ? (errorCode(error.cause) ?? '') : ''
    if (!(error instanceof SesameError) || !cannotLock.includes(code)) throw error
    options.log('sesame:lock', `no lock at ${path}: ${code}`)
    options.onUnavailable?.(error)
    return run()
  }
  options.log('sesame:lock', `took ${path}`)
  const heartbeat = setInterval(() => touch(held), heartbeatMs)
  heartbeat.unref()
  try {
    if (held.tookOver) removeLeftovers(path)
    return await run()
  } finally {
    clearInterval(heartbeat)
    options.log('sesame:lock', `${release(held)} ${path}`)
  }
}

/** Waits until the lock at `path` is ours. */
async function acquire(path: string, options: FileLockOptions): Promise<Held> {
  const { clock, signal, waitMs = Number.POSITIVE_INFINITY } = options
  const startMs = clock.monotonicMs()
  const ticket = writeTicket(path)
  let held: Held | undefined
  let notified = false
  let unmoved = { modifiedMs: Number.NaN, sinceMs: startMs }
  try {
    for (let round = 0; ; round++) {
      signal?.throwIfAborted()
      held = claim(ticket, path)
      if (held) return held
      const sighting = look(path)
      if (sighting === undefined) continue
      const { holder } = sighting
      if (isDead(sighting, touch(ticket))) {
        held = await takeOver(sighting, ticket, path, options)
        if (held) return held
      }
      const nowMs = clock.monotonicMs()
      if (sighting.modifiedMs !== unmoved.modifiedMs) {
        unmoved = { modifiedMs: sighting.modifiedMs, sinceMs: nowMs }
      }
      if (standsStill(sighting, touch(ticket), nowMs - unmoved.sinceMs)) {
        throw timeout(path, holder, 'holds the lock, but stands still')
      }
      if (nowMs - startMs >= waitMs) throw timeout(path, holder, 'still holds the lock')
      if (!notified && holder && nowMs - startMs >= noticeAfterMs) {
        notified = true
        options.log('sesame:lock', `waiting for process ${holder.pid}: ${path}`)
        options.onWait?.({ pid: holder.pid, host: hostName(holder) })
      }
      await clock.sleep(Math.min(pauseMs(round), waitMs - (nowMs - startMs)), signal)
    }
  } finally {
    fs.rmSync(ticket.path, { force: true })
    if (held?.fd !== ticket.fd) fs.closeSync(ticket.fd)
  }
}

function writeTicket(path: string): Ticket {
  const nonce = process.getBuiltinModule('node:crypto').randomBytes(8).toString('hex')
  const { startTime } = inspectProcess(process.pid)
  const content = JSON.stringify({ pid: process.pid, startTime, host: thisHost(), nonce } satisfies Holder)
  const ticketPath = `${path}.${process.pid}-${nonce}.ticket`
  const fd = fs.openSync(ticketPath, 'wx', 0o600)
  writeOrRemove(fd, ticketPath, content)
  return { path: ticketPath, nonce, content, fd }
}

/** One try. `link` puts the complete file in place or fails; where there are no hard links, readers see it grow. */
function claim(ticket: Ticket, path: string): Held | undefined {
  try {
    fs.linkSync(ticket.path, path)
    return { ...ticket, path }
  } catch (error) {
    // Over NFS a link can be made and its answer lost.
    if (errorCode(error) === 'EEXIST') return isOurs(ticket, path) ? { ...ticket, path } : undefined
    if (!noHardLinks.includes(errorCode(error) ?? '')) throw error
  }
  let fd: number
  try {
    fd = fs.openSync(path, 'wx', 0o600)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return undefined
    throw error
  }
  writeOrRemove(fd, path, ticket.content)
  return { ...ticket, path, fd }
}

function writeOrRemove(fd: number, path: string, content: string): void {
  try {
    fs.writeFileSync(fd, content)
  } catch (error) {
    fs.closeSync(fd)
    fs.rmSync(path, { force: true })
    throw error
  }
}

/**
 * Puts our ticket in a dead holder's place. The right to do so belongs to this one dead instance and is itself such a
 * lock, so two takers cannot both find it dead and then remove each other; a taker that dies is buried in its turn.
 */
async function takeOver(
  dead: Sighting,
  ticket: Ticket,
  path: string,
  options: FileLockOptions,
): Promise<Held | undefined> {
  const right = await acquire(`${path}.${dead.instance}`, { ...options, onWait: undefined })
  try {
    const now = look(path)
    if (now?.instance !== dead.instance || !isDead(now, touch(ticket))) return undefined
    fs.renameSync(ticket.path, path)
    options.log('sesame:lock', `took over from process ${dead.holder?.pid ?? 'unknown'}: ${path}`)
    return { ...ticket, path, tookOver: true }
  } catch (error) {
    // Windows does not replace a file that another waiter is reading just now: the next round tries again.
    if (process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error) ?? ''))
      return undefined
    throw error
  } finally {
    release(right)
  }
}

/** Removes the lock if it is still ours, and says in a word for the log what became of it. */
function release(held: Held): string {
  // A fresh heartbeat first: nobody may find us dead between the look and the removal.
  touch(held)
  const ours = isOurs(held, held.path)
  fs.closeSync(held.fd)
  if (!ours) return 'had lost'
  try {
    fs.unlinkSync(held.path)
    return 'released'
  } catch (error) {
    // The work under the lock is done and counts; the lock ends with this process.
    return `could not release (${errorCode(error)})`
  }
}

function isOurs(held: Held, path: string): boolean {
  return look(path)?.instance === held.nonce
}

/** Removes tickets and take-over rights of dead processes of this host, which nobody waits for any more. */
function removeLeftovers(path: string): void {
  for (const name of fs.readdirSync(dirname(path))) {
    const rest = name.startsWith(basename(path)) ? name.slice(basename(path).length) : ''
    if (!/^(\.[0-9a-f]{16})*(\.\d+-[0-9a-f]{16}\.ticket)?$/.test(rest) || rest === '') continue
    const leftover = look(join(dirname(path), name))
    if (leftover?.holder?.host !== thisHost() || !isDead(leftover, leftover.modifiedMs)) continue
    fs.rmSync(join(dirname(path), name), { force: true })
  }
}

/**
 * Gives the file the file system's own present time and returns it (ms). Writing the same bytes again does that on
 * network file systems too, where utimes would set our clock's time.
 */
function touch(held: Held): number {
  try {
    fs.writeSync(held.fd, held.content, 0)
  } catch (error) {
    // A full disk: the file keeps its earlier time, and everything else looks younger than it is.
    if (!cannotLock.includes(errorCode(error) ?? '')) throw error
  }
  return fs.fstatSync(held.fd).mtimeMs
}

function look(path: string): Sighting | undefined {
  let fd: number
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK)
  } catch {
    // Gone, or nothing that can be opened (a symbolic link, a foreign file): then only its age counts.
    const stats = fs.lstatSync(path, { throwIfNoEntry: false })
    return stats && { holder: undefined, instance: `inode-${stats.ino}`, modifiedMs: stats.mtimeMs }
  }
  try {
    const stats = fs.fstatSync(fd)
    const bytes = Buffer.alloc(1024)
    const length = stats.isFile() ? fs.readSync(fd, bytes, 0, bytes.length, 0) : 0
    const holder = parseHolder(bytes.toString('utf8', 0, length))
    return { holder, instance: holder?.nonce ?? `inode-${stats.ino}`, modifiedMs: stats.mtimeMs }
  } finally {
    fs.closeSync(fd)
  }
}

function parseHolder(text: string): Holder | undefined {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  const { pid, startTime, host, nonce } = (content ?? {}) as Partial<Record<keyof Holder, unknown>>
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid < 1 || pid >= 2 ** 31) return undefined
  if (startTime !== null && typeof startTime !== 'string') return undefined
  if (typeof host !== 'string' || typeof nonce !== 'string' || !/^[0-9a-f]{16}$/.test(nonce)) return undefined
  return { pid, startTime, host, nonce }
}

/** `nowMs` is the file system's time. A time far in the future is as lifeless as an old one: a heart beats every 10 s. */
function isDead({ holder, modifiedMs }: Sighting, nowMs: number): boolean {
  const abandoned = Math.abs(nowMs - modifiedMs) > abandonedAfterMs
  if (holder === undefined || holder.host !== thisHost()) return abandoned
  const { alive, startTime } = inspectProcess(holder.pid)
  if (!alive) return true
  return holder.startTime === null || startTime === null ? abandoned : startTime !== holder.startTime
}

/** A live holder without a heartbeat. After a laptop's sleep everyone looks so for a beat: unless stopped, watch one. */
function standsStill({ holder, modifiedMs }: Sighting, nowMs: number, unmovedMs: number): boolean {
  if (holder === undefined || holder.host !== thisHost() || nowMs - modifiedMs < stalledAfterMs) return false
  const { alive, startTime, stopped } = inspectProcess(holder.pid)
  return alive && startTime !== null && (stopped || unmovedMs > heartbeatMs * 1.2)
}

/** What the system knows of a process number: /proc where there is one (a zombie counts as dead), else signal 0. */
function inspectProcess(pid: number): { alive: boolean; startTime: string | null; stopped: boolean } {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the command in brackets and can hold anything; count from the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const state = fields[0] ?? ''
    return { alive: !/[ZXx]/.test(state), startTime: fields[19] ?? null, stopped: /[Tt]/.test(state) }
  } catch {
    // No /proc, or not this process in it: only the signal can tell.
  }
  try {
    process.kill(pid, 0)
    return { alive: true, startTime: null, stopped: false }
  } catch (error) {
    return { alive: errorCode(error) !== 'ESRCH', startTime: null, stopped: false }
  }
}

let host: string | undefined

function thisHost(): string {
  if (host !== undefined) return host
  const parts = [process.getBuiltinModule('node:os').hostname()]
  if (process.platform === 'linux') {
    try {
      parts.push(
        fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
        fs.readlinkSync('/proc/self/ns/pid'),
      )
    } catch {
      // A sandbox without these: then the host name alone is the scope.
    }
  }
  host = parts.join(' ')
  return host
}

function hostName(holder: Holder): string {
  return printable(holder.host.split(' ')[0] ?? '', 80)
}

/** Grows from about 5 ms to 150 ms; the jitter keeps a crowd of waiters from marching in step. */
function pauseMs(round: number): number {
  const longest = Math.min(longestPauseMs, 8 * 2 ** Math.min(round, 8))
  return process.getBuiltinModule('node:crypto').randomInt(Math.ceil(longest / 2), longest + 1)
}

function isSystemError(error: unknown): boolean {
  return !(error instanceof SesameError) && error instanceof Error && 'syscall' in error
}

function fileError(path: string, cause: unknown): SesameError {
  return new SesameError('ERR_FILE', `Cannot lock ${printable(path)}: ${errorCode(cause)}`, { cause })
}

function timeout(path: string, holder: Holder | undefined, what: string): SesameError {
  if (holder === undefined) {
    return new SesameError('ERR_LOCK_TIMEOUT', `An unknown process ${what} ${printable(path)}.`, {
      hint: 'Try again in a minute, or delete that file if no sesame is running.',
    })
  }
  const { pid } = holder
  const message = `Another sesame (process ${pid} on ${hostName(holder)}) ${what} ${printable(path)}.`
  return new SesameError('ERR_LOCK_TIMEOUT', message, {
    hint: `Wait for it, or end it there: kill -9 ${pid}`,
  })
}
