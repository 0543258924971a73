import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { CloudKeys } from './cloud-keys.ts'
import { type Call, members, type Reply, type Sent, type Wire } from './wire.ts'

interface PortalAccount {
  id: string
  name: string
  configurations: { id: string; name: string }[]
}

/** A CloudSSO portal as a script: what it gives out, and what a test may change. */
export interface Portal {
  host: string
  signInUrl: string
  clientId: string
  accounts: PortalAccount[]
  /** Polls that are answered "pending" before the user has approved. */
  pendingPolls: number
  decision: 'approve' | 'deny'
  tokenSeconds: number
  sessionSeconds: number
  /** The access tokens that still work. */
  tokens: Set<string>
  userCode: string
}

export const ssoRole = 'acs:ram::1001:role/sso'

export function servePortal(
  { wire, keys }: { wire: Wire; keys: CloudKeys },
  host = 'signin.example',
): Portal {
  const portal: Portal = {
    host,
    signInUrl: `https://${host}/acme/login`,
    clientId: 'client',
    accounts: [{ id: '1001', name: 'development', configurations: [{ id: 'ac-1', name: 'admin' }] }],
    pendingPolls: 1,
    decision: 'approve',
    tokenSeconds: 3600,
    sessionSeconds: 3600,
    tokens: new Set(),
    userCode: 'BCDF-GHJK',
  }
  const codes = new Map<string, { challenge: string; polls: number }>()
  let last = 0

  const authorized =
    (call: Call): Call =>
    (sent) => {
      const token = /^Bearer (\S+)$/.exec(sent.headers.authorization ?? '')?.[1]
      return portal.tokens.has(token ?? '') ? call(sent) : refusal(401, 'InvalidAccessToken')
    }
  const listed = (sent: Sent, ...names: string[]) => {
    expect([...sent.url.searchParams.keys()].sort()).toEqual([...names, 'MaxResults'].sort())
  }
  const accountOf = (id: string | null) => portal.accounts.find((account) => account.id === id)

  wire.serve(host, {
    'POST /device-authorization': ({ json }) => {
      const asked = members(json, 'PortalUrl', 'CodeChallenge', 'ClientId', 'CodeChallengeMethod')
      expect(asked).toMatchObject({
        PortalUrl: portal.signInUrl,
        ClientId: portal.clientId,
        CodeChallengeMethod: 'S256',
        CodeChallenge: expect.stringMatching(/^[\w-]{43}$/),
      })
      const code = `device-${++last}-of-${host}`
      codes.set(code, { challenge: asked.CodeChallenge, polls: 0 })
      const page = `https://${host}/device/code`
      return good({
        DeviceCode: code,
        ExpiresIn: 600,
        Interval: 1,
        UserCode: portal.userCode,
        VerificationUri: page,
        VerificationUriComplete: `${page}?user_code=${portal.userCode}`,
      })
    },
    'POST /token': ({ json }) => {
      const asked = members(json, 'CodeVerifier', 'ClientId', 'DeviceCode', 'GrantType')
      expect(asked).toMatchObject({
        ClientId: portal.clientId,
        GrantType: 'urn:ietf:params:oauth:grant-type:device_code',
      })
      const code = codes.get(asked.DeviceCode)
      expect(code?.challenge).toBe(createHash('sha256').update(asked.CodeVerifier).digest('base64url'))
      if (code !== undefined && code.polls++ < portal.pendingPolls)
        return refusal(400, 'AuthorizationPending')
      codes.delete(asked.DeviceCode)
      if (portal.decision === 'deny') return refusal(400, 'AccessDenied')
      const token = `access-${++last}-of-${host}`
      portal.tokens.add(token)
      return good({ AccessToken: token, ExpiresIn: portal.tokenSeconds, TokenType: 'Bearer' })
    },
    'GET /access-assignments/accounts': authorized((sent) => {
      listed(sent)
      return good({ Accounts: portal.accounts.map(({ id, name }) => ({ AccountId: id, DisplayName: name })) })
    }),
    'GET /access-assignments/access-configurations': authorized((sent) => {
      listed(sent, 'AccountId')
      const account = accountOf(sent.url.searchParams.get('AccountId'))
      if (account === undefined) return refusal(403, 'Forbidden')
      return good({
        AccessConfigurationsForAccount: account.configurations.map(({ id, name }) => ({
          AccessConfigurationId: id,
          AccessConfigurationName: name,
        })),
      })
    }),
    'POST /cloud-credentials': authorized(({ json }) => {
      const asked = members(json, 'AccountId', 'AccessConfigurationId')
      const assigned = accountOf(asked.AccountId)?.configurations.some(
        ({ id }) => id === asked.AccessConfigurationId,
      )
      if (!assigned) return refusal(403, 'Forbidden')
      return good({ CloudCredential: keys.issue(ssoRole, portal.sessionSeconds) })
    }),
  })
  return portal
}

const good = (body: object): Reply => ({ status: 200, body: { ...body, RequestId: 'request-1' } })

/** A refusal in the portal's words. */
export function refusal(status: number, code: string): Reply {
  return { status, body: { ErrorCode: code, ErrorMessage: 'No.', RequestId: 'request-1' } }
}
