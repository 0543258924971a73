import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { recordSecrets } from './record.ts'

/** The real Glewlwyd (Debian package `glewlwyd`) as an OpenID provider, with a database of its own. */
export interface Glewlwyd {
  issuer: string
  clientId: string
  clientSecret: string
  /** Approves a device code as its administrator. */
  approve(userCode: string): Promise<void>
  stop(): Promise<void>
}

const schema = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3'
const modules = '/usr/lib/glewlwyd'

/** Why it cannot be started here; undefined where it can. */
export function whyNoGlewlwyd(): string | undefined {
  const found = spawnSync('glewlwyd', ['--version']).error === undefined && existsSync(schema)
  return found ? undefined : 'the Debian package glewlwyd is not installed'
}

export async function startGlewlwyd(client: { clientId: string; clientSecret: string }): Promise<Glewlwyd> {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-glewlwyd-'))
  const url = `http://127.0.0.1:${await freePort()}`
  const database = join(directory, 'database')
  spawnSync('sqlite3', [database], { input: readFileSync(schema) })
  const configuration = join(directory, 'glewlwyd.conf')
  writeFileSync(configuration, configurationOf(url, database))
  const child = spawn('glewlwyd', ['--config-file', configuration], { stdio: 'ignore' })
  try {
    await untilItAnswers(url, child)
    const call = await signIn(url)
    await call('POST', '/mod/plugin/', oidcPlugin(url))
    const scope = { name: 'offline_access', display_name: 'Offline', description: 'Refresh tokens' }
    await call('POST', '/scope/', { ...scope, password_required: false, scheme: {}, scheme_required: {} })
    await call('POST', '/client/?source=database', clientOf(client))
    const scopes = ['g_admin', 'g_profile', 'openid', 'offline_access']
    const user = { name: 'Admin', email: 'admin@example.test', enabled: true, scope: scopes }
    await call('PUT', '/user/admin', user)
    await call('PUT', `/auth/grant/${client.clientId}`, { scope: 'openid offline_access' })
    return {
      ...client,
      issuer: `${url}/api/oidc`,
      async approve(userCode) {
        const page = `/oidc/device?code=${userCode}`
        await call('GET', page)
        const { headers } = await call('GET', `${page}&g_continue`)
        if (!headers.get('location')?.includes('deviceComplete')) throw new Error('glewlwyd did not approve')
      },
      stop: () => stop(child, directory, client.clientSecret),
    }
  } catch (error) {
    await stop(child, directory, client.clientSecret)
    throw error
  }
}

async function stop(child: ChildProcess, directory: string, secret: string): Promise<void> {
  recordSecrets([{ kind: 'client-secret', value: secret }])
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  rmSync(directory, { recursive: true, force: true })
}

/** It takes no port 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`glewlwyd ended with ${child.exitCode}`)
    const answered = await fetch(`${url}/config`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answered) return
    await wait(20)
  }
}

type Call = (method: string, path: string, body?: object) => Promise<Response>

/** Its API, as the administrator that its database begins with. */
async function signIn(url: string): Promise<Call> {
  let cookie = ''
  const call: Call = async (method, path, body) => {
    const response = await fetch(`${url}/api${path}`, {
      method,
      redirect: 'manual',
      headers: { 'content-type': 'application/json', cookie },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (response.status < 400) return response
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  }
  const response = await call('POST', '/auth/', { username: 'admin', password: 'password' })
  cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return call
}

function clientOf({ clientId, clientSecret }: { clientId: string; clientSecret: string }): object {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    name: 'sesame',
    confidential: true,
    enabled: true,
    authorization_type: ['code', 'device_authorization', 'refresh_token'],
    redirect_uri: ['http://127.0.0.1/callback'],
    token_endpoint_auth_method: ['client_secret_basic'],
    scope: [],
  }
}

function oidcPlugin(url: string): object {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const off = ['token', 'password', 'client', 'none', 'implicit'].map((type) => [
    `auth-type-${type}-enabled`,
    false,
  ])
  const on = ['code', 'id-token', 'device', 'refresh'].map((type) => [`auth-type-${type}-enabled`, true])
  const parameters = {
    iss: `${url}/api/oidc`,
    'subject-type': 'public',
    'jwt-type': 'rsa',
    'jwt-key-size': '256',
    key: privateKey,
    cert: publicKey,
    'jwks-show': true,
    'access-token-duration': 3600,
    'refresh-token-duration': 86_400,
    'code-duration': 600,
    'refresh-token-rolling': false,
    'allow-non-oidc': true,
    'device-authorization-expiration': 600,
    'device-authorization-interval': 1,
    'pkce-allowed': true,
    'pkce-method-plain-allowed': false,
    'introspection-revocation-allowed': true,
    'introspection-revocation-allow-target-client': true,
    ...Object.fromEntries([...off, ...on]),
  }
  return { module: 'oidc', name: 'oidc', display_name: 'OpenID Connect', enabled: true, parameters }
}

function configurationOf(url: string, database: string): string {
  const text = {
    bind_address: '127.0.0.1',
    external_url: url,
    login_url: 'login.html',
    api_prefix: 'api',
    log_mode: 'console',
    log_level: 'ERROR',
    session_key: 'GLEWLWYD2_SESSION_ID',
    admin_scope: 'g_admin',
    profile_scope: 'g_profile',
    user_module_path: `${modules}/user`,
    client_module_path: `${modules}/client`,
    user_auth_scheme_module_path: `${modules}/scheme`,
    plugin_module_path: `${modules}/plugin`,
    hash_algorithm: 'SHA512',
    // Asked for although no TLS is wanted.
    secure_connection_key_file: 'none',
    secure_connection_pem_file: 'none',
  }
  const lines = Object.entries(text).map(([name, value]) => `${name}="${value}"`)
  const others = [
    `port=${new URL(url).port}`,
    'cookie_secure=0',
    'use_secure_connection=false',
    'login_api_enabled=true',
    `database = { type = "sqlite3"; path = "${database}"; };`,
  ]
  return [...lines, ...others, ''].join('\n')
}
