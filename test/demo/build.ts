import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const program = join(root, 'dist', 'sesame.cjs')

/** Builds the program when it was never built or its sources have changed since; throws with what the bundler said. */
export function ensureBuilt(): void {
  const builtAtMs = changedAtMs(program)
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, 'src', name))
  const inputs = [...sources, join(root, 'rolldown.config.ts'), join(root, 'package.json')]
  if (inputs.every((path) => changedAtMs(path) < builtAtMs)) return
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`npm run build:\n${stdout}${stderr}`)
}

/** 0 for a file that is not there. */
function changedAtMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
