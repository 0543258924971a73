import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { SesameError } from '../errors.ts'
import { type Jwk, type JwkSet, readJwkSet, usableKey } from './jwk-set.ts'
import { parseStrictJsonObject } from './strict-json-object.ts'

/** A pinned key, or a pinned set in which the key id of the token counts. */
export type PinnedKeys = { kind: 'key'; jwk: Jwk } | { kind: 'set'; set: JwkSet }

/**
 * Reads a pinned public key: PEM (SPKI or PKCS#1), an X.509 certificate in PEM (its dates are not looked at: the key is
 * pinned, not the certificate), a JWK or a JWK Set as text or object.
 *
 * @throws SesameError ERR_USAGE when it is none of these, holds a private or symmetric key, or none that is fit for one of
 *   the algorithms (RSA below 2048 bits)
 */
export function readPublicKey(publicKey: string | Jwk | JwkSet, algorithms: readonly string[]): PinnedKeys {
  const pinned = typeof publicKey === 'string' ? readText(publicKey.trim()) : readObject(publicKey)
  const jwks = pinned.kind === 'set' ? pinned.set.keys : [pinned.jwk]
  const judged = jwks.flatMap((jwk) => algorithms.map((algorithm) => usableKey(jwk, algorithm)))
  if (judged.some((each) => typeof each !== 'string')) return pinned
  if (jwks.some(({ kty }) => kty === 'oct')) throw unusable('holds a symmetric key, not a public one')
  throw unusable(
    judged.find((each) => typeof each === 'string') ?? 'holds no key',
    `A key is wanted for ${algorithms.join(' or ')}, with 2048 bits or more if it is RSA.`,
  )
}

function readText(text: string): PinnedKeys {
  if (text.startsWith('{')) {
    const value = parseStrictJsonObject(Buffer.from(text))
    if (value === undefined) throw unusable('is no JSON that can be read')
    return readObject(value)
  }
  return { kind: 'key', jwk: readPem(text) }
}

function readObject(value: Jwk | JwkSet): PinnedKeys {
  const set = readJwkSet(value)
  if (set !== undefined) return { kind: 'set', set }
  if (typeof (value as Jwk)?.kty !== 'string') throw unusable('is neither PEM nor JWK nor JWK Set')
  return { kind: 'key', jwk: value as Jwk }
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----/g

function readPem(text: string): Jwk {
  const [label, ...others] = [...text.matchAll(block)].map(([, name = '']) => name)
  if (label === undefined) throw unusable('is neither PEM nor JWK nor JWK Set')
  if (/PRIVATE KEY/.test(text)) {
    // Node would take the public half of it without a word, and the other half would go on lying about.
    throw unusable('holds a private key', 'Export the public key alone, and keep the private one secret.')
  }
  if (others.length > 0) throw unusable('holds several PEM blocks; leave the one that signs')
  try {
    const key = label === 'CERTIFICATE' ? new X509Certificate(text).publicKey : createPublicKey(text)
    return asJwk(key)
  } catch (cause) {
    // Node and OpenSSL speak of broken PEM in many ways; to the reader it is one.
    if (cause instanceof Error) throw unusable(`cannot be read (PEM block ${label})`, undefined, cause)
    throw cause
  }
}

function asJwk(key: KeyObject): Jwk {
  return { ...key.export({ format: 'jwk' }) }
}

function unusable(reason: string, hint?: string, cause?: unknown): SesameError {
  return new SesameError('ERR_USAGE', `The public key ${reason}.`, {
    hint: hint ?? 'It can be PEM (a public key or an X.509 certificate), a JWK, or a JWK Set.',
    cause,
  })
}
