import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/kit/clock.ts'
import { Secret } from '../../src/kit/secret.ts'
import { encryptedFileStore } from '../../src/store/encrypted-file/encrypted-file.ts'
import { writeOldStore } from '../support/old-encrypted-file.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { startOnPty } from '../support/pty.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { spawnSync } from '../support/run-sync.ts'
import { hasMemory, makeRuntimeDirectory } from '../support/runtime-directory.ts'
import {
  type Finished,
  isStandalone,
  makeHome,
  runSesame,
  sesameCommand,
  startProcess,
} from '../support/sesame.ts'

// Each is a process of the executable; of the package the first test, those of `exec`, strace and terminals are.
if (!isStandalone) runCommandsHere()

const passphrase = 'correct horse battery staple'
const withPassphrase = { SESAME_PASSPHRASE: passphrase }

let portal: TestPortal
let runtime: ReturnType<typeof makeRuntimeDirectory>
let home: ReturnType<typeof makeHome>
let directory: string
let snapshots: string
beforeAll(async () => {
  portal = await startPortal()
  home = makeHome()
  directory = join(home.home, '.local', 'state', 'sesame')
  snapshots = fs.mkdtempSync(join(tmpdir(), 'snapshots-'))
  runtime = makeRuntimeDirectory()
  await run(['configure', '--signin-url', portal.signInUrl, '--store', 'encrypted-file'])
  save('configured')
})
afterAll(async () => {
  await portal.stop()
  home.remove()
  runtime.remove()
  fs.rmSync(snapshots, { recursive: true })
})
// The home stays at its path: what is kept in it is bound to that.
beforeEach(() => {
  runtime.remove()
  runtime = makeRuntimeDirectory()
  restore('configured')
})

function save(name: string): void {
  fs.cpSync(home.home, join(snapshots, name), { recursive: true })
}
function restore(name: string): void {
  fs.rmSync(home.home, { recursive: true })
  fs.cpSync(join(snapshots, name), home.home, { recursive: true })
}

