import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makePkce } from './portal-client.ts'

export { makePkce } from './portal-client.ts'

export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

/** What of a provider this client needs; paths as oidc-provider has them unless a discovery document is given. */
export interface Target {
  issuer: string
  clientId?: string
}

export interface OidcAnswer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  body: any
}

export async function postForm(
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<OidcAnswer> {
  const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, body: isJson ? JSON.parse(text) : text }
}

/** Begins a device sign-in at oidc-provider's paths; `poll` makes one correct token request, `form` is its body. */
export async function beginDevice(target: Target, more: Record<string, string> = {}) {
  const { verifier, challenge } = makePkce()
  const clientId = target.clientId ?? 'sesame-cli'
  const started = await postForm(`${target.issuer}/device/auth`, {
    client_id: clientId,
    scope: 'openid offline_access',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  })
  const form = {
    grant_type: deviceGrantType,
    client_id: clientId,
    device_code: String(started.body.device_code),
    code_verifier: verifier,
  }
  return {
    started,
    form,
    userCode: String(started.body.user_code),
    page: String(started.body.verification_uri_complete),
    poll: (changes: Record<string, string> = {}) =>
      postForm(`${target.issuer}/token`, { ...form, ...changes }),
  }
}

export const refresh = (target: Target, refreshToken: string) =>
  postForm(`${target.issuer}/token`, {
    grant_type: 'refresh_token',
    client_id: target.clientId ?? 'sesame-cli',
    refresh_token: refreshToken,
  })

/** A program that waits on loopback for one redirect. */
export async function waitOnLoopback() {
  let came: (query: URLSearchParams) => void = () => undefined
  const query = new Promise<URLSearchParams>((resolve) => {
    came = resolve
  })
  const server = createServer((message, response) => {
    came(new URL(message.url ?? '/', 'http://127.0.0.1').searchParams)
    response.setHeader('content-type', 'text/html')
    response.end('<h1>You can close this window</h1>')
  }).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as AddressInfo
  return { query, redirectUri: `http://127.0.0.1:${port}/callback`, close: () => server.close() }
}

/** A correct authorization request, and what is needed to redeem its code. */
export function authorizationRequest(
  endpoint: string,
  redirectUri: string,
  more: Record<string, string> = {},
) {
  const { verifier, challenge } = makePkce()
  const asks = {
    client_id: 'sesame-cli',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid offline_access',
    state: randomBytes(16).toString('base64url'),
    nonce: randomBytes(16).toString('base64url'),
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  }
  const url = `${endpoint}?${new URLSearchParams(asks)}`
  return { url, verifier, state: asks.state, nonce: asks.nonce }
}

export function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'))
}

export function headerOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString('utf8'))
}
