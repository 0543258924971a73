import { printable, t } from '../kit/index.ts'
import type { JwtHeader } from './decode-jwt.ts'
import { TokenInvalidError } from './token-invalid-error.ts'
import { signatureAlgorithms, type WantedKey } from './usable-keys.ts'

/** Header members that change how the rest is to be read; no issuer of access or ID tokens uses them. */
const unsupported = ['crit', 'b64', 'zip', 'enc', 'cty']

/**
 * Judges the header of a token and says which key it needs. Whatever else it names as key (`jwk`, `jku`, `x5u`, `x5c`) is
 * not looked at: keys come from the verifier's own configuration (RFC 8725 section 3.10).
 *
 * @param typ the type that is wanted; undefined takes `JWT` and none
 * @throws TokenInvalidError `unsupported`, `algorithm`, `type`, `malformed`
 */
export function checkHeader(
  header: JwtHeader,
  { algorithms, typ }: { algorithms: readonly string[]; typ: string | undefined },
): WantedKey {
  const extension = unsupported.find((name) => Object.hasOwn(header, name))
  if (extension !== undefined) {
    throw new TokenInvalidError(
      'unsupported',
      t('The token uses "{extension}" in its header, which is not accepted.', { extension }),
    )
  }
  const { alg, kid } = header
  if (typeof alg !== 'string')
    throw new TokenInvalidError('malformed', t('The token does not name an algorithm.'))
  if (!algorithms.includes(alg)) {
    throw new TokenInvalidError(
      'algorithm',
      t('The token says it is signed with {algorithm}; accepted: {algorithms}.', {
        algorithm: printable(alg, 20),
        algorithms: algorithms.join(', '),
      }),
      signatureAlgorithms.includes(alg)
        ? t(
            "If its issuer signs with {algorithm}, accept it by name: --algorithms {algorithm} (library: algorithms: ['{algorithm}']).",
            { algorithm: alg },
          )
        : undefined,
    )
  }
  if (kid !== undefined && typeof kid !== 'string')
    throw new TokenInvalidError('malformed', t('The key id of the token is not a text.'))
  checkType(header.typ, typ)
  return { alg, kid }
}

/** Media types are compared without case and without `application/` (RFC 7515 section 4.1.9). */
function mediaType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '')
}

function checkType(actual: unknown, wanted: string | undefined): void {
  if (actual === undefined && wanted === undefined) return
  if (typeof actual === 'string' && mediaType(actual) === mediaType(wanted ?? 'JWT')) return
  const expected = wanted ?? 'JWT'
  const accessToken = typeof actual === 'string' && mediaType(actual) === 'at+jwt' && wanted === undefined
  throw new TokenInvalidError(
    'type',
    typeof actual === 'string'
      ? t('The type (typ) of the token is "{found}", not "{wanted}".', {
          found: printable(actual, 40),
          wanted: expected,
        })
      : t('The type (typ) of the token is absent, not "{wanted}".', { wanted: expected }),
    accessToken
      ? t('It is an access token (RFC 9068); to accept those, ask for the type at+jwt.')
      : undefined,
  )
}
