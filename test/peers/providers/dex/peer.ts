import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { findProgram } from '../../find-program.ts'
import type { Peer } from '../../peer.ts'
import { startFront } from '../front.ts'
import { freePort, whenListening } from '../port.ts'
import type { StartedProvider } from '../provider.ts'
import { runProvider } from '../steps.ts'

const secrets = { main: 'dex-main-secret', special: 'a+b/c=d%e&f:g~h' }

/** dex with its memory store; its connector "mock" signs in without a page of its own. */
async function start(): Promise<StartedProvider> {
  const front = await startFront()
  const directory = mkdtempSync(join(tmpdir(), 'sesame-dex-'))
  const port = await freePort()
  const issuer = `${front.url}/dex`
  const file = join(directory, 'dex.yaml')
  writeFileSync(file, configuration(issuer, port))
  const child = spawn(findProgram('dex') ?? 'dex', ['serve', file], { stdio: 'ignore' })
  await whenListening(port, child)
  front.forwardTo(port)
  return {
    issuer,
    front,
    clients: {
      main: { clientId: 'main', clientSecret: secrets.main },
      special: { clientId: 'special', clientSecret: secrets.special },
    },
    approve: (page, address) => approve(page, address),
    agree: async () => {},
    tokenPath: /^\/dex\/token$/,
    async stop() {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
      await front.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The page has the code filled in already, and asks for a click. */
async function approve(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('button').click()
  await page
    .getByText(/success/i)
    .first()
    .waitFor()
}

function configuration(issuer: string, port: number): string {
  const client = (id: string, secret: string) => ({
    id,
    name: id,
    secret,
    redirectURIs: ['http://127.0.0.1/callback', '/device/callback', '/dex/device/callback'],
  })
  // JSON is YAML.
  return JSON.stringify({
    issuer,
    storage: { type: 'memory' },
    web: { http: `127.0.0.1:${port}` },
    connectors: [{ type: 'mockCallback', id: 'mock', name: 'mock' }],
    oauth2: {
      skipApprovalScreen: true,
      grantTypes: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    },
    expiry: { deviceRequests: '5m', idTokens: '1h' },
    staticClients: [client('main', secrets.main), client('special', secrets.special)],
  })
}

export const dex: Peer = {
  name: 'dex',
  kind: 'provider',
  quick: true,
  missing: async () =>
    findProgram('dex') === undefined
      ? {
          reason: 'dex is not in PATH',
          install: 'build github.com/dexidp/dex and put it into PATH, or name its folder in SESAME_PEERS',
        }
      : undefined,
  version: async () =>
    /Version:\s*(\S+)/.exec(
      execFileSync(findProgram('dex') ?? 'dex', ['version'], { encoding: 'utf8' }),
    )?.[1] ?? '',
  run: (steps) =>
    runProvider(
      {
        start,
        lacks: {
          denied: 'its connector for tests has no page on which to refuse',
          'dead refresh token': 'it has no way to end sessions but its own gRPC interface',
          'post-bound client': 'its clients are not bound to a way of authentication',
        },
      },
      steps,
    ),
}