function run(words: readonly string[], env: Record<string, string | undefined> = {}): Promise<Finished> {
  return runSesame(words, { home: home.home, env: { XDG_RUNTIME_DIR: runtime.path, ...env } })
}
/** In a process of its own, wherever the others run. */
function runProcess(
  words: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Finished> {
  return startProcess(words, { home: home.home, env: { XDG_RUNTIME_DIR: runtime.path, ...env } }).finished
}
const keyFiles = () => {
  const place = join(runtime.path, 'sesame')
  return fs.existsSync(place) ? fs.readdirSync(place).map((name) => join(place, name)) : []
}
const keptKey = (): string => JSON.parse(fs.readFileSync(keyFiles()[0] ?? '', 'utf8')).key
/** What a sign-in with the passphrase leaves: done once, then restored. */
let signedIn: Promise<string> | undefined
const signIn = async () => {
  signedIn ??= signInAnew().finally(() => save('signed-in'))
  const credentials = await signedIn
  restore('signed-in')
  return credentials
}
const signInAnew = async (start = run) => {
  const login = await start(['login', '--profile', 'dev'], withPassphrase)
  expect(login).toMatchObject({ code: 0 })
  return login.stdout
}

describe.runIf(hasMemory)('sesame unlock', () => {
  test('what it keeps opens the file for every command until sesame lock', async () => {
    const credentials = await signInAnew(runProcess)
    expect(await runProcess(['credentials'])).toMatchObject({ code: 5, stdout: '' })
    const unlock = await runProcess(['unlock', '--for', '1h'], withPassphrase)
    expect(unlock).toMatchObject({ code: 0, stdout: '' })
    expect(unlock.stderr).toMatch(
      /^The encrypted file is unlocked until \d{4}-[\dT:-]+Z; "sesame lock" ends it before\.\n$/,
    )
    expect(fs.statSync(keyFiles()[0] ?? '').mode & 0o777).toBe(0o600)
    expect(await runProcess(['credentials'])).toMatchObject({ code: 0, stdout: credentials, stderr: '' })
    expect(await runProcess(['login', '--force'])).toMatchObject({ code: 0 })
    expect(await runProcess(['logout', '--profile', 'dev'])).toMatchObject({ code: 0 })

    const lock = await runProcess(['lock'])
    expect(lock).toMatchObject({ code: 0, stdout: '' })
    expect(lock.stderr).toContain('forgotten')
    expect(keyFiles()).toEqual([])
    expect(await runProcess(['credentials'])).toMatchObject({ code: 5 })
    expect(await runProcess(['lock'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('not unlocked'),
    })
  })

  test('the key is in no output and no command line, with DEBUG neither', async () => {
    await signIn()
    const unlock = await run(['unlock'], { ...withPassphrase, DEBUG: '*' })
    const read = await run(['credentials'], { DEBUG: '*' })
    const forms = [keptKey(), Buffer.from(keptKey(), 'base64').toString('hex'), passphrase]
    for (const { stdout, stderr } of [unlock, read, await run(['doctor', '--offline'])])
      for (const form of forms) expect(`${stdout}${stderr}`).not.toContain(form)
  })

  // The parts of an executable are no files that could be seen to be opened.
  test.skipIf(isStandalone)(
    'the cached path answers with it alone: the whole program is never loaded',
    async () => {
      const credentials = await signIn()
      await run(['unlock'], withPassphrase)
      const log = join(home.home, 'strace')
      const words = ['-f', '-o', log, '-e', 'trace=openat', ...sesameCommand, 'login', '--profile', 'dev']
      const env = { PATH: process.env.PATH, HOME: home.home, XDG_RUNTIME_DIR: runtime.path }
      expect(spawnSync('strace', words, { env, encoding: 'utf8' }).stdout).toBe(credentials)
      const opened = fs.readFileSync(log, 'utf8')
      expect(opened).toContain('encrypted-file.cjs')
      expect(opened).not.toMatch(/program\.cjs|chunks/)
    },
  )

  test('[case 201] sesame inside exec: needs a passphrase, and says so; unlocked it works', async () => {
    const credentials = await signIn()
    const inner = ['exec', '--profile', 'dev', '--', ...sesameCommand, 'credentials', '--profile', 'dev']
    const locked = await run(inner, withPassphrase)
    expect(locked).toMatchObject({ code: 5, stdout: '' })
    expect(locked.stderr).toContain('sesame unlock')
    await run(['unlock'], withPassphrase)
    expect(await run(inner, withPassphrase)).toEqual({
      code: 0,
      signal: null,
      stdout: credentials,
      stderr: '',
    })
    expect(await run(inner)).toMatchObject({ code: 0, stdout: credentials })
  })

  test('checks the passphrase, and keeps nothing for a wrong one', async () => {
    await signIn()
    expect(await run(['unlock'], { SESAME_PASSPHRASE: 'wrong horse battery staple' })).toMatchObject({
      code: 5,
    })
    expect(await run(['unlock'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('SESAME_PASSPHRASE'),
    })
    expect(keyFiles()).toEqual([])
  })

  test('makes a new file, whose passphrase it is then', async () => {
    await run(['unlock'], withPassphrase)
    expect(await run(['login', '--profile', 'dev'])).toMatchObject({ code: 0 })
    await run(['lock'])
    expect(await run(['credentials'], withPassphrase)).toMatchObject({ code: 0 })
    expect(await run(['credentials'], { SESAME_PASSPHRASE: 'another passphrase' })).toMatchObject({ code: 5 })
  })

  test('over its time the key is overwritten, and said to be so', async () => {
    await signIn()
    await run(['unlock'], withPassphrase)
    const [path = ''] = keyFiles()
    const open = fs.openSync(path, 'r')
    fs.writeFileSync(
      path,
      fs.readFileSync(path, 'utf8').replace(/"until":"[^"]*"/, '"until":"2020-01-01T00:00:00.000Z"'),
    )
    const late = await run(['credentials'])
    expect(late).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('time is over') })
    expect(fs.readFileSync(open, 'latin1')).toMatch(/^\0+$/)
    fs.closeSync(open)
    expect(keyFiles()).toEqual([])
  })

  test('a key that does not fit the file is overwritten', async () => {
    await signIn()
    await run(['unlock'], withPassphrase)
    const open = fs.openSync(keyFiles()[0] ?? '', 'r')
    fs.rmSync(join(directory, 'secrets'), { recursive: true })
    await signInAnew()
    expect(await run(['credentials'])).toMatchObject({ code: 5 })
    expect(fs.readFileSync(open, 'latin1')).toMatch(/^\0+$/)
    fs.closeSync(open)
    expect(keyFiles()).toEqual([])
  })

  test('each configuration directory is unlocked for itself', async () => {
    await signIn()
    await run(['unlock'], withPassphrase)
    const other = { SESAME_CONFIG_DIR: join(home.home, 'other'), SESAME_STORE: 'encrypted-file' }
    await run(['configure', '--signin-url', portal.signInUrl], other)
    await run(['login', '--profile', 'dev'], { ...other, ...withPassphrase })
    expect(await run(['credentials', '--profile', 'dev'], other)).toMatchObject({ code: 5 })
    await run(['unlock'], { ...other, ...withPassphrase })
    expect(await run(['credentials', '--profile', 'dev'], other)).toMatchObject({ code: 0 })
    await run(['lock'])
    expect(await run(['credentials', '--profile', 'dev'], other)).toMatchObject({ code: 0 })
    expect(await run(['credentials', '--profile', 'dev'])).toMatchObject({ code: 5 })
  })

  test.each<[string, Record<string, string | undefined>, string]>([
    ['no such directory', { XDG_RUNTIME_DIR: undefined }, 'XDG_RUNTIME_DIR is not set'],
    [
      'one on a disk',
      { XDG_RUNTIME_DIR: join(import.meta.dirname, '..', '..', 'dist') },
      'XDG_RUNTIME_DIR|dist',
    ],
  ])('%s: exit 5, and why', async (_, env, why) => {
    const { code, stdout, stderr } = await run(['unlock'], { ...withPassphrase, ...env })
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr).toMatch(
      new RegExp(`^sesame: The key cannot be kept in memory: .*(${why}).*\\n.*SESAME_PASSPHRASE`),
    )
    expect(await run(['lock'], env)).toMatchObject({ code: 0 })
  })

  test.each(['0', '0s', '169h', '8d', 'x', '-1h', ''])('--for %j is exit 2', async (duration) => {
    expect(await run(['unlock', '--for', duration], withPassphrase)).toMatchObject({ code: 2, stdout: '' })
    expect(keyFiles()).toEqual([])
  })

  test('where secrets are kept elsewhere there is nothing to unlock: exit 2', async () => {
    await run(['configure', '--store', 'plaintext'])
    const { code, stderr } = await run(['unlock'], withPassphrase)
    expect(code).toBe(2)
    expect(stderr).toBe(
      'sesame: There is nothing to unlock: the store is plaintext.\nThe encrypted file is chosen with: sesame configure --store encrypted-file\n',
    )
    expect(await run(['lock'])).toMatchObject({ code: 0 })
  })

  test('auto without a keychain takes the encrypted file while it is unlocked', async () => {
    await run(['configure', '--store', 'auto'])
    await run(['unlock'], withPassphrase)
    const login = await run(['login', '--profile', 'dev'])
    expect(login.stderr).not.toContain('Nothing will be kept')
    expect(await run(['credentials'])).toMatchObject({ code: 0, stdout: login.stdout })
  })

  test('[case 123] at a terminal: a new passphrase is long enough, a known one is only asked for', async () => {
    const env = { XDG_RUNTIME_DIR: runtime.path }
    const first = startOnPty(['unlock'], { home: home.home, env })
    await first.shows(/Passphrase of the new encrypted store/)
    first.type('short\r')
    await first.shows(/at least 8 characters/)
    first.type(' but longer\r')
    expect(await first.finished).toMatchObject({ code: 0, stdout: '' })
    await run(['lock'])
    const second = startOnPty(['unlock'], { home: home.home, env })
    await second.shows(/Passphrase of the encrypted store/)
    second.type('short but longer\r')
    const { code, seen, stdout } = await second.finished
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(seen).toContain('unlocked until')
    expect(seen).not.toContain('but longer')
  })
})

