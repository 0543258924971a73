import { createHmac, createPrivateKey, createPublicKey, type JsonWebKey, sign } from 'node:crypto'
import type { JWK } from 'jose'

export interface JwtDraft {
  header: Record<string, unknown>
  payload: Record<string, unknown>
}

/** Signs with RS256 whatever the header says; made by hand, as libraries refuse to make what is wrong. */
export function signJwt({ header, payload }: JwtDraft, key: JWK): string {
  const input = signingInput(header, payload)
  const privateKey = createPrivateKey({ key: key as JsonWebKey, format: 'jwk' })
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
}

/** `alg: none`, with nothing where the signature should be. */
export function unsignedJwt({ header, payload }: JwtDraft): string {
  return `${signingInput({ ...header, alg: 'none' }, payload)}.`
}

/** HMAC with the public key (PEM) as secret: what a verifier that trusts `alg` would take. */
export function jwtSignedWithPublicKey({ header, payload }: JwtDraft, key: JWK): string {
  const input = signingInput({ ...header, alg: 'HS256' }, payload)
  const pem = createPublicKey({ key: key as JsonWebKey, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  })
  return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`
}

function signingInput(header: object, payload: object): string {
  return [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
}
