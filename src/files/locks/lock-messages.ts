import { printable, SesameError, t } from '../../kit/index.ts'
import type { Holder } from './lock-file.ts'

/* What a person reads about a lock that another process holds. */

/** The name of a holder's host, harmless to print. */
export function hostName(holder: Holder): string {
  return printable(holder.host.split(' ')[0] ?? '', 80)
}

/** What a person reads while a lock is waited for. A file that does not say whose it is, is waited for until it is a minute old. */
export function waitingFor(pid: number | undefined, path: string): string {
  return pid === undefined
    ? t('Waiting for the lock {path}, which does not say whose it is …', { path: printable(path) })
    : t('Waiting for another sesame (process {pid}) …', { pid })
}

/** A holder that was stopped (SIGSTOP, Ctrl-Z): only then is it right to end it. */
export function holderStopped(path: string, holder: Holder | undefined): SesameError {
  if (holder === undefined)
    return unknownHolder(
      t('An unknown process holds the lock but is not responding: {path}.', { path: printable(path) }),
    )
  const { pid } = holder
  const message = t(
    'Another sesame (process {pid} on {host}) holds the lock but is not responding (stopped?): {path}.',
    { pid, host: hostName(holder), path: printable(path) },
  )
  return new SesameError('ERR_LOCK_TIMEOUT', message, {
    hint: t('Resume it (kill -CONT {pid}), or end it there: kill -9 {pid}', { pid }),
  })
}

/** A holder at work: to end it could cost the sign-in that it is just renewing. */
export function holderWorking(path: string, holder: Holder | undefined): SesameError {
  if (holder === undefined)
    return unknownHolder(t('An unknown process still holds the lock {path}.', { path: printable(path) }))
  const message = t('Another sesame (process {pid} on {host}) still works under the lock {path}.', {
    pid: holder.pid,
    host: hostName(holder),
    path: printable(path),
  })
  return new SesameError('ERR_LOCK_TIMEOUT', message, {
    hint: t('Wait until it has finished, then try again.'),
  })
}

function unknownHolder(message: string): SesameError {
  return new SesameError('ERR_LOCK_TIMEOUT', message, {
    hint: t('Try again in a minute, or delete that file if no sesame is running.'),
  })
}
