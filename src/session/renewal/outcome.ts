import { rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import {
  ensurePrivateDirectory,
  inWords,
  namesIn,
  readPrivateFile,
  statsOf,
  writePrivateFile,
} from '../../files/index.ts'
import { asRecord, type ErrorCode, parseRecord, printable, SesameError } from '../../kit/index.ts'

/** Who made an attempt: a person's login, or a program's renewal. */
export type Attempter = 'person' | 'program'

/** What became of the last attempt under a lock, for those who waited for it. Holds no secret. */
export interface Outcome {
  /** The acquisition of the lock under which it was made. */
  instance: string
  /** Host, boot and process namespace, in which the instants mean something. */
  host: string
  by: Attempter
  /** Names what was to be had: store and item, hashed. */
  of: string
  /** Monotonic instants, in ms since the machine was booted. */
  startedMs: number
  endedMs: number
  /** Absent when it succeeded. */
  failure?: SesameError
}

/** Failures that the next one would meet as well. Not those of one process: a passphrase, an option, an interruption. */
const shareable: readonly ErrorCode[] = [
  'ERR_LOGIN_REQUIRED',
  'ERR_ACCESS_DENIED',
  'ERR_DEVICE_CODE_EXPIRED',
  'ERR_NETWORK',
  'ERR_TIMEOUT',
  'ERR_TLS',
  'ERR_PROXY',
  'ERR_SERVER',
  'ERR_RESPONSE_INVALID',
  'ERR_REFUSED',
  'ERR_UNAUTHORIZED',
  'ERR_FORBIDDEN',
  'ERR_TOKEN_INVALID',
]

const version = 1
const maxBytes = 8192
const maxText = 1000
/** No process waits for so long; older outcomes are litter. */
const keptForMs = 3_600_000

/** Where the outcome of the lock at `lock` lies: beside the directory of the locks. */
export function outcomePath(lock: string): string {
  return join(dirname(dirname(lock)), 'outcomes', `${basename(lock, '.lock')}.json`)
}

/** Items are named by addresses and account numbers: the record need not repeat them. */
export function hashOf(of: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(of).digest('hex').slice(0, 16)
}

export function isShareable(error: unknown): error is SesameError {
  return error instanceof SesameError && shareable.includes(error.code)
}

/**
 * Leaves an outcome, 0600 and whole at once, and removes old ones of other locks. `nowMs` is the wall clock's.
 * @throws SesameError ERR_FILE
 */
export function writeOutcome(path: string, outcome: Outcome, nowMs: number): void {
  const { failure, ...rest } = outcome
  const record = { v: version, ...rest, ...(failure && { failure: wireOf(failure) }) }
  ensurePrivateDirectory(dirname(path), () => undefined)
  writePrivateFile(path, JSON.stringify(record), { durable: false })
  for (const name of namesIn(dirname(path)) ?? []) {
    const other = join(dirname(path), name)
    const modifiedMs = statsOf(other)?.mtimeMs ?? nowMs
    if (nowMs - modifiedMs > keptForMs) inWords('remove', other, () => rmSync(other, { force: true }))
  }
}

/** Reads an outcome; undefined for anything that is not one to the letter: torn, edited, of a later version, foreign. */
export function readOutcome(path: string): Outcome | undefined {
  let record: Record<string, unknown> | undefined
  try {
    record = parseRecord(readPrivateFile(path, { maxBytes, warn: () => undefined }) ?? '')
  } catch (error) {
    // Without it the attempt is simply made once more.
    if (error instanceof SesameError) return undefined
    throw error
  }
  const { v, instance, host, by, of, startedMs, endedMs, failure } = record ?? {}
  if (v !== version || !isText(instance, 64) || !isText(host, 512) || !isText(of, 64)) return undefined
  if (by !== 'person' && by !== 'program') return undefined
  if (!isInstant(startedMs) || !isInstant(endedMs) || startedMs > endedMs) return undefined
  const base: Outcome = { instance, host, by, of, startedMs, endedMs }
  if (failure === undefined) return base
  const error = errorOf(failure)
  return error && { ...base, failure: error }
}

function wireOf({ code, message, hint, serverCode, requestId, status }: SesameError) {
  const short = (text: string | undefined) => text?.slice(0, maxText)
  return {
    code,
    message: short(message),
    hint: short(hint),
    serverCode: short(serverCode),
    requestId: short(requestId),
    status,
  }
}

function errorOf(wire: unknown): SesameError | undefined {
  const { code, message, hint, serverCode, requestId, status } = asRecord(wire) ?? {}
  const known = shareable.find((each) => each === code)
  if (known === undefined || !isText(message, maxText)) return undefined
  for (const text of [hint, serverCode, requestId])
    if (text !== undefined && !isText(text, maxText)) return undefined
  if (status !== undefined && !(Number.isInteger(status) && Number(status) >= 100 && Number(status) <= 599))
    return undefined
  const shown = (text: unknown) => (typeof text === 'string' ? printable(text, maxText) : undefined)
  const next = shown(hint)
  return new SesameError(known, shown(message) ?? '', {
    ...(next === undefined ? {} : { hint: next }),
    serverCode: shown(serverCode),
    requestId: shown(requestId),
    status: status as number | undefined,
  })
}

function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= max
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
