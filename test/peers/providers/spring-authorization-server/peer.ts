import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { maven, missingJava } from '../../find-java.ts'
import { peersCache } from '../../find-program.ts'
import type { Peer } from '../../peer.ts'
import { startFront } from '../front.ts'
import { freePort } from '../port.ts'
import type { StartedProvider } from '../provider.ts'
import { startServer } from '../server.ts'
import { runProvider } from '../steps.ts'

/** Of the libraries that `pom.xml` names. */
const version = '1.5.2'
const libraries = join(peersCache, `spring-authorization-server-${version}`)
const secrets = { main: 'spring-main-secret', special: 'a+b/c=d%e&f:g h~i', post: 'spring-post-secret' }

/** Spring Authorization Server as Spring Boot sets it up. Its clients all have secrets: it has no device grant for public ones. */
async function start(): Promise<StartedProvider> {
  const front = await startFront()
  const port = await freePort()
  const server = await startServer(
    'java',
    [
      ...['-cp', join(libraries, '*'), join(import.meta.dirname, 'Provider.java')],
      ...['--server.address=127.0.0.1', `--server.port=${port}`],
    ],
    { port, env: { SECRET_MAIN: secrets.main, SECRET_SPECIAL: secrets.special, SECRET_POST: secrets.post } },
  )
  front.forwardTo(port)
  const client = (clientId: keyof typeof secrets) => ({ clientId, clientSecret: secrets[clientId] })
  return {
    issuer: front.url,
    front,
    clients: { main: client('main'), special: client('special'), post: client('post') },
    scope: 'openid profile offline_access',
    idTokensByCodeOnly: true,
    approve: (page, address) => decide(page, address, consent),
    deny: (page, address) => decide(page, address, cancel),
    async agree(page) {
      await signIn(page)
      await consent(page)
    },
    async endSessions() {
      const { status } = await fetch(`http://127.0.0.1:${port}/sessions`, { method: 'DELETE' })
      if (status !== 204) throw new Error(`DELETE /sessions: HTTP ${status}`)
    },
    tokenPath: /^\/oauth2\/token$/,
    async stop() {
      await server.stop()
      await front.close()
    },
  }
}

/** Nothing but the address shows the outcome: the server has no page for it. */
async function decide(page: Page, address: string, answer: (page: Page) => Promise<void>): Promise<void> {
  await page.goto(address)
  await signIn(page)
  await answer(page)
  await page.waitForURL((url) => !url.pathname.startsWith('/oauth2/device_verification') || url.search === '')
}

async function consent(page: Page): Promise<void> {
  const submit = page.getByRole('button', { name: 'Submit Consent' })
  // `all` takes what is there; on the page before it that is no box, and a consent without scopes is none.
  await submit.waitFor()
  for (const scope of await page.getByRole('checkbox').all()) await scope.check()
  await submit.click()
}

async function cancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel' }).click()
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Username').fill('dev')
  await page.getByLabel('Password').fill('dev-password')
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export const springAuthorizationServer: Peer = {
  name: 'spring-authorization-server',
  kind: 'provider',
  quick: false,
  missing: async () =>
    missingJava() ??
    (existsSync(libraries)
      ? undefined
      : {
          reason: `Spring Authorization Server ${version} is not installed`,
          install: 'npm run peers -- spring-authorization-server --install',
        }),
  async install() {
    if (missingJava() !== undefined) return
    const unfinished = `${libraries}.part`
    rmSync(unfinished, { recursive: true, force: true })
    const project = join(import.meta.dirname, 'pom.xml')
    maven(['-f', project, 'dependency:copy-dependencies', `-DoutputDirectory=${unfinished}`])
    renameSync(unfinished, libraries)
  },
  version: async () => version,
  run: (steps) => runProvider({ start }, steps),
}
