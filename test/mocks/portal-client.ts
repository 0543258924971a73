import { createHash, randomBytes } from 'node:crypto'
import { type CloudSso, type CloudSsoOptions, startCloudSso } from '../../mocks/index.ts'

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  body: any
  headers: Headers
}

const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

/** A portal that asks for no waits, for tests that are not about waits. */
export function startPortal(options: CloudSsoOptions = {}): Promise<CloudSso> {
  return startCloudSso({ intervalSeconds: 0, wireIntervalSeconds: 5, ...options })
}

export async function post(portal: CloudSso, path: string, body: unknown, headers = {}): Promise<Answer> {
  const response = await fetch(`${portal.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return answerOf(response)
}

export async function get(portal: CloudSso, path: string, token?: string): Promise<Answer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return answerOf(await fetch(`${portal.url}${path}`, { headers }))
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type') === 'application/json'
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers }
}

export function makePkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** A correct device-authorization body. */
export function deviceRequest(portal: CloudSso, challenge = makePkce().challenge) {
  return {
    PortalUrl: portal.signInUrl,
    CodeChallenge: challenge,
    ClientId: 'app-vaz16tltdxs96audqf35',
    CodeChallengeMethod: 'S256',
  }
}

/** Begins a login; `poll` makes one correct token request, `request` is its body. */
export async function beginLogin(portal: CloudSso) {
  const { verifier, challenge } = makePkce()
  const { body } = await post(portal, '/device-authorization', deviceRequest(portal, challenge))
  const request = {
    CodeVerifier: verifier,
    ClientId: 'app-vaz16tltdxs96audqf35',
    DeviceCode: String(body.DeviceCode),
    GrantType: deviceGrantType,
  }
  return {
    userCode: String(body.UserCode),
    page: String(body.VerificationUriComplete),
    request,
    poll: () => post(portal, '/token', request),
  }
}

/** An access token of a person who has agreed. */
export async function signIn(portal: CloudSso): Promise<string> {
  const login = await beginLogin(portal)
  if (portal.pendingUserCodes().includes(login.userCode)) portal.approve(login.userCode)
  return String((await login.poll()).body.AccessToken)
}
