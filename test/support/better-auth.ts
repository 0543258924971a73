import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { oauthDeviceAuthorization, oauthProvider } from '@better-auth/oauth-provider'
import { type BetterAuthPlugin, betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { getAuthTables } from 'better-auth/db'
import { toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins'
import { recordSecrets } from './record.ts'

/*
 * The real better-auth as an OpenID provider, with everything in memory. Its two packages name the exact versions of what they share,
 * which npm finds only with the entry under `overrides` in `package.json`.
 */

export interface BetterAuthOptions {
  /** How the client is registered to send its secret; better-auth announces both ways and holds the client to its own. */
  method: 'client_secret_basic' | 'client_secret_post'
  clientId?: string
  clientSecret?: string
  dpopBound?: boolean
}

export interface BetterAuth {
  issuer: string
  clientId: string
  clientSecret: string
  /** What programs asked so far, as `POST /oauth2/token 200`. */
  calls: string[]
  /** Approves a device code as the user who is signed in there. */
  approve(userCode: string): Promise<void>
  close(): Promise<void>
}

const grants = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code']
const base = '/api/auth'

export async function startBetterAuth({
  method,
  clientId = 'sesame-cli',
  clientSecret = 'secret-of-better-auth',
  dpopBound = false,
}: BetterAuthOptions): Promise<BetterAuth> {
  const calls: string[] = []
  let answer: (request: IncomingMessage, response: ServerResponse) => unknown = () => {}
  const server = createServer((request, response) => {
    const path = request.url?.replace(/\?.*$/s, '').replace(base, '')
    response.once('finish', () => calls.push(`${request.method} ${path} ${response.statusCode}`))
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  answer = toNodeHandler(makeProvider(url, { clientId, clientSecret }))
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const json = { 'content-type': 'application/json', origin: url, ...headers }
    const response = await fetch(`${url}${base}${path}`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response
  }
  const user = { name: 'Devi', email: 'dev@example.test', password: 'correct horse battery staple' }
  const signedUp = await post('/sign-up/email', user)
  const cookie = signedUp.headers.getSetCookie().map((each) => each.split(';')[0])
  const client = {
    redirect_uris: ['http://127.0.0.1/callback'],
    application_type: 'native',
    token_endpoint_auth_method: method,
    grant_types: grants,
    dpop_bound_access_tokens: dpopBound,
  }
  await post('/oauth2/create-client', client, { cookie: cookie.join('; ') })
  calls.length = 0

  return {
    issuer: `${url}${base}`,
    clientId,
    clientSecret,
    calls,
    async approve(userCode) {
      const headers = { cookie: cookie.join('; ') }
      await fetch(`${url}${base}/device?user_code=${userCode}`, { headers })
      await post('/device/approve', { userCode }, headers)
    },
    async close() {
      recordSecrets([{ kind: 'client-secret', value: clientSecret }])
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function makeProvider(url: string, client: { clientId: string; clientSecret: string }) {
  const tables: Record<string, object[]> = {}
  const provider = oauthProvider({
    loginPage: '/login',
    consentPage: '/consent',
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    generateClientId: () => client.clientId,
    generateClientSecret: () => client.clientSecret,
    silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
  })
  const device = oauthDeviceAuthorization({ interval: '1s', expiresIn: '10m', verificationUri: '/device' })
  const options = {
    baseURL: url,
    secret: 'kGq3vJ0Zt8sVb1nQx7Wd4yRf6LmTcHuA',
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    // The plugin's own endpoint for tokens; those of the provider are at /oauth2/token.
    disabledPaths: ['/token'],
    plugins: [
      jwt({ jwks: { keyPairConfig: { alg: 'RS256' } }, disableSettingJwtHeader: true }),
      // Their types are not made for `exactOptionalPropertyTypes`.
      ...([provider, device] as unknown as BetterAuthPlugin[]),
    ],
  } satisfies Parameters<typeof betterAuth>[0]
  for (const { modelName } of Object.values(getAuthTables(options))) tables[modelName] = []
  return betterAuth(options)
}
