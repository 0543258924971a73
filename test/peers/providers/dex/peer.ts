import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { recordSecrets } from '../../../support/record.ts'
import { execFileSync } from '../../../support/run-sync.ts'
import { findProgram } from '../../find-program.ts'
import type { Peer } from '../../peer.ts'
import { startFront } from '../front.ts'
import { freePort, whenListening } from '../port.ts'
import type { StartedProvider } from '../provider.ts'
import { runProvider } from '../steps.ts'

const secrets = { main: 'secret-of-the-main-client', special: 'a+b/c=d%e&f:g h~i-special' }

/** dex with its memory store; its connector "mock" signs in without a page of its own. */
async function start(): Promise<StartedProvider> {
  const front = await startFront()
  const directory = mkdtempSync(join(tmpdir(), 'sesame-dex-'))
  const port = await freePort()
  const issuer = `${front.url}/dex`
  const file = join(directory, 'dex.yaml')
  writeFileSync(file, configuration(issuer, port))
  front.forwardTo(port)
  let child = await serve(file, port)
  return {
    issuer,
    front,
    clients: {
      main: { clientId: 'main', clientSecret: secrets.main },
      special: { clientId: 'special', clientSecret: secrets.special },
      code: { clientId: 'native' },
    },
    approve,
    agree,
    // What it keeps in memory ends with it.
    async endSessions() {
      await end(child)
      child = await serve(file, port)
    },
    tokenPath: /^\/dex\/token$/,
    async stop() {
      recordSecrets(Object.values(secrets).map((value) => ({ kind: 'client-secret', value })))
      await end(child)
      await front.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function serve(file: string, port: number): Promise<ChildProcess> {
  // Without sessions, each refresh but the first asks its store again while that one is locked, and hangs.
  const env = { ...process.env, DEX_SESSIONS_ENABLED: 'true' }
  const child = spawn(findProgram('dex') ?? 'dex', ['serve', file], { stdio: 'ignore', env })
  await whenListening(port, child)
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}

/** The page has the code filled in already; then come its consent, and the page of success. */
async function approve(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('button', { name: 'Submit' }).click()
  await agree(page)
  await page.getByText('Return to your device to continue').waitFor()
}

/** It asks once for each client and user. */
async function agree(page: Page): Promise<void> {
  const grant = page.getByRole('button', { name: 'Grant Access' })
  const after = page.getByText(/Return to your device to continue|You are signed in/)
  await grant.or(after).first().waitFor()
  if (await grant.isVisible()) await grant.click()
}

function configuration(issuer: string, port: number): string {
  const client = (id: string, secret: string) => ({
    id,
    name: id,
    secret,
    redirectURIs: ['/dex/device/callback'],
  })
  // JSON is YAML.
  return JSON.stringify({
    issuer,
    storage: { type: 'memory' },
    web: { http: `127.0.0.1:${port}` },
    connectors: [{ type: 'mockCallback', id: 'mock', name: 'mock' }],
    oauth2: {
      grantTypes: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    },
    expiry: { deviceRequests: '5m', idTokens: '1h' },
    staticClients: [
      client('main', secrets.main),
      client('special', secrets.special),
      // Any port of loopback is for its public clients only.
      { id: 'native', name: 'native', public: true },
    ],
  })
}

export const dex: Peer = {
  name: 'dex',
  kind: 'provider',
  quick: true,
  missing: async () =>
    findProgram('dex') === undefined
      ? {
          reason: 'no dex in PATH',
          install:
            'git clone --depth 1 https://github.com/dexidp/dex && make -C dex build && export SESAME_PEERS=$PWD/dex/bin',
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
          'tokens dead after logout': 'it has no revocation endpoint',
          denied: 'it tells a refusal to the user alone: the program sees a code that expires',
          'wrong secret':
            'it gives a device code to anyone, and looks at the secret only after the user has agreed',
          'unknown client': 'it takes any client id for a device code, and tells the user alone',
          'post-bound client': 'its clients are not bound to a way of authentication',
        },
      },
      steps,
    ),
}
