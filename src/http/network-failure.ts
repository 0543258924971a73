import { errorCode, type FixedText, SesameError, t } from '../kit/index.ts'
import { foreignText } from './redaction/scrub.ts'

const inWords: Record<string, FixedText> = {
  EACCES: 'the system does not allow it',
  EADDRNOTAVAIL: 'the address is not usable from here',
  EAI_AGAIN: 'looking up its name failed for now',
  ECONNABORTED: 'the connection was broken off',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken off',
  EHOSTUNREACH: 'there is no route to it',
  ENETDOWN: 'the network is down',
  ENETUNREACH: 'the network is unreachable',
  ENOTFOUND: 'its name cannot be resolved',
  EPERM: 'the system does not allow it',
  EPIPE: 'the connection was broken off',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection was broken off',
}

/** A cause in words with its code, on one line: `its name cannot be resolved (ENOTFOUND)`. */
export function causeInWords(error: unknown): string {
  const code = errorCode(error)
  const words = code === undefined ? undefined : inWords[code]
  if (words) return `${t(words)} (${code})`
  const message =
    error instanceof Error && error.message !== '' ? foreignText(error.message, 200) : t('unknown cause')
  return code === undefined || message.includes(code) ? message : `${message} (${foreignText(code, 60)})`
}

/** The error for a host that could not be reached or was lost. */
export function networkFailure(error: unknown, host: string): SesameError {
  if (error instanceof SesameError) return error
  const code = errorCode(error) === 'ETIMEDOUT' ? 'ERR_TIMEOUT' : 'ERR_NETWORK'
  const message = t('Cannot reach {host}: {reason}.', { host, reason: causeInWords(error) })
  return new SesameError(code, message, { hint: t(connectionHint), cause: error })
}

export const connectionHint: FixedText =
  'Check the network connection and the address; behind a proxy, set HTTPS_PROXY.'

/**
 * The error for a request that failed after its connection stood.
 *
 * @param answered whether the head of the answer had arrived: then the answer was cut short
 */
export function exchangeFailure(error: unknown, host: string, answered: boolean): unknown {
  if (error instanceof SesameError || !(error instanceof Error)) return error
  if (isProtocolFault(error)) {
    const reason = foreignText(error.message, 200)
    // Without its cause: a socket code in it would make this look like a passing fault.
    return new SesameError(
      'ERR_RESPONSE_INVALID',
      t('The server {host} sent an answer that is not valid HTTP: {reason}.', { host, reason }),
    )
  }
  const code = errorCode(error) ?? ''
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' || (answered && inWords[code])) {
    return new SesameError(
      'ERR_RESPONSE_INVALID',
      t('The answer of {host} was cut short ({code}).', { host, code }),
      {
        hint: t('Try again; something between here and the server breaks connections off.'),
        cause: error,
      },
    )
  }
  return networkFailure(error, host)
}

/** Recognised by name and text: undici gives parser errors no code, and a refused upgrade the code of a lost socket. */
function isProtocolFault(error: Error): boolean {
  return (
    error.name === 'HTTPParserError' ||
    errorCode(error) === 'UND_ERR_HEADERS_OVERFLOW' ||
    /^bad (?:response|upgrade)$/.test(error.message)
  )
}
