import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { startTestOidc } from '../../../support/oidc.ts'
import type { Peer } from '../../peer.ts'
import { startFront } from '../front.ts'
import type { StartedProvider } from '../provider.ts'
import { runProvider } from '../steps.ts'

const specialSecret = 'a+b/c=d%e&f:g h~i'

/** The provider of the npm package oidc-provider, which is certified by the OpenID Foundation. */
async function start(): Promise<StartedProvider> {
  const front = await startFront()
  const oidc = await startTestOidc({
    publicUrl: front.url,
    approve: 'manual',
    clients: [{ clientId: 'special', clientSecret: specialSecret, authMethod: 'client_secret_basic' }],
  })
  front.forwardTo(oidc.port)
  return {
    issuer: oidc.issuer,
    front,
    clients: {
      main: oidc.clients.public,
      special: { clientId: 'special', clientSecret: specialSecret },
      post: oidc.clients.post,
    },
    approve: (_page, _address, userCode) => oidc.approve(userCode),
    deny: (_page, _address, userCode) => oidc.deny(userCode),
    agree,
    endSessions: async () => {
      oidc.revokeGrants()
    },
    tokenPath: /^\/token$/,
    async stop() {
      await oidc.stop()
      await front.close()
    },
  }
}

async function agree(page: Page): Promise<void> {
  await page.getByLabel('Name').fill('dev')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Approve' }).click()
}

export const oidcProvider: Peer = {
  name: 'oidc-provider',
  kind: 'provider',
  quick: true,
  missing: async () => undefined,
  version: async () => createRequire(import.meta.url)('oidc-provider/package.json').version,
  run: (steps) => runProvider({ start }, steps),
}
