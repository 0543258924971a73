import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * The whole test run: types, lint, build, all tests, then a scan of everything that the built program wrote during the
 * end-to-end tests for any secret that the mocks gave out. Ends with the line `N passed, N failed`.
 */

const work = mkdtempSync(join(tmpdir(), 'sesame-test-'))
const counts = join(work, 'counts')
const env = { ...process.env, SESAME_TEST_COUNTS: counts, SESAME_TEST_RECORD: join(work, 'record') }

let passed = 0
let failed = 0

function step(name: string, command: readonly string[]): boolean {
  console.log(`\n== ${name}`)
  const [program = '', ...words] = command
  const { status } = spawnSync(program, words, { stdio: 'inherit', env })
  return status === 0
}

function check(name: string, command: readonly string[]): boolean {
  const good = step(name, command)
  if (good) passed++
  else failed++
  return good
}

function readCounts(): void {
  for (const line of readFileSync(counts, 'utf8').trim().split('\n')) {
    const count = JSON.parse(line) as { passed: number; failed: number }
    passed += count.passed
    failed += count.failed
  }
}

try {
  check('types', ['npx', 'tsc', '--noEmit'])
  check('lint', ['npx', 'biome', 'check', '--error-on-warnings', '.'])
  if (check('build', ['npm', 'run', '--silent', 'build'])) {
    const vitest = ['npx', 'vitest', 'run']
    const good = [
      step('tests', [...vitest, '--exclude', 'test/canary/**', ...process.argv.slice(2)]),
      process.argv.length > 2 || step('no secret in any output', [...vitest, 'test/canary']),
    ]
    readCounts()
    if (good.includes(false) && failed === 0) failed++
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
