import { strict as assert } from 'node:assert'
import type { Page } from 'playwright-core'
import { launchChromium } from '../../support/launch-chromium.ts'
import { makeTestHome, type TestHome } from '../../support/test-home.ts'
import type { Client, Provider, StartedProvider } from './provider.ts'

/** A provider that runs, a HOME with the plaintext store, and a browser. */
export interface ProviderWorld {
  provider: StartedProvider
  home: TestHome
  /** Signs in by device code; the user decides on the provider's page. */
  signInByDevice(profile: string, decision?: 'approve' | 'deny'): Promise<Signed>
  /** A page of a browser that was not used before. */
  inPage<T>(use: (page: Page) => Promise<T>): Promise<T>
}

interface Signed {
  code: number | null
  stdout: string
  stderr: string
}

/** Longer than a sign-in takes whose device code is decided upon: a guard against one that waits for ever. */
const patienceMs = 90_000

export async function inProviderWorld(
  { start }: Provider,
  run: (world: ProviderWorld) => Promise<void>,
): Promise<void> {
  const provider = await start()
  const home = makeTestHome({})
  try {
    const browser = await launchChromium()
    const inPage: ProviderWorld['inPage'] = async (use) => {
      const context = await browser.newContext()
      // Some pages name style sheets of other hosts.
      await context.route(
        ({ hostname }) => hostname !== '127.0.0.1',
        (route) => route.abort(),
      )
      try {
        return await use(await context.newPage())
      } finally {
        await context.close()
      }
    }
    try {
      await run({ provider, home, inPage, signInByDevice: signerByDevice({ provider, home, inPage }) })
    } finally {
      await browser.close()
    }
  } finally {
    home.remove()
    await provider.stop()
  }
}

function signerByDevice({
  provider,
  home,
  inPage,
}: Omit<ProviderWorld, 'signInByDevice'>): ProviderWorld['signInByDevice'] {
  return async (profile, decision = 'approve') => {
    const words = ['login', '--profile', profile, '--flow', 'device', '--no-browser', '--force']
    const running = home.start(words)
    const guard = setTimeout(() => running.abandon(), patienceMs)
    try {
      // The code stands alone on its line, with all addresses before it.
      const [shown, userCode = ''] = await running.stderrMatches(/^.*^and enter the code:\n {2}([^\n]+)\n/ms)
      const address = /^ {2}(http\S+)$/m.exec(shown)?.[1] ?? ''
      const decide = decision === 'approve' ? provider.approve : provider.deny
      await inPage(async (page) => decide?.(page, address, userCode))
      return await running.finished
    } finally {
      clearTimeout(guard)
      running.abandon()
    }
  }
}

/** `sesame configure` of a client at the provider. */
export async function configure(
  { home, provider: { issuer, scope } }: Pick<ProviderWorld, 'home' | 'provider'>,
  profile: string,
  { clientId, clientSecret, words = [], scope: ownScope = scope }: Client,
): Promise<void> {
  const all = ['configure', '--profile', profile, '--issuer', issuer, '--client-id', clientId, ...words]
  if (ownScope !== undefined) all.push('--scope', ownScope)
  if (clientSecret !== undefined) all.push('--client-secret-stdin')
  const { code, stderr } = await home.run(
    all,
    clientSecret === undefined ? {} : { input: `${clientSecret}\n` },
  )
  assert.equal(code, 0, stderr)
}

/** What `sesame token get` prints, for the profile `main` unless the words name another. */
export async function tokenOf({ home }: Pick<ProviderWorld, 'home'>, ...words: string[]): Promise<string> {
  const profile = words.includes('--profile') ? [] : ['--profile', 'main']
  const { code, stdout, stderr } = await home.run(['token', 'get', ...profile, ...words])
  assert.equal(code, 0, stderr)
  return stdout
}

/** The provider's discovery document, read without sesame. */
export async function discover({ issuer }: StartedProvider): Promise<Record<string, unknown>> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  return (await answer.json()) as Record<string, unknown>
}
