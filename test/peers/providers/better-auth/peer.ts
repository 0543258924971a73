import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Peer } from '../../peer.ts'
import { startFront } from '../front.ts'
import type { StartedProvider } from '../provider.ts'
import { runProvider } from '../steps.ts'
import { startBetterAuth, user } from './start.ts'

const main = { clientId: 'sesame', clientSecret: 'secret-of-the-main-client' }
const special = { clientId: 'special', clientSecret: 'a+b/c=d%e&f:g h~i-special' }
const post = { clientId: 'post', clientSecret: 'secret-of-the-post-client' }

async function start(): Promise<StartedProvider> {
  const front = await startFront()
  const basic = [main, special].map((client) => ({ ...client, method: 'client_secret_basic' as const }))
  const clients = [...basic, { ...post, method: 'client_secret_post' as const }]
  const betterAuth = await startBetterAuth(clients, front.url)
  front.forwardTo(betterAuth.port)
  return {
    issuer: betterAuth.issuer,
    front,
    clients: { main, special, post },
    approve: (_page, _address, userCode) => betterAuth.approve(userCode),
    deny: (_page, _address, userCode) => betterAuth.deny(userCode),
    agree,
    endSessions: async () => betterAuth.removeRefreshTokens(),
    tokenPath: /^\/api\/auth\/oauth2\/token$/,
    async stop() {
      await betterAuth.close()
      await front.close()
    },
  }
}

async function agree(page: Page): Promise<void> {
  await page.getByLabel('Email').fill(user.email)
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
}

const manifest = join(import.meta.dirname, '../../../../node_modules/better-auth/package.json')

export const betterAuth: Peer = {
  name: 'better-auth',
  kind: 'provider',
  quick: true,
  missing: async () => undefined,
  version: async () => JSON.parse(readFileSync(manifest, 'utf8')).version,
  run: (steps) => runProvider({ start }, steps),
}
