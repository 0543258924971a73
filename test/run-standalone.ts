import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { buildStandalone, packageOnly } from './support/build-standalone.ts'
import { whyNoQemu } from './support/qemu.ts'
import { whyNoWine } from './support/wine.ts'

/*
 * `npm run test:standalone`: every end-to-end test on the standalone executable, and those of other machines where Wine and QEMU stand in
 * for them. The libraries that some of them load are those of the npm package, which is built first.
 */

function run(command: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const [program = '', ...words] = command
  const { status } = spawnSync(program, words, { stdio: 'inherit', env })
  if (status !== 0) process.exit(status ?? 1)
}

run(['npm', 'run', '--silent', 'build'])
const executable = buildStandalone()
if (executable === undefined) process.exit(1)
const stands = { 'windows-x64': whyNoWine(), 'linux-arm64': whyNoQemu() }
for (const [target, missing] of Object.entries(stands)) {
  if (missing === undefined) buildStandalone(target)
  else console.log(`\n== standalone executable for ${target}\nskipped: ${missing}`)
}
const left = packageOnly.flatMap((file) => ['--exclude', file])
const some = process.argv.slice(2)
const files = some.length === 0 ? ['test/e2e', 'test/standalone'] : some
run(['npx', 'vitest', 'run', ...left, ...files], {
  ...process.env,
  SESAME_TEST_PROGRAM: resolve(executable),
})
