import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect } from 'vitest'
import type { World } from './world.ts'

/** Runs `configure --for`; returns stdout and stderr. */
export async function configureFor({ home }: World, words: readonly string[], code = 0, env = {}) {
  const finished = await home.run(['configure', '--for', ...words], { env })
  expect(finished.code, finished.stderr).toBe(code)
  return finished
}

/** Saves a printed script, and puts programs beside it on the PATH. */
export function saveScript({ home }: World, script: string, programs: Record<string, string> = {}) {
  const bin = join(home.home, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const [name, text] of Object.entries({ ...programs, 'wrapper.sh': script })) {
    writeFileSync(join(bin, name), text)
    chmodSync(join(bin, name), 0o755)
  }
  return { script: join(bin, 'wrapper.sh'), PATH: [bin, process.env.PATH].join(delimiter) }
}
