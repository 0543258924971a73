import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { execFileSync } from '../../../support/run-sync.ts'
import { maven, missingJava } from '../../find-java.ts'
import { peersCache } from '../../find-program.ts'
import type { Peer } from '../../peer.ts'
import { startFront } from '../front.ts'
import { freePort } from '../port.ts'
import type { StartedProvider } from '../provider.ts'
import { startServer } from '../server.ts'
import { runProvider } from '../steps.ts'
import { administrator, logOutUser, makeRealm, realm, secrets, user } from './administration.ts'

const version = '26.7.3'
const directory = join(peersCache, `keycloak-${version}`)
const script = join(directory, 'bin', 'kc.sh')

/** Keycloak in development mode with a database in memory. Its address is the one that a request names. */
async function start(): Promise<StartedProvider> {
  const front = await startFront()
  const port = await freePort()
  const words = ['start-dev', '--http-host=127.0.0.1', `--http-port=${port}`, '--cache=local', '--db=dev-mem']
  const server = await startServer(script, words, {
    port,
    env: {
      KC_BOOTSTRAP_ADMIN_USERNAME: administrator.name,
      KC_BOOTSTRAP_ADMIN_PASSWORD: administrator.password,
    },
  })
  front.forwardTo(port)
  const url = `http://127.0.0.1:${port}`
  await makeRealm(url)
  return {
    issuer: `${front.url}/realms/${realm}`,
    front,
    clients: {
      main: { clientId: 'main' },
      special: { clientId: 'special', clientSecret: secrets.special },
      post: { clientId: 'post', clientSecret: secrets.post },
      code: { clientId: 'code' },
    },
    approve: (page, address) => decide(page, address, 'Yes', /device login successful/i),
    deny: (page, address) => decide(page, address, 'No', /device login failed|consent denied/i),
    agree: async (page) => {
      await signIn(page)
      await page.getByRole('button', { name: 'Yes' }).click()
    },
    endSessions: () => logOutUser(url),
    tokenPath: /\/protocol\/openid-connect\/token$/,
    async stop() {
      await server.stop()
      await front.close()
    },
  }
}

/** The address has the code in it already. */
async function decide(page: Page, address: string, answer: 'Yes' | 'No', outcome: RegExp): Promise<void> {
  await page.goto(address)
  await signIn(page)
  await page.getByRole('button', { name: answer }).click()
  await page.getByText(outcome).first().waitFor()
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Username or email').fill(user.name)
  await page.getByLabel('Password', { exact: true }).fill(user.password)
  await page.getByRole('button', { name: 'Sign In' }).click()
}

export const keycloak: Peer = {
  name: 'keycloak',
  kind: 'provider',
  quick: false,
  missing: async () =>
    missingJava() ??
    (existsSync(script)
      ? undefined
      : { reason: `Keycloak ${version} is not installed`, install: 'npm run peers -- keycloak --install' }),
  async install() {
    if (missingJava() !== undefined) return
    const archives = join(peersCache, 'archives')
    mkdirSync(archives, { recursive: true })
    const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:tar.gz`
    maven(['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${archives}`])
    const archive = join(archives, `keycloak-quarkus-dist-${version}.tar.gz`)
    execFileSync('tar', ['-xzf', archive, '-C', archives])
    renameSync(join(archives, `keycloak-${version}`), directory)
  },
  version: async () => version,
  run: (steps) => runProvider({ start }, steps),
}
