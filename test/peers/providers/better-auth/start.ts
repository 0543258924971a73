import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { oauthDeviceAuthorization, oauthProvider } from '@better-auth/oauth-provider'
import { type BetterAuthPlugin, betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { getAuthTables } from 'better-auth/db'
import { toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins'
import { recordSecrets } from '../../../support/record.ts'
import { pages } from './pages.ts'

/*
 * The real better-auth as an OpenID provider, with everything in memory. Its two packages name the exact versions of what they share,
 * which npm finds only with the entry under `overrides` in `package.json`.
 */

export interface BetterAuthClient {
  /** How the client is registered to send its secret; better-auth announces both ways and holds the client to its own. */
  method: 'client_secret_basic' | 'client_secret_post'
  clientId: string
  clientSecret: string
  dpopBound?: boolean
}

export interface BetterAuth {
  issuer: string
  port: number
  /** What programs asked so far, as `POST /oauth2/token 200`. */
  calls: string[]
  /** Approves a device code as the user who is signed in there. */
  approve(userCode: string): Promise<void>
  deny(userCode: string): Promise<void>
  /** Forgets every refresh token. */
  removeRefreshTokens(): void
  close(): Promise<void>
}

/** Who can sign in there. */
export const user = { name: 'Devi', email: 'dev@example.test', password: 'correct horse battery staple' }

const base = '/api/auth'

/** Programs find it at `publicUrl`, which leads to its port; default is the port itself. */
export async function startBetterAuth(
  clients: readonly BetterAuthClient[],
  publicUrl?: string,
): Promise<BetterAuth> {
  const calls: string[] = []
  let answer: (request: IncomingMessage, response: ServerResponse) => unknown = () => {}
  const server = createServer((request, response) => {
    const path = request.url?.replace(/\?.*$/s, '') ?? ''
    response.once('finish', () =>
      calls.push(`${request.method} ${path.replace(base, '')} ${response.statusCode}`),
    )
    const page = pages[path]
    if (page === undefined) answer(request, response)
    else response.setHeader('content-type', 'text/html').end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = publicUrl ?? `http://127.0.0.1:${port}`
  const tables: Record<string, object[]> = {}
  const registering = { clientId: '', clientSecret: '' }
  answer = toNodeHandler(makeProvider(url, tables, registering))

  const post = await signUp(`http://127.0.0.1:${port}`, url)
  for (const client of clients) {
    Object.assign(registering, client)
    await post('/oauth2/create-client', metadataOf(client))
  }
  calls.length = 0

  const decide = async (decision: 'approve' | 'deny', userCode: string) => {
    await post(`/device?user_code=${userCode}`)
    await post(`/device/${decision}`, { userCode })
  }
  return {
    issuer: `${url}${base}`,
    port,
    calls,
    approve: (userCode) => decide('approve', userCode),
    deny: (userCode) => decide('deny', userCode),
    removeRefreshTokens: () => void tables.oauthRefreshToken?.splice(0),
    async close() {
      recordSecrets(clients.map(({ clientSecret }) => ({ kind: 'client-secret', value: clientSecret })))
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Calls of the user's browser, signed in: GET without a body, else POST. */
async function signUp(at: string, origin: string) {
  let cookie = ''
  const call = async (path: string, body?: object) => {
    const json = { 'content-type': 'application/json', origin, cookie }
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const response = await fetch(`${at}${base}${path}`, { headers: json, ...sent })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response
  }
  const { headers } = await call('/sign-up/email', user)
  const cookies = headers.getSetCookie().map((each) => each.split(';')[0])
  cookie = cookies.join('; ')
  return call
}

function metadataOf({ method, dpopBound = false }: BetterAuthClient): object {
  return {
    redirect_uris: ['http://127.0.0.1/callback'],
    application_type: 'native',
    token_endpoint_auth_method: method,
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    dpop_bound_access_tokens: dpopBound,
  }
}

/** `registering` is the client that is registered next. */
function makeProvider(
  url: string,
  tables: Record<string, object[]>,
  registering: { clientId: string; clientSecret: string },
) {
  const provider = oauthProvider({
    loginPage: '/login',
    consentPage: '/consent',
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    generateClientId: () => registering.clientId,
    generateClientSecret: () => registering.clientSecret,
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
