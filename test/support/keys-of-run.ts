import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The variable that names the directory of this run's RSA keys (`rsa-keys.ts`): workers have the environment of their parent. */
export const keysOfRun = 'SESAME_TEST_KEYS'

/** Before the first test file of a run; what it returns is called after the last. */
export function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-keys-'))
  process.env[keysOfRun] = directory
  return () => rmSync(directory, { recursive: true, force: true })
}
