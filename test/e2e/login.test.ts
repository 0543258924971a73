import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Keyring, startKeyring } from '../support/keyring.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { removeSecretItems, secretItems } from '../support/secret-items.ts'
import { makeHome, runSesame } from '../support/sesame.ts'

/** Every file below a directory, with its content. */
function filesBelow(directory: string): { path: string; bytes: Buffer }[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path, bytes: readFileSync(path) }))
}

describe('one login, end to end, with a real keychain', () => {
  let keyring: Keyring
  let portal: TestPortal
  let home: ReturnType<typeof makeHome>
  const run = (...words: string[]) =>
    runSesame(words, {
      home: home.home,
      env: { DBUS_SESSION_BUS_ADDRESS: keyring.env.DBUS_SESSION_BUS_ADDRESS },
    })

  beforeAll(async () => {
    keyring = await startKeyring({ mode: 'unlocked' })
    portal = await startPortal()
    home = makeHome()
    expect(await run('configure', '--signin-url', portal.signInUrl)).toMatchObject({ code: 0, stdout: '' })
  })
  afterAll(async () => {
    await portal.stop()
    await keyring.stop()
    home.remove()
  })

  test('a first login creates the profile, signs in and prints credentials and nothing else', async () => {
    const { code, stdout, stderr } = await run('login', '--profile', 'dev')
    expect(stderr).toMatch(/device\/code\?user_code=\w{4}-\w{4}/)
    expect(code).toBe(0)
    const secret = (kind: string) => portal.issued.find((issued) => issued.kind === kind)?.value
    expect(JSON.parse(stdout)).toEqual({
      mode: 'StsToken',
      access_key_id: expect.stringMatching(/^STS\./),
      access_key_secret: secret('access-key-secret'),
      sts_token: secret('security-token'),
      expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })
    expect(stdout).toMatch(/^\{.*\}\n$/)
    expect(portal.calls()).toEqual([
      'POST /device-authorization',
      'POST /token',
      'GET /access-assignments/accounts',
      'GET /access-assignments/access-configurations',
      'POST /cloud-credentials',
    ])
    expect(portal.violations).toEqual([])
    expect(portal.connections).toBe(1)
  })

  test('the second login comes from the keychain: no request at all, the same credentials', async () => {
    const before = portal.requests.length
    const first = await run('login', '--profile', 'dev')
    const env = await run('login', '--env')
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(env).toMatchObject({ code: 0, stderr: '' })
    expect(env.stdout).toContain(`ALIBABA_CLOUD_ACCESS_KEY_ID=${JSON.parse(first.stdout).access_key_id}\n`)
    expect(env.stdout).toContain('SESAME_PROFILE=dev\n')
    expect(portal.requests).toHaveLength(before)
  })

  test('secret-tool sees the items in the keychain, and they hold the credentials', async () => {
    const { names, secrets } = secretItems(keyring)
    expect(names).toHaveLength(2)
    expect(secrets).toContain(portal.issued.find(({ kind }) => kind === 'access-key-secret')?.value)
    expect(secrets).toContain(portal.issued.find(({ kind }) => kind === 'access-token')?.value)
  })

  test('no file below HOME holds a secret', () => {
    const files = filesBelow(home.home)
    expect(files.map(({ path }) => path)).toContain(join(home.home, '.config', 'sesame', 'config.json'))
    for (const { path, bytes } of files) {
      for (const { kind, value } of portal.issued)
        expect(bytes.includes(value), `${kind} in ${path}`).toBe(false)
    }
  })

  test('with STS gone and the bearer good, only POST /cloud-credentials is asked', async () => {
    removeSecretItems(keyring, 'credentials:')
    const before = portal.requests.length
    expect(await run('login')).toMatchObject({ code: 0, stderr: '' })
    expect(portal.calls().slice(before)).toEqual(['POST /cloud-credentials'])
  })

  test('--force signs in again', async () => {
    const before = portal.requests.length
    expect((await run('login', '--force')).code).toBe(0)
    expect(portal.calls().slice(before)).toEqual([
      'POST /device-authorization',
      'POST /token',
      'POST /cloud-credentials',
    ])
  })

  test('a revoked bearer token leads to one new sign-in', async () => {
    removeSecretItems(keyring, 'credentials:')
    portal.revokeTokens()
    const before = portal.requests.length
    expect((await run('login')).code).toBe(0)
    expect(portal.calls().slice(before)).toEqual([
      'POST /cloud-credentials',
      'POST /device-authorization',
      'POST /token',
      'POST /cloud-credentials',
    ])
  })

  test('[case 41] logout removes both items; a second one is fine', async () => {
    const first = await run('logout')
    expect(first).toMatchObject({ code: 0, stdout: '' })
    expect(first.stderr).toMatch(/stay valid until \d{4}-/)
    expect(secretItems(keyring)).toEqual({ names: [], secrets: '' })
    const second = await run('logout')
    expect(second).toMatchObject({ code: 0 })
    expect(second.stderr).toContain('was not signed in')
  })
})
