import { errorCode, type FixedText, SesameError, t } from '../../kit/index.ts'
import { causeInWords, networkFailure } from '../network-failure.ts'

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
