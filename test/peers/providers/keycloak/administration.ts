import { strict as assert } from 'node:assert'

export const realm = 'sesame'
export const user = { name: 'dev', password: 'dev-password' }
export const administrator = { name: 'admin', password: 'admin-password' }
export const secrets = { special: 'a+b/c=d%e&f:g h~i', post: 'keycloak-post-secret' }

const redirectUris = ['http://127.0.0.1/callback']
const attributes = { 'oauth2.device.authorization.grant.enabled': 'true' }

/** Refresh tokens are rotated: one that was used already ends the session. */
const realmOfTests = {
  realm,
  enabled: true,
  revokeRefreshToken: true,
  refreshTokenMaxReuse: 0,
  users: [
    {
      username: user.name,
      enabled: true,
      email: 'dev@example.com',
      emailVerified: true,
      firstName: 'Dev',
      lastName: 'Example',
      realmRoles: ['default-roles-sesame', 'offline_access'],
      credentials: [{ type: 'password', value: user.password, temporary: false }],
    },
  ],
  clients: [
    { clientId: 'main', publicClient: true, redirectUris, attributes },
    { clientId: 'special', secret: secrets.special, redirectUris, attributes },
    { clientId: 'code', publicClient: true, consentRequired: true, redirectUris },
    {
      clientId: 'post',
      secret: secrets.post,
      redirectUris,
      attributes: { ...attributes, 'client.secret.authentication.allowed.method': 'client_secret_post' },
    },
  ],
}

/** Makes the realm with its user and clients, over the administrator's REST API. */
export async function makeRealm(url: string): Promise<void> {
  await call(url, 'POST', '/admin/realms', realmOfTests)
}

/** Ends every session of the user, and what outlives them: offline sessions go with the consent. */
export async function logOutUser(url: string): Promise<void> {
  const users = `/admin/realms/${realm}/users`
  const [found] = (await call(url, 'GET', `${users}?exact=true&username=${user.name}`)) as { id: string }[]
  assert.ok(found)
  await call(url, 'POST', `${users}/${found.id}/logout`)
  await call(url, 'DELETE', `${users}/${found.id}/consents/main`)
}

async function call(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${await adminToken(url)}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${method} ${path}: HTTP ${answer.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

async function adminToken(url: string): Promise<string> {
  const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: 'admin-cli',
      username: administrator.name,
      password: administrator.password,
    }),
  })
  const { access_token: token } = (await answer.json()) as { access_token?: string }
  assert.ok(token, `no token for the administrator: HTTP ${answer.status}`)
  return token
}
