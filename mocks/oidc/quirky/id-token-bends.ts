import type { JWK } from 'jose'
import { type JwtDraft, jwtSignedWithPublicKey, signJwt, unsignedJwt } from './jwt.ts'

export interface TokenKeys {
  /** In the key set. */
  own: JWK
  /** Of another party; with a `kid` of its own. */
  rogue: JWK
}

type IdTokenBend = (draft: JwtDraft, keys: TokenKeys) => string

/** Another payload, signed as it should be. */
const claims =
  (change: (payload: Record<string, unknown>) => object): IdTokenBend =>
  ({ header, payload }, { own }) =>
    signJwt({ header, payload: { ...payload, ...change(payload) } }, own)

const base64url = (text: string) => Buffer.from(text).toString('base64url')
const now = () => Math.floor(Date.now() / 1000)

/** What can be wrong with an ID token (OpenID Connect Core section 3.1.3.7). Only `several-audiences` and `no-kid` are right. */
export const idTokenBends = {
  'id-token:bad-signature': (draft, { own }) => {
    const [header, payload, signature = ''] = signJwt(draft, own).split('.')
    return [header, payload, signature.split('').reverse().join('')].join('.')
  },
  'id-token:changed-claims': (draft, { own }) => {
    const [header, , signature] = signJwt(draft, own).split('.')
    const changed = JSON.stringify({ ...draft.payload, sub: 'admin' })
    return [header, Buffer.from(changed).toString('base64url'), signature].join('.')
  },
  'id-token:alg-none': unsignedJwt,
  'id-token:hs256-with-public-key': (draft, { own }) => jwtSignedWithPublicKey(draft, own),
  'id-token:unknown-kid': ({ header, payload }, { rogue }) =>
    signJwt({ header: { ...header, kid: rogue.kid }, payload }, rogue),
  'id-token:other-key': (draft, { rogue }) => signJwt(draft, rogue),
  'id-token:no-kid': ({ header: { kid: _, ...header }, payload }, { own }) =>
    signJwt({ header, payload }, own),
  'id-token:other-audience': claims(() => ({ aud: 'another-client' })),
  'id-token:several-audiences': claims(({ aud }) => ({ aud: [aud, 'another-client'], azp: aud })),
  'id-token:several-audiences-no-azp': claims(({ aud }) => ({
    aud: [aud, 'another-client'],
    azp: undefined,
  })),
  'id-token:other-azp': claims(() => ({ azp: 'another-client' })),
  'id-token:other-issuer': claims(() => ({ iss: 'https://other.example.test' })),
  'id-token:issuer-with-slash': claims(({ iss }) => ({ iss: `${iss}/` })),
  'id-token:other-nonce': claims(() => ({ nonce: 'another-nonce-of-another-client' })),
  'id-token:no-nonce': claims(() => ({ nonce: undefined })),
  'id-token:expired': claims(() => ({ iat: now() - 7200, exp: now() - 3600 })),
  'id-token:from-the-future': claims(() => ({ iat: now() + 3600, nbf: now() + 3600, exp: now() + 7200 })),
  'id-token:no-exp': claims(() => ({ exp: undefined })),
  'id-token:text-exp': claims(({ exp }) => ({ exp: String(exp) })),
  'id-token:no-sub': claims(() => ({ sub: undefined })),
  'id-token:no-iss': claims(() => ({ iss: undefined })),
  'id-token:other-subject': claims(() => ({ sub: 'another-user' })),
  'id-token:encrypted': () =>
    ['{"alg":"RSA-OAEP","enc":"A256GCM"}', 'key', 'iv', 'text', 'tag'].map(base64url).join('.'),
  'id-token:not-a-jwt': () => 'certainly.not-a-jwt',
} satisfies Record<string, IdTokenBend>
