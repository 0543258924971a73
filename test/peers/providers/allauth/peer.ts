import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { execFileSync } from '../../../support/run-sync.ts'
import { findProgram, peersCache } from '../../find-program.ts'
import type { Peer } from '../../peer.ts'
import { startFront } from '../front.ts'
import { freePort } from '../port.ts'
import type { StartedProvider } from '../provider.ts'
import { startServer } from '../server.ts'
import { runProvider } from '../steps.ts'

const version = '65.21.1'
/** The next release of oauthlib breaks allauth's device grant. allauth imports requests and does not name it. */
const packages = [`django-allauth[idp-oidc]==${version}`, 'oauthlib==4.0.0', 'requests==2.*']
const environment = join(peersCache, `allauth-${version}`)
const python = join(environment, 'bin', 'python')
const program = join(import.meta.dirname, 'provider.py')
const specialSecret = 'a+b/c=d%e&f:g h~i'

/** django-allauth under Django's own server, with a database in a temporary directory. */
async function start(): Promise<StartedProvider> {
  const front = await startFront()
  const directory = mkdtempSync(join(tmpdir(), 'sesame-allauth-'))
  const env = { ...process.env, SPECIAL_SECRET: specialSecret }
  const manage = (word: string) => execFileSync(python, [program, word], { cwd: directory, env })
  manage('prepare')
  const port = await freePort()
  const server = await startServer(python, [program, 'serve', String(port)], { port, cwd: directory })
  front.forwardTo(port)
  return {
    issuer: front.url,
    front,
    clients: {
      main: { clientId: 'main' },
      special: { clientId: 'special', clientSecret: specialSecret, flow: 'code' },
    },
    idTokensByCodeOnly: true,
    approve: (page, address) => decide(page, address, 'Confirm', 'Device Authorized'),
    deny: (page, address) => decide(page, address, 'Deny', 'Device Denied'),
    agree: async (page) => {
      await signIn(page)
      await page.getByRole('button', { name: 'Authorize' }).click()
    },
    endSessions: async () => {
      manage('delete-tokens')
    },
    tokenPath: /^\/identity\/o\/api\/token$/,
    async stop() {
      await server.stop()
      await front.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function decide(page: Page, address: string, answer: string, outcome: string): Promise<void> {
  await page.goto(address)
  await signIn(page)
  await page.getByRole('button', { name: answer }).click()
  await page.getByRole('heading', { name: outcome }).waitFor()
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Username').fill('dev')
  await page.getByLabel('Password').fill('dev-password')
  await page.getByRole('button', { name: 'Sign In' }).click()
}

export const allauth: Peer = {
  name: 'allauth',
  kind: 'provider',
  quick: false,
  async missing() {
    if (existsSync(python)) return undefined
    if (findProgram('python3') === undefined)
      return { reason: 'Python is not in PATH', install: 'apt-get install python3 python3-venv' }
    return {
      reason: `django-allauth ${version} is not installed`,
      install: 'npm run peers -- allauth --install',
    }
  },
  async install() {
    if (findProgram('python3') === undefined) return
    const options = { stdio: 'inherit' } as const
    try {
      execFileSync('python3', ['-m', 'venv', environment], options)
      execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], options)
    } catch (error) {
      rmSync(environment, { recursive: true, force: true })
      throw error
    }
  },
  version: async () => version,
  run: (steps) =>
    runProvider(
      {
        start,
        lacks: { 'post-bound client': 'its clients are not bound to a way of authentication' },
      },
      steps,
    ),
}
