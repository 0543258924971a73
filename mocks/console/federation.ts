import { randomUUID } from 'node:crypto'
import { mediaType, type RecordedRequest } from '../http/recorded-request.ts'
import type { Reply } from '../http/reply.ts'
import { type ConsoleOptions, looksShortLived } from './options.ts'
import { cookieName } from './page.ts'
import { documentedRefusals, type FederationCode, FederationRefusal } from './refusal.ts'
import type { createSessions } from './sessions.ts'

/** A rule that the client broke. A test of a good client asserts that there are none. */
export type ConsoleViolation =
  /** A secret in a path or query, where logs keep it; the token of a Login belongs there. */
  | { kind: 'secret-in-url'; atMs: number }
  /** A request that no correct client sends. */
  | { kind: 'invalid-request'; detail: string; atMs: number }

export interface FederationParts {
  options: ConsoleOptions
  sessions: ReturnType<typeof createSessions>
  violations: ConsoleViolation[]
  /** Notes a secret that was handed out. */
  issue(token: string): void
  /** A refusal that a test has ordered for this action. */
  takeRefusal(action: string): FederationCode | undefined
}

/** `/federation`: GetSigninToken and Login. */
export function createFederation(parts: FederationParts) {
  const { options, sessions, violations } = parts

  return (request: RecordedRequest): Reply => {
    const requestId = randomUUID().toUpperCase()
    try {
      const parameters = parametersOf(request)
      const action = parameters.get('Action') ?? ''
      const ordered = parts.takeRefusal(action)
      if (ordered !== undefined) throw new FederationRefusal(ordered)
      if (action === 'GetSigninToken')
        return { status: 200, body: { RequestId: requestId, ...getSigninToken(request, parameters) } }
      if (action === 'Login') return login(request, parameters)
      throw new FederationRefusal('InvalidAction', 'The Action is unknown.')
    } catch (error) {
      if (!(error instanceof FederationRefusal)) throw error
      const { code, message } = error
      return {
        status: documentedRefusals[code],
        body: { RequestId: requestId, Code: code, Message: message },
      }
    }
  }

  /** A server that takes one method only sees nothing in the other's place. */
  function parametersOf(request: RecordedRequest): URLSearchParams {
    const { method = 'both' } = options
    if (request.method === 'GET') {
      const isToken = request.queryAll.get('Action') === 'GetSigninToken'
      return isToken && method === 'post' ? new URLSearchParams() : request.queryAll
    }
    if (request.queryAll.size > 0) note(request, 'a POST with a query')
    if (method === 'get') return request.queryAll
    if (mediaType(request.headers) === 'application/x-www-form-urlencoded')
      return new URLSearchParams(request.text)
    note(request, `a POST of ${mediaType(request.headers) || 'no type'}`)
    return new URLSearchParams()
  }

  function getSigninToken(request: RecordedRequest, parameters: URLSearchParams): { SigninToken: string } {
    const read = (name: 'AccessKeyId' | 'AccessKeySecret' | 'SecurityToken' | 'TicketType') =>
      present(parameters, name, `MissingParameter.${name}`)
    const credentials = {
      accessKeyId: read('AccessKeyId'),
      accessKeySecret: read('AccessKeySecret'),
      securityToken: read('SecurityToken'),
    }
    if (request.method === 'GET') violations.push({ kind: 'secret-in-url', atMs: request.atMs })
    if (read('TicketType') !== 'mini') throw new FederationRefusal('InvalidParameter.TicketType')
    if (parameters.size !== 5) note(request, `parameters ${[...parameters.keys()].join(', ')}`)
    if (!(options.accepts ?? looksShortLived)(credentials))
      throw new FederationRefusal('InvalidCredential.AuthenticateFail', 'The credentials are not valid.')
    const token = sessions.issueToken(credentials.accessKeyId)
    parts.issue(token)
    return { SigninToken: token }
  }

  function login(request: RecordedRequest, parameters: URLSearchParams): Reply {
    if (request.method !== 'GET') note(request, 'a Login that is no GET')
    const loginUrl = present(parameters, 'LoginUrl', 'MissingParameter.LoginUrl')
    const destination = present(parameters, 'Destination', 'MissingParameter.Destination')
    const token = present(parameters, 'SigninToken', 'MissingParameter.SigninToken')
    if (!URL.canParse(loginUrl)) note(request, 'a LoginUrl that is no URL')
    if (!isOfficial(destination)) throw new FederationRefusal('InvalidParameter.Destination')
    const attributes = `Path=/; Secure; HttpOnly; SameSite=Lax${domainOf(request)}`
    return {
      status: 302,
      headers: {
        location: destination,
        'set-cookie': `${cookieName}=${sessions.redeem(token)}; ${attributes}`,
        'cache-control': 'no-store',
      },
      body: '',
    }
  }

  function note({ atMs }: RecordedRequest, detail: string): void {
    violations.push({ kind: 'invalid-request', detail, atMs })
  }
}

function present(parameters: URLSearchParams, name: string, code: FederationCode): string {
  const [value = '', ...more] = parameters.getAll(name)
  if (value === '' || more.length > 0) throw new FederationRefusal(code, `${name} is missing.`)
  return value
}

const official = /^(?:[a-z\d-]+\.)*(?:aliyun|alibabacloud)\.com$/

function isOfficial(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, port, username } = new URL(address)
  return protocol === 'https:' && official.test(hostname) && port === '' && username === ''
}

/** The cookie is for all pages of the site, where this is a host of it. */
function domainOf({ headers }: RecordedRequest): string {
  const [, domain] = /\.((?:aliyun|alibabacloud)\.com)(?::\d+)?$/.exec(headers.host ?? '') ?? []
  return domain === undefined ? '' : `; Domain=${domain}`
}
