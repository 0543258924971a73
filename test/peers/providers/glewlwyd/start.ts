import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordSecrets } from '../../../support/record.ts'
import { spawnSync } from '../../../support/run-sync.ts'
import type { Missing } from '../../peer.ts'
import { freePort, whenListening } from '../port.ts'
import { clientOf, configurationOf, type GlewlwydClient, oidcPlugin } from './configuration.ts'

/** The real Glewlwyd (Debian package `glewlwyd`) as an OpenID provider, with a database of its own. */
export interface Glewlwyd {
  issuer: string
  port: number
  /** Approves a device code as its administrator. */
  approve(userCode: string): Promise<void>
  /** Disables every refresh token, as its administrator can. */
  disableRefreshTokens(): Promise<void>
  stop(): Promise<void>
}

const schema = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3'
const webapp = '/usr/share/glewlwyd/webapp'

/** Its administrator, as its database begins. */
export const administrator = { username: 'admin', password: 'password' }

/** Why it cannot be started here; undefined where it can. */
export function whyNoGlewlwyd(): Missing | undefined {
  const found = spawnSync('glewlwyd', ['--version']).error === undefined && existsSync(schema)
  const install = 'sudo apt-get install -y --no-install-recommends glewlwyd sqlite3'
  return found ? undefined : { reason: 'the Debian package glewlwyd is not installed', install }
}

/** Programs find it at `publicUrl`, which leads to its port; default is the port itself. */
export async function startGlewlwyd(
  clients: readonly GlewlwydClient[],
  publicUrl?: string,
): Promise<Glewlwyd> {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-glewlwyd-'))
  // It takes no port 0.
  const port = await freePort()
  const local = `http://127.0.0.1:${port}`
  const url = publicUrl ?? local
  const configuration = join(directory, 'glewlwyd.conf')
  const database = join(directory, 'database')
  const pages = join(directory, 'webapp')
  spawnSync('sqlite3', [database], { input: readFileSync(schema) })
  copyPages(url, pages)
  writeFileSync(configuration, configurationOf({ port, url, database, pages }))
  const child = spawn('glewlwyd', ['--config-file', configuration], { stdio: 'ignore' })
  const stop = () => end(child, directory, clients)
  try {
    await whenListening(port, child)
    const call = await signIn(local)
    await setUp(call, clients, url)
    return {
      issuer: `${url}/api/oidc`,
      port,
      async approve(userCode) {
        const page = `/oidc/device?code=${userCode}`
        await call('GET', page)
        const { headers } = await call('GET', `${page}&g_continue`)
        if (!headers.get('location')?.includes('deviceComplete')) throw new Error('glewlwyd did not approve')
      },
      disableRefreshTokens: async () => void (await call('DELETE', '/oidc/token/')),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Libraries and settings of its pages are links in the package, and it serves no file outside of the folder. */
function copyPages(url: string, pages: string): void {
  const filter = (source: string) => !source.endsWith('/config.json')
  cpSync(webapp, pages, { recursive: true, dereference: true, filter })
  const settings = { GlewlwydUrl: `${url}/`, ProfileUrl: `${url}/profile.html`, lang: ['en'] }
  writeFileSync(join(pages, 'config.json'), JSON.stringify(settings))
}

async function end(
  child: ChildProcess,
  directory: string,
  clients: readonly GlewlwydClient[],
): Promise<void> {
  recordSecrets(clients.map(({ clientSecret }) => ({ kind: 'client-secret', value: clientSecret })))
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  rmSync(directory, { recursive: true, force: true })
}

type Call = (method: string, path: string, body?: object) => Promise<Response>

/** Its API, as its administrator. */
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
  const response = await call('POST', '/auth/', administrator)
  cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return call
}

/** Its plugin, the clients, and what its administrator grants them. */
async function setUp(call: Call, clients: readonly GlewlwydClient[], url: string): Promise<void> {
  await call('POST', '/mod/plugin/', oidcPlugin(url))
  const scope = { name: 'offline_access', display_name: 'Offline', description: 'Refresh tokens' }
  await call('POST', '/scope/', { ...scope, password_required: false, scheme: {}, scheme_required: {} })
  for (const client of clients) await call('POST', '/client/?source=database', clientOf(client))
  const scopes = ['g_admin', 'g_profile', 'openid', 'offline_access']
  const user = { name: 'Admin', email: 'admin@example.test', enabled: true, scope: scopes }
  await call('PUT', '/user/admin', user)
  for (const { clientId } of clients)
    await call('PUT', `/auth/grant/${clientId}`, { scope: 'openid offline_access' })
}
