import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Oddity, type OddSecretService, startOddSecretService } from '../store/odd-secret-service.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { startOnPty } from '../support/pty.ts'
import { execFileSync } from '../support/run-sync.ts'
import { makeHome, runSesame } from '../support/sesame.ts'

let portal: TestPortal
let home: ReturnType<typeof makeHome>
beforeAll(async () => {
  portal = await startPortal()
})
afterAll(() => portal.stop())
beforeEach(() => {
  home = makeHome()
})
afterEach(() => home.remove())

describe('a Secret Service in an odd state', () => {
  let service: OddSecretService
  const env = () => ({ DBUS_SESSION_BUS_ADDRESS: service.address })
  const run = (...words: string[]) => runSesame(words, { home: home.home, env: env() })
  const signIn = async (store: string) => {
    await run('configure', '--signin-url', portal.signInUrl, '--store', store)
    const login = await run('login', '--profile', 'dev')
    expect(login).toMatchObject({ code: 0 })
    return login.stdout
  }
  beforeEach(async () => {
    service = await startOddSecretService({})
  })
  afterEach(() => service.close())

  test.each<[string, Oddity, string]>([
    ['[case 175] locked items', { itemsLocked: true, unlocking: 'unanswered' }, 'locked: .* item'],
    ['[case 176] a locked collection', { locked: true, unlocking: 'unanswered' }, 'locked'],
    ['[case 180] a search without an answer', { silent: ['SearchItems'] }, 'does not answer'],
    [
      '[case 183] an error of its own',
      { failing: { SearchItems: 'org.example.NoPlugin' } },
      'org.example.NoPlugin',
    ],
  ])(
    '%s: every command of a program ends with exit 5 and the reason, and opens no dialog',
    async (_, oddity, why) => {
      await signIn('keychain')
      service.become(oddity)
      for (const words of [
        ['credentials', '--profile', 'dev'],
        ['login', '--profile', 'dev'],
        ['exec', '--profile', 'dev', '--', 'true'],
        ['logout', '--profile', 'dev'],
      ]) {
        const { code, stderr } = await run(...words)
        expect({ words, code }).toEqual({ words, code: 5 })
        expect(stderr).toMatch(new RegExp(`^sesame: .*${why}.*\\n.*\\n$`))
      }
      const doctor = await run('doctor', '--offline')
      expect(doctor.code).not.toBe(0)
      expect(doctor.stdout).toMatch(new RegExp(why))
      expect(service.dialogs).toBe(0)
      service.become({})
      expect(await run('logout', '--profile', 'dev')).toMatchObject({ code: 0 })
      // A test item that doctor could write but not delete again may be left; it is of random bytes.
      expect(service.items.filter(({ attributes }) => !attributes.username?.startsWith('canary:'))).toEqual(
        [],
      )
    },
  )

  test('[case 180] a keychain that does not answer is asked once by a command, not once by each of its parts', async () => {
    await signIn('keychain')
    service.become({ silent: ['SearchItems'] })
    const before = service.calls.length
    expect(await run('credentials', '--profile', 'dev')).toMatchObject({ code: 5 })
    expect(service.calls.slice(before).filter((call) => call === 'SearchItems')).toHaveLength(1)
  })

  test('[case 175] no native part is loaded', async () => {
    const file = join(home.home, 'no-native.cjs')
    writeFileSync(file, 'process.dlopen = () => process.abort()\n')
    await run('configure', '--signin-url', portal.signInUrl, '--store', 'keychain')
    const guarded = (...words: string[]) =>
      runSesame(words, { home: home.home, env: { ...env(), NODE_OPTIONS: `--require ${file}` } })
    for (const words of [['login', '--profile', 'dev'], ['credentials'], ['login', '--force'], ['logout']])
      expect(await guarded(...words)).toMatchObject({ code: 0, signal: null })
  })

  test("[case 176] KDE's wallet, opened at login: programs are answered", async () => {
    const credentials = await signIn('keychain')
    service.become({ locked: 'kde' })
    expect(await run('credentials', '--profile', 'dev')).toMatchObject({ code: 0, stdout: credentials })
    service.become({ locked: 'kde' })
    expect(await run('doctor', '--offline')).toMatchObject({
      stdout: expect.stringContaining('keychain: unlocked'),
    })
    service.become({ locked: 'kde' })
    expect(await run('logout', '--profile', 'dev')).toMatchObject({ code: 0 })
    expect(service.dialogs).toBe(0)
  })

  test('[case 175] a user at a terminal answers the dialog', async () => {
    const credentials = await signIn('keychain')
    service.become({ itemsLocked: true, unlocking: 'confirmed' })
    const terminal = startOnPty(['login', '--profile', 'dev'], { home: home.home, env: env() })
    const { code, stdout, seen } = await terminal.finished
    expect({ code, stdout }).toEqual({ code: 0, stdout: credentials })
    expect(seen).toContain('waiting for your answer')
    expect(service.dialogs).toBe(1)
  })

  test('[case 175] Ctrl-C gives a dialog up', async () => {
    await signIn('keychain')
    service.become({ locked: true, unlocking: 'unanswered' })
    const terminal = startOnPty(['login', '--profile', 'dev'], { home: home.home, env: env() })
    await terminal.shows(/waiting for you to unlock it/)
    terminal.type('\u0003')
    expect((await terminal.finished).code).not.toBe(0)
  })

  test('[case 181] the store proves itself once; what a recycle bin keeps is empty', async () => {
    await signIn('auto')
    await run('login', '--profile', 'dev', '--force')
    await run('login', '--profile', 'other')
    expect(service.bin).toEqual([''])
    await run('logout', '--profile', 'dev')
    await run('logout', '--profile', 'other')
    expect(service.items).toEqual([])
    expect(service.bin.length).toBeGreaterThan(1)
    expect(service.bin.join('')).toBe('')
  })

  test('[case 181] a keychain that fails later proves itself again', async () => {
    await signIn('keychain')
    service.become({ failing: { SetSecret: 'org.example.ReadOnly', CreateItem: 'org.example.ReadOnly' } })
    expect((await run('login', '--profile', 'dev', '--force')).stderr).toContain('org.example.ReadOnly')
    const before = portal.requests.length
    const again = await run('login', '--profile', 'dev', '--force')
    expect(again).toMatchObject({ code: 5, stderr: expect.stringContaining('org.example.ReadOnly') })
    expect(portal.calls().slice(before)).not.toContain('POST /token')
  })

  test('[case 182] two items of one name: login --force leaves one, logout none', async () => {
    const credentials = await signIn('keychain')
    const restored = service.items.map((item) => ({ ...item, path: `${item.path}0`, modified: 1 }))
    service.items = [...restored.map((item) => ({ ...item, secret: '{"stale":1}' })), ...service.items]
    expect(await run('credentials', '--profile', 'dev')).toMatchObject({ code: 0, stdout: credentials })
    const forced = await run('login', '--profile', 'dev', '--force')
    expect(forced).toMatchObject({ code: 0 })
    expect(service.items).toHaveLength(2)
    expect(await run('credentials', '--profile', 'dev')).toMatchObject({ code: 0, stdout: forced.stdout })
    service.items = [...restored, ...service.items]
    expect(await run('logout', '--profile', 'dev')).toMatchObject({ code: 0 })
    expect(service.items).toEqual([])
  })
})

