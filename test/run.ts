import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildStandalone, coreFiles } from './support/build-standalone.ts'

/*
 * The whole test run: types, lint, build, the package as it would be published, all tests, those of SQLite on a Node that has it,
 * a core of the end-to-end tests on the standalone executable (all of them: `npm run test:standalone`),
 * then a scan of everything that the built program wrote during the end-to-end tests for any secret that the mocks gave out. Ends
 * with the line `N passed, N failed`.
 */

/**
 * Versions of Node with SQLite of their own, from npm, and what is tested on them: in the first one it is experimental and says so.
 */
const nodesWithSqlite = {
  '24.11.1': ['test/sst/sqlite', 'test/e2e/sst.test.ts'],
  '26.10.0': ['test/sst/sqlite'],
}

const work = mkdtempSync(join(tmpdir(), 'sesame-test-'))
const counts = join(work, 'counts')
const env: NodeJS.ProcessEnv = {
  ...process.env,
  SESAME_TEST_COUNTS: counts,
  SESAME_TEST_RECORD: join(work, 'record'),
}

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

/** The tarball, judged as a registry and TypeScript would. */
function checkPackage(): void {
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', work]
  const { stdout } = spawnSync('npm', pack, { encoding: 'utf8' })
  const tarball = join(work, stdout.trim())
  check('package', ['npx', 'publint', '--strict', tarball])
  check('types of the package', ['npx', 'attw', tarball])
}

/** Where a Node from npm lies; undefined, with the reason on the screen, when it cannot be had. */
function nodeFromNpm(version: string): string | undefined {
  const name = `node-${process.platform}-${process.arch}@${version}`
  const words = ['exec', '--yes', `--package=${name}`, '--', 'node', '-p', 'process.execPath']
  const { status, stdout, stderr } = spawnSync('npm', words, { encoding: 'utf8' })
  if (status === 0) return stdout.trim()
  console.log(`\n== SQLite on Node ${version}: skipped, ${name} cannot be had: ${stderr.trim().slice(-300)}`)
  return undefined
}

function testSqliteOn(version: string, files: readonly string[]): boolean {
  const node = nodeFromNpm(version)
  if (node === undefined) return true
  const vitest = [node, 'node_modules/vitest/vitest.mjs', 'run', '--project', 'all']
  return step(`SQLite on Node ${version}`, [...vitest, ...files])
}

try {
  check('types', ['npx', 'tsc', '--noEmit'])
  check('lint', ['npx', 'biome', 'check', '--error-on-warnings', '.'])
  if (check('build', ['npm', 'run', '--silent', 'build'])) {
    checkPackage()
    const executable = buildStandalone()
    const some = process.argv.slice(2)
    const run = ['npx', 'vitest', 'run']
    const good = [step('tests', [...run, '--exclude', 'test/canary/**', ...some])]
    if (some.length === 0) {
      if (!isBuiltin('node:sqlite'))
        for (const [version, files] of Object.entries(nodesWithSqlite))
          good.push(testSqliteOn(version, files))
      if (executable !== undefined) {
        env.SESAME_TEST_PROGRAM = resolve(executable)
        good.push(step('the standalone executable', [...run, ...coreFiles]))
        delete env.SESAME_TEST_PROGRAM
      }
      good.push(step('no secret in any output', [...run, 'test/canary']))
    }
    readCounts()
    if (good.includes(false) && failed === 0) failed++
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
