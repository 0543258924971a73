import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { releasedOn, version } from '../../src/kit/index.ts'
import { hostTarget } from '../standalone/targets.ts'
import { sectionOf } from './changelog.ts'
import { archivesIn, checkArchives, writeReleaseFiles } from './files.ts'

/*
 * `npm run release:check [-- --tag vVERSION] [STEP…]`: every step of a release that one machine can take, or those that are named; the
 * workflow takes the same ones. With a tag nothing may be missing; without one it is a rehearsal, and what only a release needs is a
 * warning. Exit 1 when a step fails.
 */

const root = join(import.meta.dirname, '..', '..')
const from = join(root, 'dist', 'standalone')
const to = join(root, 'dist', 'release')
const largestPackage = 8_000_000

const { values, positionals } = parseArgs({ options: { tag: { type: 'string' } }, allowPositionals: true })
const { tag } = values

/** What a step has to say; a failure is thrown. */
type Outcome = { said: string; warnings?: string[] }

const read = (path: string) => readFileSync(join(root, path), 'utf8')

function run(program: string, ...words: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, { cwd: root, encoding: 'utf8' })
  if (error !== undefined) throw error
  if (status !== 0)
    throw new Error(`${[program, ...words].join(' ')}: ${`${stdout}${stderr}`.trim().slice(-2000)}`)
  return `${stdout}${stderr}`.trim()
}

/** What stands in a release, and in a rehearsal only as a warning. */
function demand(isTrue: boolean, problem: string, warnings: string[]): void {
  if (isTrue) return
  if (tag !== undefined) throw new Error(problem)
  warnings.push(problem)
}

function changes() {
  const section = sectionOf(read('CHANGELOG.md'), version)
  if (section === undefined) throw new Error(`CHANGELOG.md has no section ${version}.`)
  return section
}

function checkVersion(): Outcome {
  const warnings: string[] = []
  const lock = JSON.parse(read('package-lock.json'))
  const named = [JSON.parse(read('package.json')).version, lock.version, lock.packages[''].version]
  if (named.some((each) => each !== version))
    throw new Error(
      `package.json and package-lock.json say ${named.join(', ')}, src/kit/version.ts ${version}.`,
    )
  const { date } = changes()
  if (date !== releasedOn)
    throw new Error(`CHANGELOG.md dates ${version} ${date}, src/kit/version.ts ${releasedOn}.`)
  if (tag !== undefined && tag !== `v${version}`)
    throw new Error(`The tag is ${tag}, the version ${version}.`)
  const left = sectionOf(read('CHANGELOG.md'), 'Unreleased')?.text ?? ''
  demand(
    left === '',
    'CHANGELOG.md still has changes under Unreleased: move them below the version.',
    warnings,
  )
  return { said: `${version} of ${releasedOn}${tag === undefined ? ', no tag (rehearsal)' : ''}`, warnings }
}

function checkTree(): Outcome {
  const changed = run('git', 'status', '--porcelain')
  if (changed !== '') throw new Error(`These files are not committed:\n${changed}`)
  return { said: `clean at ${run('git', 'rev-parse', '--short', 'HEAD')}` }
}

function checkPackage(): Outcome {
  const work = mkdtempSync(join(tmpdir(), 'sesame-release-'))
  try {
    const packed = JSON.parse(
      run('npm', 'pack', '--json', '--ignore-scripts', '--silent', '--pack-destination', work),
    )
    const { filename, size, unpackedSize } = packed[0]
    if (unpackedSize > largestPackage)
      throw new Error(`The package has ${unpackedSize} bytes, more than ${largestPackage}.`)
    run('npx', 'publint', '--strict', join(work, filename))
    run('npx', 'attw', join(work, filename))
    return { said: `${filename}: ${megabytes(size)}, unpacked ${megabytes(unpackedSize)}` }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

/** Exit code 3 of the build: the runtime cannot be had here. */
const noRuntime = 3

function tryExecutable(): Outcome {
  const warnings: string[] = []
  const build = ['run', '--silent', 'build:standalone', '--', '--pack']
  const { status, stdout, stderr } = spawnSync('npm', build, { cwd: root, encoding: 'utf8' })
  if (status === noRuntime) {
    demand(false, stderr.trim(), warnings)
    return { said: 'not built', warnings }
  }
  if (status !== 0) throw new Error(`${stdout}${stderr}`.trim().slice(-2000))
  const { name, suffix } = hostTarget()
  const path = join(from, `sesame-${version}-${name}${suffix}`)
  run('sh', join('packaging', 'try-executable.sh'), path, version)
  return { said: path }
}

function checkEveryArchive(): Outcome {
  const names = archivesIn(from, version)
  if (names.length === 0) throw new Error(`There is no archive of ${version} in ${from}.`)
  checkArchives(from, names)
  return { said: `${names.length} archives` }
}

function writeFiles(): Outcome {
  const warnings: string[] = []
  for (const reason of writeReleaseFiles({ version, section: changes(), from, to }))
    demand(false, reason, warnings)
  return { said: to, warnings }
}

const steps: Record<string, () => Outcome> = {
  version: checkVersion,
  tree: checkTree,
  audit: () => ({ said: run('npm', 'run', '--silent', 'audit').split('\n').at(-1) ?? '' }),
  build: () => {
    run('npm', 'run', '--silent', 'build')
    return { said: 'dist' }
  },
  package: checkPackage,
  executable: tryExecutable,
  archives: checkEveryArchive,
  files: writeFiles,
}

const unknown = positionals.filter((name) => !Object.hasOwn(steps, name))
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}; steps are ${Object.keys(steps).join(', ')}.`)
  process.exit(2)
}
for (const [name, step] of Object.entries(steps)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  try {
    const { said, warnings = [] } = step()
    console.log(`ok       ${name}: ${said}`)
    for (const each of warnings) console.log(`warning  ${name}: ${each}`)
  } catch (error) {
    console.log(`FAILED   ${name}: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}