describe('a keychain on macOS, played', () => {
  /** What a preloaded module makes of Node: macOS, with a binding of our own making. */
  const preload = (binding: string) => {
    const file = join(home.home, 'macos.cjs')
    writeFileSync(
      file,
      `Object.defineProperty(process, 'platform', { value: 'darwin' })
      const Module = require('node:module')
      const load = Module._load
      Module._load = function (request, ...rest) {
        if (request.startsWith('@napi-rs/keyring-darwin')) { ${binding} }
        return load.call(this, request, ...rest)
      }`,
    )
    return { NODE_OPTIONS: `--require ${file}`, SESAME_STORE: 'keychain' }
  }
  /** A thread that waits for ever for a writer; its process leaves its number. */
  const stuck = () => `
    require('node:fs').appendFileSync(${JSON.stringify(pids())}, process.pid + '\\n')
    await new Promise(() => require('node:fs').open(${JSON.stringify(pipe())}, 'r', () => {}))`
  const pids = () => join(home.home, 'pids')
  const pipe = () => join(home.home, 'pipe')
  const isAlive = (pid: number) => existsSync(`/proc/${pid}`)
  const bindingThat = (does: string) => `return { AsyncEntry: class {
      constructor(service, name) { this.file = ${JSON.stringify(home.home)} + '/' + encodeURIComponent(service + ' ' + name) }
      async getSecret() { ${does}; const fs = require('node:fs'); return fs.existsSync(this.file) ? [...fs.readFileSync(this.file)] : null }
      async setSecret(bytes) { ${does}; require('node:fs').writeFileSync(this.file, bytes) }
      async deleteCredential() { ${does}; try { require('node:fs').unlinkSync(this.file); return true } catch { return false } }
    } }`

  test('[case 177] one that never answers: each command ends, once, with exit 5', async () => {
    await runSesame(['configure', '--signin-url', portal.signInUrl], { home: home.home })
    execFileSync('mkfifo', [pipe()])
    const login = ['login', '--profile', 'dev']
    expect(await runSesame(login, { home: home.home, env: preload(bindingThat('')) })).toMatchObject({
      code: 0,
    })
    const env = preload(bindingThat(stuck()))
    for (const words of [
      ['credentials', '--profile', 'dev'],
      ['logout', '--profile', 'dev'],
    ]) {
      const { code, signal, stdout, stderr } = await runSesame(words, { home: home.home, env })
      expect({ words, code, signal, stdout }).toEqual({ words, code: 5, signal: null, stdout: '' })
      expect(stderr).toBe(
        'sesame: The keychain did not answer within 7 s.\nIt may be waiting for you in a dialog. To keep secrets in an encrypted file, set SESAME_STORE=encrypted-file and SESAME_PASSPHRASE.\n',
      )
    }
    const doctor = await runSesame(['doctor', '--offline'], { home: home.home, env })
    expect(doctor.stdout).toContain('no answer within 5 s')
    const children = readFileSync(pids(), 'utf8').trim().split('\n').map(Number)
    expect(children.length).toBeGreaterThan(2)
    await expect.poll(() => children.filter(isAlive), { timeout: 20_000 }).toEqual([])
  })

  test('one that works: the items cross the pipes of the child whole', async () => {
    await runSesame(['configure', '--signin-url', portal.signInUrl], { home: home.home })
    const env = preload(bindingThat(''))
    const run = (...words: string[]) => runSesame(words, { home: home.home, env })
    const login = await run('login', '--profile', 'dev')
    expect(login).toMatchObject({ code: 0 })
    expect(await run('credentials', '--profile', 'dev')).toMatchObject({
      code: 0,
      stdout: login.stdout,
      stderr: '',
    })
    expect(await run('logout', '--profile', 'dev')).toMatchObject({ code: 0 })
    expect((await run('credentials', '--profile', 'dev')).code).toBe(3)
  })

  test.each([
    ["throw new Error('dlopen(keyring.node): library not loaded')", 'library not loaded'],
    [
      "throw Object.assign(new Error(\"Cannot find module 'x'\"), { code: 'MODULE_NOT_FOUND' })",
      'is not installed; .*--omit=optional',
    ],
  ])('[case 183] a binding that does not load (%s): why', async (binding, why) => {
    await runSesame(['configure', '--signin-url', portal.signInUrl], { home: home.home })
    const env = preload(binding)
    const { code, stderr } = await runSesame(['credentials', '--profile', 'dev'], { home: home.home, env })
    expect(code).toBe(5)
    expect(stderr).toMatch(new RegExp(`cannot be used on this platform or installation: .*${why}`))
  })
})
