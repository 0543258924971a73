import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { execFileSync, spawnSync } from '../support/run-sync.ts'
import { standalone, standaloneDirectory } from '../support/standalone.ts'

const root = join(import.meta.dirname, '..', '..')
const sources = ['src', 'packaging', 'rolldown.config.ts', 'package.json', 'tsconfig.json']

/** By hard links, where both places are on one file system: no build writes into its packages. */
function lend(modules: string, to: string): void {
  if (spawnSync('cp', ['-al', realpathSync(modules), to]).status === 0) return
  rmSync(to, { recursive: true, force: true })
  cpSync(realpathSync(modules), to, { recursive: true, verbatimSymlinks: true })
}

test.skipIf(standalone === undefined)(
  'a build in another directory makes the same files',
  { timeout: 600_000 },
  () => {
    const work = mkdtempSync(join(tmpdir(), 'sesame-again-'))
    try {
      const copy = join(work, 'somewhere', 'else')
      mkdirSync(copy, { recursive: true })
      for (const name of sources)
        cpSync(join(root, name), join(copy, name), { recursive: true, verbatimSymlinks: true })
      lend(join(root, 'node_modules'), join(copy, 'node_modules'))
      const out = join(work, 'out')
      const words = [
        join('node_modules', 'tsx', 'dist', 'cli.mjs'),
        'packaging/standalone/build.ts',
        '--out',
        out,
      ]
      execFileSync(process.execPath, words, { cwd: copy, env: { ...process.env, TMPDIR: work } })
      const files = readdirSync(out).sort()
      expect(files.length).toBeGreaterThan(3)
      for (const name of files)
        expect(
          readFileSync(join(out, name)).equals(readFileSync(join(standaloneDirectory, name))),
          name,
        ).toBe(true)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  },
)
