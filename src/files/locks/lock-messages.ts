import { printable, SesameError } from '../../kit/index.ts'
import type { Holder } from './lock-file.ts'

/* What a person reads about a lock that another process holds. */

/** The name of a holder's host, harmless to print. */
export function hostName(holder: Holder): string {
  return printable(holder.host.split(' ')[0] ?? '', 80)
}

/** What a person reads while a lock is waited for. A file that does not say whose it is, is waited for until it is a minute old. */
export function waitingFor(pid: number | undefined, path: string): string {
  return pid === undefined
    ? `Waiting for the lock ${printable(path)}, which does not say whose it is …`
    : `Waiting for another sesame (process ${pid}) …`
}

/** A holder that was stopped (SIGSTOP, Ctrl-Z): only then is it right to end it. */
export function holderStopped(path: string, holder: Holder | undefined): SesameError {
  if (holder === undefined) return unknownHolder(path, 'holds the lock but is not responding:')
  const { pid } = holder
  const message = `Another sesame (process ${pid} on ${hostName(holder)}) holds the lock but is not responding (stopped?): ${printable(path)}.`
  return new SesameError('ERR_LOCK_TIMEOUT', message, {
    hint: `Resume it (kill -CONT ${pid}), or end it there: kill -9 ${pid}`,
  })
}

/** A holder at work: to end it could cost the sign-in that it is just renewing. */
export function holderWorking(path: string, holder: Holder | undefined): SesameError {
  if (holder === undefined) return unknownHolder(path, 'still holds the lock')
  const message = `Another sesame (process ${holder.pid} on ${hostName(holder)}) still works under the lock ${printable(path)}.`
  return new SesameError('ERR_LOCK_TIMEOUT', message, { hint: 'Wait until it has finished, then try again.' })
}

function unknownHolder(path: string, what: string): SesameError {
  return new SesameError('ERR_LOCK_TIMEOUT', `An unknown process ${what} ${printable(path)}.`, {
    hint: 'Try again in a minute, or delete that file if no sesame is running.',
  })
}
