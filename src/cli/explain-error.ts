import { strayFileError } from '../files/index.ts'
import {
  type ErrorCode,
  type FixedText,
  messageWithRequestId,
  printable,
  SesameError,
  t,
} from '../kit/index.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'

/** A failure as the person sees it: at most two lines, what failed and what to do next. */
export interface Explanation {
  exitCode: number
  lines: string[]
}

const nextSteps: Partial<Record<ErrorCode, FixedText>> = {
  ERR_ACCESS_DENIED: 'If that was a mistake, run the same command again and approve.',
  ERR_DEVICE_CODE_EXPIRED: 'Run the same command again and approve sooner.',
  ERR_UNAUTHORIZED: 'Sign in again with --force.',
  ERR_FORBIDDEN:
    'Ask the administrator of the directory or the role; at CloudSSO you may choose another with --choose, or with --account-id and --access-config.',
  ERR_REFUSED:
    'Run "sesame doctor"; the administrator of the server finds the reason by the code and the RequestId.',
  ERR_NETWORK: 'Check the network and the address ("sesame profile show").',
  ERR_TIMEOUT: 'Check the network, then run the same command again.',
  ERR_SERVER: 'The server has a problem; try again in a while.',
  ERR_RESPONSE_INVALID: 'Check the address ("sesame profile show"); something else may have answered.',
}

/**
 * The one place where a failure becomes words and an exit code. `scrub` takes known secrets out of whatever a message
 * carries; a stack is added only when `DEBUG` asks for one.
 */
export function explainError(
  error: unknown,
  scrub: (text: string) => string,
  withStack: boolean,
): Explanation {
  const known = error instanceof SesameError ? error : strayFileError(error)
  const lines =
    known === undefined
      ? [t('Unexpected error: {message}', { message: messageOf(error) })]
      : explainOwn(known)
  if (withStack && error instanceof Error && error.stack !== undefined) lines.push(...stackOf(error))
  const exitCode = known === undefined ? exitCodes.failed : interruptedBy(known)
  return { exitCode, lines: lines.map(scrub) }
}

function explainOwn(error: SesameError): string[] {
  const first = messageWithRequestId(error)
  const usual = nextSteps[error.code]
  const next = error.hint ?? (usual && t(usual))
  return next === undefined ? [first] : [first, next]
}

/** Ctrl-C is 130, a polite kill 143, a closed terminal 129: 128 and the number of the signal. */
function interruptedBy(error: SesameError): number {
  if (error.code !== 'ERR_INTERRUPTED') return exitCodeOf[error.code]
  if (error.cause === 'SIGTERM') return 143
  return error.cause === 'SIGHUP' ? 129 : exitCodes.sigint
}

function messageOf(error: unknown): string {
  return printable((error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '')
}

function stackOf(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n').slice(1)
  return error.cause instanceof Error
    ? [...lines, `caused by ${error.cause.stack ?? error.cause.message}`]
    : lines
}
