import type { Page } from 'playwright-core'
import { spawnSync } from '../../../support/run-sync.ts'
import type { Peer } from '../../peer.ts'
import { startFront } from '../front.ts'
import { freePort } from '../port.ts'
import type { StartedProvider } from '../provider.ts'
import { runProvider } from '../steps.ts'
import { administrator, startGlewlwyd, whyNoGlewlwyd } from './start.ts'

const main = { clientId: 'sesame', clientSecret: 'secret-of-the-main-client' }
const special = { clientId: 'special', clientSecret: 'a+b/c=d%e&f:g h~i-special' }
const post = { clientId: 'post', clientSecret: 'secret-of-the-post-client' }

async function start(): Promise<StartedProvider> {
  const front = await startFront()
  const redirectPort = await freePort()
  const clients = [{ ...main, redirectPort }, special, { ...post, method: 'client_secret_post' as const }]
  const glewlwyd = await startGlewlwyd(clients, front.url)
  front.forwardTo(glewlwyd.port)
  return {
    issuer: glewlwyd.issuer,
    front,
    clients: { main, special, post, code: { ...main, words: ['--redirect-port', String(redirectPort)] } },
    approve,
    agree,
    endSessions: glewlwyd.disableRefreshTokens,
    tokenPath: /^\/api\/oidc\/token\/?$/,
    async stop() {
      await glewlwyd.stop()
      await front.close()
    },
  }
}

async function approve(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await agree(page)
  await page.getByText('Authorization complete').waitFor()
}

async function agree(page: Page): Promise<void> {
  await page.locator('#username').fill(administrator.username)
  await page.locator('#password').fill(administrator.password)
  await page.locator('#loginbut').click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

export const glewlwyd: Peer = {
  name: 'glewlwyd',
  kind: 'provider',
  quick: true,
  missing: async () => whyNoGlewlwyd(),
  version: async () => {
    const { stdout, stderr } = spawnSync('glewlwyd', ['--version'], { encoding: 'utf8' })
    return /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? ''
  },
  run: (steps) =>
    runProvider({ start, lacks: { denied: 'its pages have nothing to refuse a device code with' } }, steps),
}
