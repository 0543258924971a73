import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startKeyring } from '../support/keyring.ts'
import { configureLarge, type LargeTokens, newest, withLargeTokens } from '../support/large-tokens.ts'
import { ageTokens, configureCorp, inOidcWorld, must, type OidcWorld } from '../support/oidc-world.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { runProgram } from '../support/sdk.ts'
import { secretItems } from '../support/secret-items.ts'
import { sesamePath } from '../support/sesame.ts'
import { namesIn } from '../support/test-home.ts'

runCommandsHere()

const patience = 120_000
const login = ['login', '--profile', 'corp', '--no-browser']
const credentials = ['credentials', '--profile', 'corp']
/** What is in the store is some seconds old already, so that this always asks STS. */
const renew = [...credentials, '--min-ttl', '1h']

/** From here on STS takes no ID token that it has seen: the next renewal needs the refresh token, which is good once. */
const refuseIdToken = ({ sts }: LargeTokens) =>
  sts.refuse('AssumeRoleWithOIDC', 'AuthenticationFail.OIDCToken.Expired')

/** Signs in, reads all back, and renews with each refresh token that the store was given. */
async function keepsAndRenews(world: LargeTokens): Promise<void> {
  const { op, home, clientSecret } = world
  const first = await must(home.run(login))
  for (const [kind, least] of [
    ['id-token', 4000],
    ['access-token', 8000],
    ['refresh-token', 2000],
  ] as const)
    expect(newest(world, kind).length, kind).toBeGreaterThanOrEqual(least)
  expect(await must(home.run(credentials))).toBe(first)
  const get = ['token', 'get', '--profile', 'corp']
  expect(await must(home.run(get))).toBe(`${newest(world, 'access-token')}\n`)
  expect(await must(home.run([...get, '--id']))).toBe(`${newest(world, 'id-token')}\n`)
  for (let turn = 1; turn <= 2; turn++) {
    const before = newest(world, 'refresh-token')
    refuseIdToken(world)
    await must(home.run(renew))
    expect(newest(world, 'refresh-token')).not.toBe(before)
    expect(await must(home.run(get))).toBe(`${newest(world, 'access-token')}\n`)
  }
  const config = readFileSync(join(home.directory, 'config.json'), 'utf8')
  expect(config).not.toContain(clientSecret)
  expect(op.log.filter(({ kind }) => kind === 'refused')).toEqual([])
  expect(op.violations).toEqual([])
}

describe.concurrent('tokens of a large company: ID token 4 kB, access token 8 kB, refresh token 2 kB', () => {
  test('[case 21] in a real keychain: kept, read back, rotated; nothing is in a file', {
    timeout: patience,
  }, async () => {
    const keyring = await startKeyring({ mode: 'unlocked' })
    const { DBUS_SESSION_BUS_ADDRESS = '' } = keyring.env
    const run = async (world: LargeTokens) => {
      expect(world.home.config().profiles.corp).toMatchObject({ store: 'keychain', confidential: true })
      await keepsAndRenews(world)
      const { names, secrets } = secretItems(keyring)
      expect(names.map((name) => name.split(':')[0]).sort()).toEqual(['credentials', 'secret', 'token'])
      expect(secrets).toContain(newest(world, 'refresh-token'))
      expect(secrets).toContain(world.clientSecret)
      for (const directory of [world.home.directory, world.home.state])
        expect(namesIn(directory).filter((name) => /secret/.test(name))).toEqual([])
      await must(world.home.run(['profile', 'delete', 'corp']))
      expect(secretItems(keyring).names).toEqual([])
    }
    try {
      await withLargeTokens({ DBUS_SESSION_BUS_ADDRESS }, run)()
    } finally {
      await keyring.stop()
    }
  })

  test(
    '[case 21] in the encrypted file: kept, read back, rotated; not readable without the passphrase',
    { timeout: patience },
    withLargeTokens(
      { SESAME_STORE: 'encrypted-file', SESAME_PASSPHRASE: 'a passphrase of the test' },
      async (world) => {
        await keepsAndRenews(world)
        const { home, op, clientSecret } = world
        const files = [home.directory, home.state]
          .flatMap((above) =>
            readdirSync(above, { recursive: true, encoding: 'utf8' }).map((name) => join(above, name)),
          )
          .filter((path) => statSync(path).isFile())
        const all = files.map((path) => readFileSync(path, 'latin1')).join('\n')
        for (const value of [clientSecret, ...op.issued.map((each) => each.value)])
          expect(all.includes(value)).toBe(false)
        for (const path of files.filter((each) => /secrets/.test(each)))
          expect(statSync(path).mode & 0o777, path).toBe(0o600)
        const before = op.requests.length
        const wrong = await home.run(renew, { env: { SESAME_PASSPHRASE: 'another passphrase' } })
        expect(wrong).toMatchObject({ code: 5, stdout: '' })
        expect(op.requests).toHaveLength(before)
        refuseIdToken(world)
        await must(home.run(renew))
      },
    ),
  )

  test('[case 40] a keychain that is locked: exit 5 for everything, no prompt, and nothing is lost', {
    timeout: patience,
  }, async () => {
    const keyring = await startKeyring({ mode: 'unlocked' })
    const { DBUS_SESSION_BUS_ADDRESS = '' } = keyring.env
    const run = async (world: LargeTokens) => {
      const { home, op, sts } = world
      const first = await must(home.run(login))
      const before = [op.requests.length, sts.requests.length]
      const config = home.config()
      await keyring.lock()
      for (const words of [
        credentials,
        renew,
        login,
        ['token', 'get', '--profile', 'corp'],
        ['exec', '--profile', 'corp', '--', 'true'],
        ['serve', '--profile', 'corp'],
        ['logout', '--profile', 'corp'],
        ['profile', 'delete', 'corp'],
      ]) {
        const { code, stdout, stderr } = await home.run(words)
        expect({ code, stdout }, `${words.join(' ')}\n${stderr}`).toEqual({ code: 5, stdout: '' })
        expect(stderr).toMatch(/locked/)
      }
      expect(await configureLarge(world)).toMatchObject({ code: 5, stdout: '' })
      expect([op.requests.length, sts.requests.length]).toEqual(before)
      expect(home.config()).toEqual(config)
      await keyring.unlock()
      expect(await must(home.run(credentials))).toBe(first)
      refuseIdToken(world)
      await must(home.run(renew))
      expect(op.log.filter(({ kind }) => kind === 'refused')).toEqual([])
    }
    try {
      await withLargeTokens({ DBUS_SESSION_BUS_ADDRESS }, run)()
    } finally {
      await keyring.stop()
    }
  })
})

