import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startQuirkyProvider } from '../../mocks/index.ts'
import { pins } from '../../packaging/standalone/targets.ts'
import { version } from '../../src/kit/index.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { recordSecrets } from '../support/record.ts'
import { isStandalone } from '../support/sesame.ts'
import { foreignExecutable } from '../support/standalone.ts'
import { makeWine, type Wine, whyNoWine } from '../support/wine.ts'

const executable = foreignExecutable('windows-x64')
const missing = isStandalone ? whyNoWine() : 'only in npm run test:standalone'
const reason = missing ?? (executable === undefined ? 'the executable has not been built' : undefined)

describe.skipIf(reason !== undefined)(
  `the executable for Windows, under Wine (${reason ?? 'here'})`,
  { timeout: 180_000 },
  () => {
    let wine: Wine
    let portal: TestPortal
    const run = (words: readonly string[], env: Record<string, string> = {}) =>
      wine.run(executable ?? '', words, env)
    const cache = () => join(wine.home, 'AppData', 'Local', 'sesame', 'cache')
    const unpacked = () => {
      const [name = '', ...others] = readdirSync(cache())
      expect(others).toEqual([])
      return join(cache(), name)
    }

    beforeAll(async () => {
      wine = makeWine()
      portal = await startPortal()
    }, 120_000)
    afterAll(async () => {
      await portal.stop()
      wine.remove()
    })

    test('starts, and says what it is', async () => {
      expect(await run(['version'])).toMatchObject({
        stdout: `${version}\n`,
        stderr: expect.stringMatching(/^Standalone executable for windows-x64, Bun \S+\.\r?\n$/),
        code: 0,
      })
    })

    test('has its keychain binding in its bill of materials', () => {
      const { components } = JSON.parse(
        readFileSync(`${executable?.slice(0, -'.exe'.length)}.cdx.json`, 'utf8'),
      )
      const { version: bound } = components.find(
        ({ name }: { name: string }) => name === '@napi-rs/keyring-win32-x64-msvc',
      )
      expect(bound).toBe(pins.keyring.version)
    })

    test('doctor finds the Credential Manager, and unpacks the binding for it', async () => {
      const { stdout } = await run(['doctor', '--offline'])
      expect(stdout).toMatch(/\(standalone, windows-x64\), Bun \S+, win32 x64$/m)
      expect(stdout).toMatch(/^ok +store +keychain .*it kept and returned a test item$/m)
      const hash = createHash('sha256').update(readFileSync(unpacked())).digest('hex')
      expect(unpacked()).toBe(join(cache(), `keyring-${hash.slice(0, 32)}.node`))
      expect(wine.credentials()).toEqual([])
    })

    test('signs in, answers from the Credential Manager, and forgets', async () => {
      expect(await run(['configure', '--signin-url', portal.signInUrl])).toMatchObject({ code: 0 })
      expect(existsSync(join(wine.home, 'AppData', 'Roaming', 'sesame', 'config.json'))).toBe(true)
      expect(existsSync(join(wine.home, 'AppData', 'Local', 'sesame', 'state.json'))).toBe(true)
      const login = await run(['login', '--profile', 'dev', '--no-browser'])
      expect(login).toMatchObject({ code: 0 })
      expect(JSON.parse(login.stdout)).toMatchObject({ mode: 'StsToken' })
      expect(wine.credentials().filter((name) => name.includes('credentials'))).toHaveLength(1)
      const before = portal.calls().length
      expect(await run(['credentials', '--profile', 'dev'])).toMatchObject({ code: 0, stdout: login.stdout })
      expect(portal.calls()).toHaveLength(before)
      expect(await run(['logout', '--profile', 'dev'])).toMatchObject({ code: 0 })
      expect(wine.credentials()).toEqual([])
      expect(await run(['credentials', '--profile', 'dev'])).toMatchObject({ code: 3, stdout: '' })
    })

    test('exec hands over credentials and exit code', async () => {
      expect(await run(['login', '--profile', 'dev', '--no-browser'])).toMatchObject({ code: 0 })
      const words = ['exec', '--profile', 'dev', '--']
      const { stdout, code } = await run([...words, 'cmd', '/c', 'set'], { BUN_INSPECT: '', MARK: 'here' })
      expect(code).toBe(0)
      expect(stdout).toMatch(/^ALIBABA_CLOUD_ACCESS_KEY_ID=STS\./m)
      expect(stdout).toMatch(/^MARK=here/m)
      expect(stdout).not.toMatch(/^BUN_/m)
      expect(await run([...words, 'cmd', '/c', 'exit 7'])).toMatchObject({ code: 7 })
      expect(await run([...words, 'no-such-program'])).toMatchObject({ code: 127 })
    })

    test('of programs at the same time one signs in', async () => {
      await run(['logout', '--profile', 'dev'])
      const before = portal.calls().length
      const words = ['login', '--profile', 'dev', '--no-browser']
      const ended = await Promise.all([run(words), run(words), run(words)])
      expect(ended.map(({ code }) => code)).toEqual([0, 0, 0])
      expect(new Set(ended.map(({ stdout }) => stdout)).size).toBe(1)
      const calls = portal.calls().slice(before)
      expect(calls.filter((call) => call === 'POST /device-authorization')).toHaveLength(1)
    })

    test('tokens that are too large for one item of the Credential Manager', async () => {
      const token = 'x'.repeat(7000)
      const provider = await startQuirkyProvider({
        intervalSeconds: 0.2,
        dialect: { tokenExtras: () => ({ access_token: token }) },
      })
      try {
        const { issuer, clientId } = provider
        const words = ['configure', '--profile', 'large', '--issuer', issuer, '--client-id', clientId]
        expect(await run(words)).toMatchObject({ code: 0 })
        const login = ['login', '--profile', 'large', '--flow', 'device', '--no-browser']
        expect(await run(login)).toMatchObject({ code: 0 })
        expect(wine.credentials().length).toBeGreaterThan(3)
        const { stdout, code } = await run(['token', 'get', '--profile', 'large'])
        expect({ code, isSame: stdout.trim() === token }).toEqual({ code: 0, isSame: true })
      } finally {
        recordSecrets(provider.issued)
        await provider.close()
      }
    })

    test('its own directory may have any name', async () => {
      const env = { SESAME_CONFIG_DIR: 'C:\\users\\Wei Ling 伟\\sesame', SESAME_STORE: 'plaintext' }
      expect(await run(['configure', '--signin-url', portal.signInUrl], env)).toMatchObject({ code: 0 })
      expect(await run(['login', '--profile', 'dev', '--no-browser'], env)).toMatchObject({ code: 0 })
      expect(existsSync(join(wine.home, '..', 'Wei Ling 伟', 'sesame', 'config.json'))).toBe(true)
      const { stdout } = await run(['configure', '--for', 'sdk', '--print'], env)
      expect(stdout).toMatch(/sesame-\S*windows-x64\.exe/)
      expect(stdout).not.toMatch(/BUN/)
    })

    test('a binding that was changed is replaced before it is loaded', async () => {
      const path = unpacked()
      const content = readFileSync(path)
      writeFileSync(path, Buffer.concat([content, Buffer.from('!')]))
      expect(await run(['credentials', '--profile', 'dev'])).toMatchObject({ code: 0 })
      expect(readFileSync(path).equals(content)).toBe(true)
      expect(await run(['credentials', '--profile', 'dev'])).toMatchObject({ code: 0 })
    })

    test('a directory that other users can write to is not used', async () => {
      const { mode } = statSync(cache())
      chmodSync(cache(), 0o777)
      try {
        const { code, stdout, stderr } = await run(['credentials', '--profile', 'dev'])
        expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
        expect(stderr).toMatch(
          /^sesame: .*sesame\\cache: other users can write to it: WD .*icacls.*\r?\n.*\r?\n$/,
        )
      } finally {
        chmodSync(cache(), mode & 0o777)
      }
      expect(await run(['credentials', '--profile', 'dev'])).toMatchObject({ code: 0 })
    })
  },
)
