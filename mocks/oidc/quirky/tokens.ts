import { randomBytes, randomUUID } from 'node:crypto'
import { type Bend, bend, makeIdToken } from './bends.ts'
import type { Dialect } from './dialect.ts'
import type { QuirkyGrant } from './grants.ts'
import type { TokenKeys } from './id-token-bends.ts'
import { signJwt } from './jwt.ts'

export interface TokenMaker {
  dialect: Dialect
  keys: TokenKeys
  issuer: string
  bends: readonly Bend[]
  dateOffsetSeconds: number
}

/** A successful token answer (RFC 6749 section 5.1) for a grant, bent as asked. */
export function makeTokenAnswer(
  { dialect, keys, issuer, bends, dateOffsetSeconds }: TokenMaker,
  grant: QuirkyGrant,
  refreshToken: string | undefined,
): object {
  const iat = Math.floor(Date.now() / 1000) + dateOffsetSeconds
  const common = { iss: issuer, sub: 'dev', iat }
  const idToken = makeIdToken(
    {
      header: { alg: 'RS256', typ: 'JWT', kid: keys.own.kid },
      payload: {
        ...common,
        aud: grant.clientId,
        exp: iat + dialect.idTokenSeconds,
        ...(grant.nonce === undefined ? {} : { nonce: grant.nonce }),
        ...dialect.claims(grant.clientId),
      },
    },
    keys,
    bends,
  )
  const opaque =
    dialect.opaqueAccessTokens === 'always' ||
    (dialect.opaqueAccessTokens === 'without-audience' && grant.audience === undefined)
  const accessToken = opaque
    ? randomBytes(48).toString('base64url')
    : signJwt(
        {
          header: { alg: 'RS256', typ: 'at+jwt', kid: keys.own.kid },
          payload: {
            ...common,
            aud: grant.audience ?? 'https://api.example.test',
            client_id: grant.clientId,
            exp: iat + dialect.accessTokenSeconds,
            jti: randomUUID(),
          },
        },
        keys.own,
      )
  const answer = {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: dialect.accessTokenSeconds,
    ...(grant.scope.split(' ').includes('openid') ? { id_token: idToken } : {}),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...dialect.tokenExtras?.(),
  }
  const bent = bend(answer, 'token', bends)
  return grant.kind === 'refresh' ? bend(bent, 'refresh', bends) : bent
}