describe.concurrent('without a place for secrets', () => {
  test(
    'a login prints all the same, and says first that nothing is kept',
    { timeout: patience },
    inOidcWorld({ env: {} }, async (world) => {
      await configureCorp(world)
      const { home } = world
      for (const env of [{}, { SESAME_STORE: 'memory' }]) {
        const { code, stdout, stderr } = await home.run(login, { env })
        expect(code, stderr).toBe(0)
        expect(world.sts.identityOf(JSON.parse(stdout).access_key_id)?.via).toBe('oidc:dev')
        // A user who names memory knows it; any other user is warned before the sign-in begins.
        const warned = stderr.search(/^Nothing will be kept after this run/m)
        expect(warned, stderr).toBe('SESAME_STORE' in env ? -1 : 0)
        const after = await home.run(credentials, { env })
        expect(after).toMatchObject({ code: 3, stdout: '' })
        expect(after.stderr).toContain('sesame login --profile corp')
      }
      expect(home.config().profiles.corp).not.toHaveProperty('store')
      for (const directory of [home.directory, home.state])
        expect(namesIn(directory).filter((name) => /secret/.test(name))).toEqual([])
    }),
  )

  test.each([
    ['memory', { SESAME_STORE: 'memory' }],
    ['no keychain', {}],
  ])(
    '[case 40] a client secret has nowhere to go (%s): exit 5 with a way out, nothing is written',
    (_what, env) =>
      withLargeTokens(
        { ...env },
        async (world) => {
          const { code, stdout, stderr } = await configureLarge(world)
          expect({ code, stdout }, stderr).toEqual({ code: 5, stdout: '' })
          expect(stderr).toContain('SESAME_PASSPHRASE')
          expect(stderr).not.toContain(world.clientSecret)
          expect(world.home.config().profiles).toEqual({})
          expect(world.op.requests).toEqual([])
        },
        { configured: false },
      )(),
  )
})

/** Runs sesame where its state can be read only; undefined where this machine does not allow that. */
async function onReadOnlyDisk({ home }: OidcWorld, words: readonly string[]) {
  const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" || exit 99; exec "$@"'
  for (const flags of ['-m', '-rm']) {
    const command = [flags, 'sh', '-c', script, home.state, process.execPath, sesamePath, ...words]
    const done = await runProgram('unshare', command, { home } as Parameters<typeof runProgram>[2])
    if (done.code !== 99 && !done.stderr.startsWith('unshare:')) return done
  }
  return undefined
}

describe.concurrent('a store that takes nothing', () => {
  test(
    '[case 39] [case 21] a rotated refresh token that cannot be kept: this run prints its credentials and says so',
    { timeout: patience },
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      const { home, sts, oidc } = world
      await must(home.run(login))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      const before = home.items()
      const done = await onReadOnlyDisk(world, credentials)
      if (done === undefined) return
      expect(done.code, done.stderr).toBe(0)
      expect(sts.identityOf(JSON.parse(done.stdout).access_key_id)?.via).toBe('oidc:dev')
      expect(done.stderr).toMatch(/^Could not store the renewed sign-in: /m)
      expect(done.stderr).toMatch(/^Could not store the credentials: /m)
      expect(done.stderr).not.toMatch(/\n {4}at /)
      for (const { value } of oidc.issued) expect(done.stderr.includes(value)).toBe(false)
      // What was there is whole; its refresh token is spent, and only a person can go on.
      expect(home.items()).toEqual(before)
      const after = await home.run(credentials)
      expect(after).toMatchObject({ code: 3, stdout: '' })
      expect(after.stderr).toContain('sesame login --profile corp')
      await must(home.run(login))
    }),
  )
})
