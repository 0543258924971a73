import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startRedis } from '../sst/support/redis-server.ts'
import { pack } from '../support/pack.ts'
import { execFileSync, spawnSync } from '../support/run-sync.ts'
import type { Finished } from '../support/sesame.ts'

/*
 * The package as users install it, with nothing beside it, and the commands that its messages name. They need the registry that
 * npm is configured for.
 */

const quiet = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' }
const npm = (...words: string[]) => promisify(execFile)('npm', words, { env: { ...process.env, ...quiet } })

let work: string
let tarball: string
let unreachable: string | undefined
beforeAll(async () => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'sesame optional-')))
  tarball = (await pack(work)).tarball
  const { status, stderr } = spawnSync('npm', ['ping'], { encoding: 'utf8' })
  unreachable = status === 0 ? undefined : `the npm registry cannot be reached: ${stderr.trim().slice(-200)}`
})
afterAll(() => rmSync(work, { recursive: true, force: true }))
beforeEach(({ skip }) => {
  if (unreachable !== undefined) skip(unreachable)
})

/** Runs an installed file with Node, in an empty home. */
function run(file: string, words: readonly string[]): Finished {
  const home = mkdtempSync(join(work, 'home-'))
  const env = { PATH: process.env.PATH, HOME: home }
  const {
    status: code,
    signal,
    stdout,
    stderr,
  } = spawnSync(process.execPath, [file, ...words], {
    env,
    cwd: home,
    encoding: 'utf8',
  })
  return { code, signal, stdout, stderr }
}

/** Pastes a command into a shell, in another directory than that of the installation. */
const paste = (command: string) =>
  execFileSync('/bin/sh', ['-c', command], {
    cwd: tmpdir(),
    env: { ...process.env, ...quiet },
    stdio: 'pipe',
  })

/** The packages of a node_modules, as Node finds them. */
function packagesIn(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((each) => `${name}/${each}`) : [name],
    )
    .sort()
}

function bytesIn(directory: string): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0)
}

/** What a command without its package says: two lines, the second of which is the command. */
function commandOf({ code, stdout, stderr }: Finished, name: string): string {
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr.split('\n')).toEqual([
    expect.stringContaining(`the package ${name}, which is not installed`),
    expect.any(String),
    '',
  ])
  return stderr.split('\n')[1] ?? ''
}

test('in a project: at most 3 packages and 8 MB, and each optional one by the command that is shown', async () => {
  const project = join(work, 'a project')
  const modules = join(project, 'node_modules')
  await npm('install', '--prefix', project, tarball)
  expect(packagesIn(modules).filter((name) => !name.startsWith('@napi-rs/keyring'))).toEqual(['sesame-sso'])
  expect(packagesIn(modules).length).toBeLessThanOrEqual(3)
  expect(bytesIn(modules)).toBeLessThan(8e6)

  const sesame = join(modules, 'sesame-sso', 'dist', 'sesame.cjs')
  const list = join(work, 'list', 'sst.db')
  const initial = run(sesame, ['sst', 'init', '--db', list])
  if (isBuiltin('node:sqlite')) expect(initial).toMatchObject({ code: 0, stdout: '' })
  else {
    const command = commandOf(initial, 'libsql')
    expect(command).toBe(`npm install --prefix "${project}" libsql@0.5`)
    expect(existsSync(list)).toBe(false)
    paste(command)
    expect(run(sesame, ['sst', 'init', '--db', list])).toMatchObject({ code: 0, stdout: '' })
  }

  const { url } = await startRedis()
  // The same from a program that uses the library.
  const program = join(project, 'service.cjs')
  writeFileSync(
    program,
    `const { redisRevocations, openTokenService, isSesameError } = require('sesame-sso/sst')
    openTokenService({ key: 'v}#0CEYuG%M8#c77HkUp', revocations: redisRevocations({ url: process.argv[2] }) })
      .then((tokens) => tokens.close())
      .catch((error) => console.log(isSesameError(error, 'ERR_CONFIG'), error.hint))`,
  )
  const command = commandOf(run(sesame, ['sst', 'init', '--redis', url]), '@redis/client')
  expect(command).toBe(`npm install --prefix "${project}" "@redis/client@6"`)
  expect(run(program, [url])).toMatchObject({ code: 0, stdout: `true ${command}\n` })
  paste(command)
  expect(run(sesame, ['sst', 'init', '--redis', url])).toMatchObject({ code: 0, stdout: '' })
  expect(run(program, [url])).toMatchObject({ code: 0, stdout: '' })
  // What was installed before is still there.
  if (!isBuiltin('node:sqlite')) expect(packagesIn(modules)).toContain('libsql')
}, 120_000)

test('installed globally', async () => {
  const prefix = join(work, 'prefix')
  await npm('install', '--global', '--prefix', prefix, tarball)
  const sesame = join(prefix, 'bin', 'sesame')
  const { url } = await startRedis()
  const [name, words] = isBuiltin('node:sqlite')
    ? (['@redis/client', ['--redis', url]] as const)
    : (['libsql', ['--db', join(work, 'global', 'sst.db')]] as const)
  const command = commandOf(run(sesame, ['sst', 'init', ...words]), name)
  expect(command).toMatch(`npm install --global --prefix "${prefix}" `)
  paste(command)
  expect(packagesIn(join(prefix, 'lib', 'node_modules'))).toEqual([name, 'sesame-sso'])
  expect(run(sesame, ['sst', 'init', ...words])).toMatchObject({ code: 0, stdout: '' })
}, 120_000)
