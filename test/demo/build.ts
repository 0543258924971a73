import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const program = join(root, 'dist', 'sesame.cjs')

/** Builds the program when it was never built or its sources have changed since. What the bundler says goes to stderr. */
export function ensureBuilt(): void {
  const builtAtMs = changedAtMs(program)
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, 'src', name))
  const inputs = [...sources, join(root, '.rolldown.config.ts'), join(root, 'package.json')]
  if (inputs.every((path) => changedAtMs(path) < builtAtMs)) return
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error('the build failed (npm run build)')
}

/** 0 for a file that is not there. */
function changedAtMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
