import { isSesameError, t } from '../kit/index.ts'
import type { Remedy } from './remedy.ts'

/** One thing that the doctor looked at. `fix` is what to do, a command wherever there is one. */
export interface Finding {
  check: string
  status: 'ok' | 'warning' | 'problem'
  message: string
  fix?: string
  /** What `--fix` can do about it; what is said about a finding to programs leaves it out. */
  remedy?: Remedy
}

export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message }
}

export function warning(check: string, message: string, fix: string, remedy?: Remedy): Finding {
  return { check, status: 'warning', message, fix, ...(remedy && { remedy }) }
}

export function problem(check: string, message: string, fix: string, remedy?: Remedy): Finding {
  return { check, status: 'problem', message, fix, ...(remedy && { remedy }) }
}

/** `WHAT: reason` */
export function about(what: string, reason: string): string {
  return t('{what}: {reason}', { what, reason })
}

/** A failure as a value: its message and what its place of origin knew to do about it. */
export interface Failure {
  kind: 'failed'
  message: string
  hint: string | undefined
}

/** The failure of something that was only looked at; what is not a `SesameError` is a bug and goes on. */
export function failureOf(error: unknown): Failure {
  if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
  return { kind: 'failed', message: error.message, hint: error.hint }
}

/** True when other users can do something with it. */
export function exposed(mode: number): boolean {
  return (mode & 0o077) !== 0
}

/** What was found in a file that is open as well. */
export function saysOpen(found: string, mode: number): string {
  return t('{found}, open to other users (mode {mode})', { found, mode: octal(mode) })
}

/** `0644` */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
