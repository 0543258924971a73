import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { parseStrictJsonObject, SesameError, t } from '../kit/index.ts'
import {
  chooseKeys,
  type Jwk,
  type KeyChoice,
  type ReadJwk,
  type ReadJwkSet,
  readJwk,
  readJwkSet,
  usableKey,
} from './jwk-set.ts'
import { signatureAlgorithms } from './key-strength.ts'

/** A pinned key, or a pinned set in which the key id of the token counts. */
export type PinnedKeys = { kind: 'key'; jwk: ReadJwk } | { kind: 'set'; set: ReadJwkSet }

/** Enough for the largest JWK Set that is accepted; PEM needs a hundredth of it. */
const maxTextLength = 1024 * 1024
const maxPemLength = 64 * 1024

/**
 * Reads a pinned public key: PEM (SPKI or PKCS#1), an X.509 certificate in PEM (its dates are not looked at: the key is
 * pinned, not the certificate), a JWK or a JWK Set as text or object.
 *
 * @throws SesameError ERR_USAGE when it is none of these, holds a private or symmetric key, or none that is fit for one of
 *   the algorithms (RSA below 2048 bits, Ed25519 of small order)
 */
export function readPublicKey(publicKey: unknown, algorithms: readonly string[]): PinnedKeys {
  const pinned = typeof publicKey === 'string' ? readText(publicKey) : readObject(publicKey)
  const refusals: string[] = []
  for (const alg of algorithms) {
    // One key that is usable is enough to know; the others are imported when a token wants them.
    const { keys, refusal } = keysFor(pinned, alg, 1)
    if (keys.length > 0) return pinned
    if (refusal !== undefined) refusals.push(refusal)
  }
  const jwks = pinned.kind === 'set' ? pinned.set.keys : [pinned.jwk]
  if (jwks.some(({ kty }) => kty === 'oct')) throw unusable(t('holds a symmetric key, not a public one'))
  throw unusable(
    refusals[0] ?? t('holds no key'),
    t('A key is wanted for {algorithms}, with 2048 bits or more if it is RSA.', {
      algorithms: algorithms.join(t(' or ')),
    }),
  )
}

/** Whether a text is a public key to pin: PEM, X.509, JWK or JWK Set, and fit to verify with. @throws SesameError ERR_USAGE */
export function checkPublicKey(text: string): void {
  readPublicKey(text, signatureAlgorithms)
}

function keysFor(pinned: PinnedKeys, alg: string, most: number): KeyChoice {
  if (pinned.kind === 'set') return chooseKeys(pinned.set, { alg, kid: undefined }, most)
  const key = usableKey(pinned.jwk, alg)
  return typeof key === 'string' ? { keys: [], refusal: key } : { keys: [key] }
}

function readText(untrimmed: string): PinnedKeys {
  if (untrimmed.length > maxTextLength) throw unusable(t('is longer than 1 MB'))
  const text = untrimmed.trim()
  if (text.startsWith('{')) {
    const value = parseStrictJsonObject(Buffer.from(text))
    if (value === undefined) throw unusable(t('is no JSON that can be read'))
    return readObject(value)
  }
  if (text.length > maxPemLength) throw unusable(t('is longer than a PEM block can be'))
  return { kind: 'key', jwk: readPem(text) }
}

function readObject(value: unknown): PinnedKeys {
  const neither = t('is neither PEM nor JWK nor JWK Set')
  if (typeof value !== 'object' || value === null) throw unusable(neither)
  if ('keys' in value) {
    const set = readJwkSet(value)
    if (typeof set === 'string') throw unusable(set)
    return { kind: 'set', set }
  }
  const jwk = readJwk(value as Jwk)
  if (typeof jwk.kty !== 'string') throw unusable(neither)
  return { kind: 'key', jwk }
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----/g

function readPem(text: string): ReadJwk {
  const [label, ...others] = [...text.matchAll(block)].map(([, name = '']) => name)
  if (label === undefined) throw unusable(t('is neither PEM nor JWK nor JWK Set'))
  if (/PRIVATE KEY/.test(text)) {
    // Node would take the public half of it without a word, and the other half would go on lying about.
    throw unusable(
      t('holds a private key'),
      t('Export the public key alone, and keep the private one secret.'),
    )
  }
  if (others.length > 0) throw unusable(t('holds several PEM blocks; leave the one that signs'))
  try {
    const key = label === 'CERTIFICATE' ? new X509Certificate(text).publicKey : createPublicKey(text)
    return asJwk(key)
  } catch (cause) {
    // Node and OpenSSL speak of broken PEM in many ways; to the reader it is one.
    if (cause instanceof Error)
      throw unusable(t('cannot be read (PEM block {label})', { label }), undefined, cause)
    throw cause
  }
}

function asJwk(key: KeyObject): ReadJwk {
  const jwk: Jwk = { ...key.export({ format: 'jwk' }) }
  return readJwk(jwk)
}

function unusable(reason: string, hint?: string, cause?: unknown): SesameError {
  return new SesameError('ERR_USAGE', t('The public key {reason}.', { reason }), {
    hint: hint ?? t('It can be PEM (a public key or an X.509 certificate), a JWK, or a JWK Set.'),
    cause,
  })
}
