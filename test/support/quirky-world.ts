import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type QuirkyOptions, type QuirkyProvider, startQuirkyProvider } from '../../mocks/index.ts'
import { recordSecrets } from './record.ts'
import type { Finished } from './sesame.ts'
import { makeTestHome, type TestHome } from './test-home.ts'

export interface QuirkyWorld {
  op: QuirkyProvider
  home: TestHome
}

/** Bends, faults and secrets of a scripted provider, and the profile `corp` of a HOME that is to sign in there. */
export type QuirkyWorldOptions = QuirkyOptions & {
  /** Members of `corp`; false: nothing is configured yet. */
  profile?: Record<string, unknown> | false
}

/** A test with a scripted provider that polls may reach every 0.1 s, and a HOME with the plaintext store. */
export function inQuirkyWorld(
  { profile = {}, ...options }: QuirkyWorldOptions,
  run: (world: QuirkyWorld) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const op = await startQuirkyProvider({ intervalSeconds: 0.1, ...options })
    const home = makeTestHome({})
    if (profile !== false) writeProfiles(home, { corp: profileAt(op, profile) })
    try {
      await run({ op, home })
    } finally {
      recordSecrets(longOnes(op))
      await op.close()
      home.remove()
    }
  }
}

/** A profile as `configure` writes it. */
export function profileAt(op: QuirkyProvider, members: Record<string, unknown> = {}) {
  return { kind: 'oidc', issuer: op.issuer, clientId: op.clientId, ...members }
}

/** Puts profiles where `configure` would, for tests of what comes after. */
export function writeProfiles({ directory }: TestHome, profiles: Record<string, unknown>): void {
  writeFileSync(join(directory, 'config.json'), JSON.stringify({ version: 1, profiles }), { mode: 0o600 })
}

/** Signs in by the code flow, with a browser that goes where it is led. */
export async function signInByBrowser({ op, home }: QuirkyWorld): Promise<Finished> {
  const running = home.start(['login', '--profile', 'corp', '--flow', 'code'])
  const [, url = ''] = await running.stderrMatches(/^ {2}(http\S+)\n/m)
  // The program may be gone before its last page has arrived.
  await op.visit(url).catch((error: Error) => expect(error.message).toMatch(/ECONN|hang up/))
  return running.finished
}

/** Bent answers hold made-up tokens that would be found in any text. */
function longOnes({ issued }: QuirkyProvider) {
  return issued.filter(({ value }) => value.length >= 24 && !/^(.)\1+$/.test(value))
}
