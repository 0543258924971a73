import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { StsOidcProvider } from '../../../mocks/sts.ts'
import { account } from './alice.ts'

export const providerArn = `acs:ram::${account}:oidc-provider/corp`
const issuer = 'https://login.corp.example'

/** An identity provider that signs ID tokens, and its registration in RAM. */
export interface TestProvider {
  registration: StsOidcProvider
  /** A good token, but for the claims given; one that is undefined is left out. */
  token(claims?: JWTPayload): Promise<string>
}

export async function makeProvider(now = new Date()): Promise<TestProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'first', alg: 'RS256', use: 'sig' }
  const iat = Math.floor(now.getTime() / 1000)
  return {
    registration: { arn: providerArn, issuer, clientIds: ['sesame-cli'], keys: { keys: [jwk] } },
    token: (claims = {}) =>
      new SignJWT({ iss: issuer, sub: 'alice', aud: 'sesame-cli', iat, exp: iat + 300, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'first' })
        .sign(privateKey),
  }
}
