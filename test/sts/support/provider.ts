import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'
import type { StsOidcProvider } from '../../../mocks/sts.ts'
import { account } from './alice.ts'

export const providerArn = `acs:ram::${account}:oidc-provider/corp`
const issuer = 'https://login.corp.example'

/** An identity provider that signs ID tokens, and its registration in RAM. */
export interface TestProvider {
  registration: StsOidcProvider
  /** A good token, but for the claims given; one that is undefined is left out. */
  token(claims?: Record<string, unknown>): Promise<string>
}

export async function makeProvider(key: 'first' | 'other' = 'first'): Promise<TestProvider> {
  const { publicKey, privateKey } = keyPair(key)
  const jwk = { ...(await exportJWK(publicKey)), kid: 'first', alg: 'RS256', use: 'sig' }
  const iat = Math.floor(Date.now() / 1000)
  return {
    registration: { arn: providerArn, issuer, clientIds: ['sesame-cli'], keys: { keys: [jwk] } },
    token: (claims = {}) =>
      new SignJWT({ iss: issuer, sub: 'alice', aud: 'sesame-cli', iat, exp: iat + 300, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'first' })
        .sign(privateKey),
  }
}

const keyPairs = new Map<string, { publicKey: KeyObject; privateKey: KeyObject }>()

/** One key for each name. */
function keyPair(name: string): { publicKey: KeyObject; privateKey: KeyObject } {
  const pair = keyPairs.get(name) ?? generateKeyPairSync('rsa', { modulusLength: 2048 })
  keyPairs.set(name, pair)
  return pair
}
