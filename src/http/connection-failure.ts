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

const privateCa: FixedText =
  'If a private CA signs here (a company proxy, an own server), set SESAME_CA_FILE to its certificate (PEM).'

const explained: Record<string, { words: FixedText; hint: FixedText }> = {
  CERT_HAS_EXPIRED: {
    words: 'its certificate has expired',
    hint: 'The server must renew it; check the local clock.',
  },
  CERT_NOT_YET_VALID: { words: 'its certificate is not valid yet', hint: 'Check the local clock.' },
  CERT_REVOKED: { words: 'its certificate is revoked', hint: 'Ask the operator of the server.' },
  DEPTH_ZERO_SELF_SIGNED_CERT: { words: 'its certificate is self-signed', hint: privateCa },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    words: 'its certificate is for another host',
    hint: 'Check the address; something else may be answering in its place.',
  },
  SELF_SIGNED_CERT_IN_CHAIN: { words: 'its certificate comes from an unknown authority', hint: privateCa },
  UNABLE_TO_GET_ISSUER_CERT: { words: 'its certificate comes from an unknown authority', hint: privateCa },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    words: 'its certificate comes from an unknown authority',
    hint: privateCa,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    words: 'its certificate comes from an unknown authority',
    hint: privateCa,
  },
  CA_MD_TOO_WEAK: {
    words: 'its certificate is signed with an outdated hash',
    hint: 'The server must renew it.',
  },
  EE_KEY_TOO_SMALL: { words: 'the key of its certificate is too small', hint: 'The server must renew it.' },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    words: 'it does not speak TLS on this port',
    hint: 'Check the port; a proxy may be answering in its place.',
  },
  ERR_SSL_UNSUPPORTED_PROTOCOL: {
    words: 'it speaks only outdated TLS',
    hint: 'It must offer TLS 1.2 or later.',
  },
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: {
    words: 'it speaks only outdated TLS',
    hint: 'It must offer TLS 1.2 or later.',
  },
}

/** The error for a TLS handshake that failed; `peer` as messages name it (`example.com`, `proxy 10.0.0.1:3128 (…)`). */
export function handshakeFailure(error: unknown, peer: string): SesameError {
  if (error instanceof SesameError) return error
  const code = opensslCode(error)
  if (code === undefined) return networkFailure(error, peer)
  const known = explained[code]
  const reason = known ? `${t(known.words)} (${code})` : causeInWords(error)
  return new SesameError('ERR_TLS', t('No secure connection to {peer}: {reason}.', { peer, reason }), {
    ...(known && { hint: t(known.hint) }),
    cause: error,
  })
}

/** The code of a failed handshake or certificate check; undefined when the connection itself broke. */
function opensslCode(error: unknown): string | undefined {
  const code = errorCode(error)
  if (code === undefined || /^(?:ECONN|EPIPE|ETIMEDOUT|ENET|EHOST)/.test(code)) return undefined
  // Node reports a refused handshake as EPROTO on some platforms; OpenSSL's own reason is in the message.
  if (code === 'EPROTO' && error instanceof Error && error.message.includes('wrong version number')) {
    return 'ERR_SSL_WRONG_VERSION_NUMBER'
  }
  // Node has no code for certificates that OpenSSL finds too weak, only its text.
  if (error instanceof Error && error.message.includes('digest algorithm too weak')) return 'CA_MD_TOO_WEAK'
  if (error instanceof Error && error.message.includes('key too weak')) return 'EE_KEY_TOO_SMALL'
  return code
}
