import { createHash } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { hostTarget } from '../../packaging/standalone/targets.ts'
import { version } from '../../src/kit/index.ts'
import { startRedis } from '../sst/support/redis-server.ts'
import { spawnSync } from '../support/run-sync.ts'
import { standalone, standaloneDirectory } from '../support/standalone.ts'

const work = mkdtempSync(join(tmpdir(), 'sesame-executable-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

/** Runs it with nothing but a HOME, in a directory of its own. */
function run(words: readonly string[], { env = {}, cwd = work }: { env?: object; cwd?: string } = {}) {
  return spawnSync(standalone ?? '', words, {
    env: { HOME: join(work, 'home'), ...env },
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
  })
}

const beside = (file: string) => readFileSync(join(standaloneDirectory, file), 'utf8')

describe.skipIf(standalone === undefined)('the standalone executable', () => {
  const path = standalone ?? ''

  test('is one file of at most 115 MB that says which build it is', () => {
    expect(statSync(path).size).toBeLessThanOrEqual(115_000_000)
    const { stdout, stderr, status } = run(['version'])
    expect({ stdout, stderr, status }).toEqual({
      stdout: `${version}\n`,
      stderr: expect.stringMatching(
        `^Standalone executable for ${hostTarget().name}, Bun \\d+\\.\\d+\\.\\d+\\.\n$`,
      ),
      status: 0,
    })
    const [first = ''] = run(['doctor', '--offline']).stdout.split('\n')
    expect(first).toMatch(/sesame \S+ \(standalone, \S+\), Bun \d+\.\d+\.\d+, /)
  })

  test('needs the C library of the system and nothing else', () => {
    const { stdout } = spawnSync('ldd', [path], { encoding: 'utf8' })
    const libraries = stdout.match(/\S+\.so[.\d]*/g)?.map((name) => basename(name)) ?? []
    expect(libraries.length).toBeGreaterThan(1)
    expect(libraries.filter((name) => !/^(?:linux-vdso|ld-|lib(?:c|m|dl|pthread)\.so)/.test(name))).toEqual(
      [],
    )
  })

  test('has its checksum beside it', () => {
    const sum = createHash('sha256').update(readFileSync(path)).digest('hex')
    expect(beside('SHA256SUMS')).toContain(`${sum}  ${basename(path)}\n`)
  })

  test('has a bill of materials of what is in it, and the notices', () => {
    const { components } = JSON.parse(beside(`${basename(path, '.exe')}.cdx.json`))
    const names: string[] = components.map((each: { name: string }) => each.name)
    expect(names).toEqual(
      expect.arrayContaining(['undici', '@redis/client', 'JavaScriptCore', 'SQLite', hostTarget().runtime]),
    )
    expect(names).not.toContain('vitest')
    const notices = beside('THIRD-PARTY-NOTICES')
    const outside = ['JavaScriptCore', 'SQLite', hostTarget().runtime]
    for (const name of names.filter((each) => !outside.includes(each)))
      expect(notices).toContain(`\n${name} `)
    for (const name of ['Bun', 'JavaScriptCore', 'SQLite']) expect(notices).toContain(name)
    expect(components.filter((each: { version?: string }) => !each.version)).toEqual([])
  })

  test('speaks with a real Redis by the few commands that it has', async () => {
    const { url } = await startRedis()
    expect(run(['sst', 'init', '--redis', url])).toMatchObject({ status: 0 })
    const key = join(work, 'key.yaml')
    expect(run(['sst', 'create-key', '--key-file', key])).toMatchObject({ status: 0 })
    const token = run(['sst', 'create', '--key-file', key, 'bob']).stdout.trim()
    const words = ['--key-file', key, '--redis', url, token]
    expect(run(['sst', 'verify', ...words])).toMatchObject({ status: 0 })
    expect(run(['sst', 'revoke', ...words])).toMatchObject({ status: 0 })
    expect(run(['sst', 'verify', ...words])).toMatchObject({ status: 1 })
    expect(run(['sst', 'list', '--redis', url]).stdout).toContain('bob')
  })

  test('holds no path of the machine that built it', () => {
    const content = readFileSync(path)
    for (const place of [process.cwd(), 'sesame-standalone-', dirname(dirname(path))])
      expect(content.includes(place)).toBe(false)
  })

  test('reads nothing from the directory that it is started in', () => {
    const planted = join(work, 'planted')
    const modules = ['libsql', '@redis/client', '@napi-rs/keyring', 'supports-color', '@node-rs/xxhash']
    const evil = `require('node:fs').writeFileSync(${JSON.stringify(join(planted, 'ran'))}, '')`
    const files: Record<string, string> = {
      '.env': 'SESAME_STORE=nonsense\nSESAME_PROFILE=planted\n',
      '.env.production': 'SESAME_STORE=nonsense\n',
      'bunfig.toml': 'preload = ["./evil.js"]\n',
      'package.json': JSON.stringify({ name: 'planted', type: 'module', imports: { '#a': './evil.js' } }),
      'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { '*': ['./evil.js'] } } }),
      'evil.js': evil,
      ...Object.fromEntries(modules.map((name) => [`node_modules/${name}/index.js`, evil])),
    }
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(planted, name)), { recursive: true })
      writeFileSync(join(planted, name), text)
    }
    const before = readdirSync(planted)
    const log = join(work, 'trace')
    for (const words of [
      ['profile', 'list'],
      ['sst', 'list', '--redis', 'redis://127.0.0.1:1'],
      ['sst', 'list'],
    ]) {
      const trace = ['-f', '-o', log, '-e', 'trace=file', path, ...words]
      const options = { env: { HOME: join(work, 'home') }, cwd: planted, encoding: 'utf8' } as const
      const { stderr } = spawnSync('strace', trace, options)
      expect(stderr).not.toMatch(/nonsense|planted/)
      const calls = readFileSync(log, 'utf8').split('\n')
      expect(calls.length).toBeGreaterThan(20)
      const names = [...Object.keys(files), 'node_modules'].map((name) => name.split('/')[0] ?? name)
      expect(calls.filter((call) => names.some((name) => call.includes(`${name}"`)))).toEqual([])
      expect(calls.filter((call) => call.includes(`"${planted}/`))).toEqual([])
    }
    expect(readdirSync(planted)).toEqual(before)
  })

  test('leaves nothing behind, and needs neither HOME nor a temporary directory', () => {
    const empty = join(work, 'empty')
    mkdirSync(empty)
    const { stdout, status } = spawnSync(path, ['version'], { env: { TMPDIR: empty }, encoding: 'utf8' })
    expect({ stdout, status }).toEqual({ stdout: expect.stringContaining(version), status: 0 })
    expect(readdirSync(empty)).toEqual([])
    expect(spawnSync(path, ['version'], { env: { TMPDIR: '/nowhere' } }).status).toBe(0)
  })

  const mounts = spawnSync('unshare', ['--mount', 'true']).status === 0
  test.runIf(mounts)('a /tmp that is full, read-only or keeps programs from running changes nothing', () => {
    // The temporary directory is covered for these runs.
    const home = mkdtempSync('/var/tmp/sesame-executable-')
    try {
      const program = join(home, 'sesame')
      copyFileSync(path, program)
      const cover =
        'mount -t tmpfs -o "$1" tmpfs /tmp && { [ "$1" != size=64k ] || yes >/tmp/full || :; } 2>/dev/null'
      for (const options of ['ro', 'noexec', 'size=64k', 'mode=0555']) {
        const database = join(home, `${options}.db`)
        const script = `${cover}; shift; "$1" sst init --db "$2" && "$1" sst list --db "$2" && ls -A /tmp`
        const words = ['--mount', 'sh', '-c', script, 'sh', options, program, database]
        const { status, stdout } = spawnSync('unshare', words, {
          env: { PATH: process.env.PATH, HOME: home },
          cwd: home,
          encoding: 'utf8',
        })
        expect({ options, status, left: stdout.replace('full\n', '') }).toEqual({
          options,
          status: 0,
          left: '',
        })
        expect(statSync(database).size).toBeGreaterThan(0)
      }
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })
})
