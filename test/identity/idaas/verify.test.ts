import { describe, expect, test } from 'vitest'
import { verifyPinnedJwt } from '../../../src/jwt/index.ts'
import { type IdaasWorld, openIdaas, retrieve } from './support/world.ts'

const spellings = ['jwk', 'jwks', 'pem', 'certificate'] as const

const verify = ({ context }: IdaasWorld, token: string, publicKey: string) =>
  verifyPinnedJwt(token, { publicKey }, context)

describe('an id_token and the application’s public key', () => {
  test.each(spellings)('as %s', async (spelling) => {
    const world = await openIdaas()
    const { token, userName } = (await retrieve(world)).idToken
    const { claims } = await verify(world, token.reveal(), world.idaas.publicKey[spelling])
    expect(claims).toMatchObject({ sub: userName, jti: expect.any(String) })
  })

  test.each(spellings)('no longer fit once the key pair was replaced: %s', async (spelling) => {
    const world = await openIdaas()
    const pinned = world.idaas.publicKey[spelling]
    await world.idaas.replaceKeyPair()
    const token = (await retrieve(world)).idToken.token.reveal()
    const failure = verify(world, token, pinned)
    // A set is searched for the key id that the token names; a single pinned key is tried whatever the token names.
    const reason = spelling === 'jwks' ? 'no-key' : 'signature'
    await expect(failure).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID', reason })
    await expect(failure).rejects.not.toThrow(token)
  })
})