describe('a passphrase of few characters', () => {
  test('[case 123] is refused for a new file, before anything is sent: exit 2', async () => {
    const before = portal.requests.length
    for (const words of [['login', '--profile', 'dev'], ['unlock']]) {
      const { code, stdout, stderr } = await run(words, { SESAME_PASSPHRASE: 'p' })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('at least 8 characters')
      expect(stderr).toContain('--new-key')
    }
    expect(
      await run(['login', '--profile', 'dev'], { SESAME_STORE: 'auto', SESAME_PASSPHRASE: 'p' }),
    ).toMatchObject({
      code: 2,
    })
    expect(portal.requests.slice(before).filter(({ path }) => /token|cloud-credentials/.test(path))).toEqual(
      [],
    )
    expect(fs.existsSync(join(directory, 'secrets', '.verifier.json'))).toBe(false)
  })

  test('opens a file that exists', async () => {
    writeOldStore(directory, 'p', {})
    expect(await run(['login', '--profile', 'dev'], { SESAME_PASSPHRASE: 'p' })).toMatchObject({ code: 0 })
    expect(await run(['credentials'], { SESAME_PASSPHRASE: 'p' })).toMatchObject({ code: 0 })
  })
})

describe('configure --store encrypted-file --new-key', () => {
  const words = ['configure', '--store', 'encrypted-file', '--new-key']

  test('prints the key once, as the only result; from then on it opens the file', async () => {
    const credentials = await signIn()
    const { code, stdout, stderr } = await run(words, withPassphrase)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^sesame-key-1-[A-Za-z0-9_-]{48}\n$/)
    expect(stderr).toContain('SESAME_PASSPHRASE')
    expect(stderr).not.toContain(stdout.trim())
    const withKey = { SESAME_PASSPHRASE: stdout.trim() }
    expect(await run(['credentials'], withKey)).toMatchObject({ code: 0, stdout: credentials, stderr: '' })
    expect(await run(['credentials'], withPassphrase)).toMatchObject({ code: 5, stdout: '' })
    const doctor = await run(['doctor', '--offline'], withKey)
    expect(doctor.stdout).toContain('a key of full strength')
    const log = await run(['login', '--force'], { ...withKey, DEBUG: '*' })
    expect(log.stderr).not.toContain(stdout.trim())
    const slip = await run(['credentials'], { SESAME_PASSPHRASE: `${stdout.trim().slice(0, -1)}?` })
    expect(slip).toMatchObject({ code: 5, stderr: expect.stringContaining('checksum') })
  })

  test('without the present passphrase, or with a wrong one: exit 5, and nothing is changed', async () => {
    const credentials = await signIn()
    await run(['configure', '--store', 'auto'])
    const config = fs.readFileSync(join(home.home, '.config', 'sesame', 'config.json'), 'utf8')
    for (const env of [{}, { SESAME_PASSPHRASE: 'wrong horse battery staple' }]) {
      const { code, stdout, stderr } = await run(words, env)
      expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
      expect(stderr).toContain('present passphrase')
    }
    const path = join(home.home, '.config', 'sesame', 'config.json')
    expect(fs.readFileSync(path, 'utf8')).toBe(config)
    expect(await run(['credentials'], withPassphrase)).toMatchObject({ code: 0, stdout: credentials })
  })

  test.each([
    ['no store', ['configure', '--new-key']],
    ['another store', ['configure', '--store', 'keychain', '--new-key']],
    ['another tool', ['configure', '--store', 'encrypted-file', '--new-key', '--for', 'sdk']],
  ])('with %s: exit 2', async (_, given) => {
    expect(await run(given)).toMatchObject({ code: 2, stdout: '' })
    expect(fs.existsSync(join(directory, 'secrets'))).toBe(false)
  })

  test('a key that cannot be handed over is not used', async () => {
    const credentials = await signIn()
    const files = () =>
      fs
        .readdirSync(join(directory, 'secrets'))
        .map((name) => [name, fs.readFileSync(join(directory, 'secrets', name), 'utf8')])
    const before = files()
    for (const target of ['/dev/full', '/dev/null', '&-']) {
      const line = `exec "$0" "$@" >${target}`
      const env = { PATH: process.env.PATH, HOME: home.home, ...withPassphrase }
      const { status } = spawnSync('sh', ['-c', line, ...sesameCommand, ...words], { env })
      expect(status, target).toBe(1)
      expect(files(), target).toEqual(before)
    }
    expect(await run(['credentials'], withPassphrase)).toMatchObject({ code: 0, stdout: credentials })
  })

  test('killed at any step, the passphrase or the printed key opens everything', {
    timeout: 180_000,
  }, async () => {
    const items = { a: '1', [`b:${'X'.repeat(200)}`]: '2', c: '3' }
    const read = async (where: string, secret: string) => {
      const options = { directory: where, clock: systemClock, warn: () => {} }
      const store = encryptedFileStore({ ...options, passphrase: async () => new Secret(secret) })
      const values: Record<string, string | undefined> = {}
      for (const name of Object.keys(items)) values[name] = await store.read(name)
      return values
    }
    writeOldStore(directory, passphrase, items)
    const opened: string[] = []
    for (let step = 1; ; step++) {
      const copy = fs.mkdtempSync(join(tmpdir(), 'killed-'))
      fs.cpSync(directory, copy, { recursive: true })
      const inject = [
        '-f',
        '-o',
        '/dev/null',
        '-e',
        'trace=rename',
        '-e',
        `inject=rename:signal=SIGKILL:when=${step}`,
      ]
      const env = {
        PATH: process.env.PATH,
        HOME: home.home,
        SESAME_CONFIG_DIR: copy,
        SESAME_STATE_DIR: copy,
        ...withPassphrase,
      }
      const { stdout, stderr } = spawnSync('strace', [...inject, ...sesameCommand, ...words], {
        env,
        encoding: 'utf8',
      })
      const [byPassphrase, byKey] = await Promise.allSettled([
        read(copy, passphrase),
        read(copy, stdout.trim() || 'none'),
      ])
      const good = [byPassphrase, byKey].filter(({ status }) => status === 'fulfilled')
      for (const outcome of good) expect(outcome).toEqual({ status: 'fulfilled', value: items })
      expect(good.length, `after step ${step}`).toBeGreaterThan(0)
      opened.push(byKey.status === 'fulfilled' ? 'key' : 'passphrase')
      fs.rmSync(copy, { recursive: true })
      if (stderr.includes('This key opens')) break
    }
    // The passphrase up to the one step that replaces the verifier, the key from there on.
    expect(opened.join(' ')).toMatch(/^passphrase( passphrase)*( key){5,}$/)
  })
})

describe.runIf(hasMemory)('sesame doctor', () => {
  test('says how the encrypted file is opened, and until when it is unlocked', async () => {
    await signIn()
    const store = async (env: Record<string, string> = {}) =>
      JSON.parse((await run(['doctor', '--offline', '--json'], env)).stdout).find(
        ({ check }: { check: string }) => check === 'store',
      )
    expect(await store(withPassphrase)).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/^encrypted-file: opened by a passphrase; not unlocked/),
    })
    await run(['unlock'], withPassphrase)
    expect((await store()).message).toMatch(/unlocked until \d{4}-/)
    await run(['lock'])
    expect(await store()).toMatchObject({ status: 'problem' })
    fs.rmSync(join(directory, 'secrets'), { recursive: true })
    writeOldStore(directory, passphrase, {})
    expect(await store(withPassphrase)).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('below OWASP'),
      fix: 'sesame login --profile dev --force',
    })
    await run(['unlock'], withPassphrase)
    expect(await store()).toMatchObject({ status: 'ok' })
  })
})
