import { generateKeyPairSync } from 'node:crypto'
import { exportJWK, type JWK, type JWTHeaderParameters, SignJWT } from 'jose'
import { type HttpServer, startHttpServer } from '../../../mocks/index.ts'

type Route =
  | 'GET /.well-known/openid-configuration'
  | 'GET /jwks'
  | 'POST /device'
  | 'POST /token'
  | 'POST /revoke'

type Members = Record<string, unknown>

/** A provider that signs whatever the test asks for: for answers that no real one gives. */
export interface ForgingProvider extends HttpServer<Route> {
  issuer: string
  clientId: string
  /** Good claims, with those given instead; `undefined` leaves one out. */
  claims(changed?: Members): Members
  /** A token signed with the announced key. */
  sign(claims: Members, header?: Partial<JWTHeaderParameters>): Promise<string>
  /** A token signed with a key that is not announced, under the announced key id. */
  signWithOtherKey(claims: Members): Promise<string>
  /** The announced public key. */
  publicJwk: JWK
  /** What the token endpoint answers from now on, over what a good one would. */
  answerWith(members: Members): void
  /** The same for the device endpoint. */
  answerDeviceWith(members: Members): void
  /** By how much its clock, and the times in its claims, are ahead of the real one. */
  setClock(aheadSeconds: number): void
}

export async function startForgingProvider(): Promise<ForgingProvider> {
  const clientId = 'sesame-cli'
  const kid = 'announced'
  const announced = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicJwk = { ...(await exportJWK(announced.publicKey)), kid, alg: 'RS256', use: 'sig' }
  let device: Members = {}
  let token: Members = {}
  let aheadSeconds = 0

  const server: HttpServer<Route> = await startHttpServer<Route>({
    routes: {
      'GET /.well-known/openid-configuration': () => ({
        status: 200,
        body: {
          issuer: server.url,
          authorization_endpoint: `${server.url}/auth`,
          token_endpoint: `${server.url}/token`,
          jwks_uri: `${server.url}/jwks`,
          device_authorization_endpoint: `${server.url}/device`,
          revocation_endpoint: `${server.url}/revoke`,
          authorization_response_iss_parameter_supported: true,
        },
      }),
      'GET /jwks': () => ({ status: 200, body: { keys: [publicJwk] } }),
      'POST /device': () => ({
        status: 200,
        body: {
          device_code: 'device-code-of-the-forger',
          user_code: 'ABCD-EFGH',
          verification_uri: `${server.url}/enter`,
          expires_in: 600,
          ...device,
        },
      }),
      'POST /token': () => ({
        status: 200,
        body: {
          access_token: 'access-token-of-the-forger',
          token_type: 'Bearer',
          expires_in: 3600,
          ...token,
        },
      }),
      'POST /revoke': () => ({ status: 200, body: '' }),
    },
    standardHeaders: () => ({
      'x-request-id': 'forged-1',
      date: new Date(Date.now() + aheadSeconds * 1000).toUTCString(),
    }),
  })

  const claims = (changed: Members = {}): Members => {
    const iat = Math.floor(Date.now() / 1000) + aheadSeconds
    return { iss: server.url, sub: 'user-1', aud: clientId, iat, exp: iat + 300, ...changed }
  }
  const header = { alg: 'RS256', kid }
  return Object.assign(server, {
    issuer: server.url,
    clientId,
    claims,
    sign: (payload: Members, changed: Partial<JWTHeaderParameters> = {}) =>
      new SignJWT(payload).setProtectedHeader({ ...header, ...changed }).sign(announced.privateKey),
    signWithOtherKey: (payload: Members) =>
      new SignJWT(payload).setProtectedHeader(header).sign(other.privateKey),
    publicJwk,
    answerWith: (members: Members) => {
      token = members
    },
    setClock: (seconds: number) => {
      aheadSeconds = seconds
    },
    answerDeviceWith: (members: Members) => {
      device = members
    },
  })
}
