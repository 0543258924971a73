import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startKeyring } from '../support/keyring.ts'
import { configureCorp, inOidcWorld, must, type OidcWorld } from '../support/oidc-world.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { secretItems } from '../support/secret-items.ts'
import { namesIn } from '../support/test-home.ts'
import { inWorld, type World } from '../support/world.ts'

runCommandsHere()

const patience = { timeout: 60_000 }
const sharedKeychain = async (run: (env: Record<string, string>, names: () => string[]) => Promise<void>) => {
  const keyring = await startKeyring({ mode: 'unlocked' })
  const { DBUS_SESSION_BUS_ADDRESS = '' } = keyring.env
  try {
    await run({ SESAME_STORE: 'keychain', DBUS_SESSION_BUS_ADDRESS }, () => secretItems(keyring).names)
  } finally {
    await keyring.stop()
  }
}
const ofKind = (names: readonly string[]) => names.map((name) => name.replace(/:cloudsso.*/, '')).sort()
const signIns = ({ portal }: World) =>
  portal.calls().filter((call) => call === 'POST /device-authorization').length

describe.concurrent('[case 127] two configuration directories, one keychain, one sign-in URL', () => {
  test(
    'each has a sign-in of its own, and a logout of one leaves the others alone',
    patience,
    inWorld({}, async (world) => {
      await sharedKeychain(async (env, names) => {
        const { home, portal } = world
        const of = (name: string) => ({ env: { ...env, SESAME_CONFIG_DIR: join(home.home, name) } })
        const usual = { env }
        for (const name of ['a', 'b'])
          await must(home.run(['configure', '--signin-url', portal.signInUrl], of(name)))
        const ids = new Set<string>()
        for (const options of [usual, of('a'), of('b')])
          ids.add(JSON.parse(await must(home.run(['login'], options))).access_key_id)
        expect([ids.size, signIns(world)]).toEqual([3, 3])
        expect(names().filter((name) => /^(token|credentials):/.test(name))).toHaveLength(2)
        expect(ofKind(names().map((name) => name.replace(/^[0-9a-f]{16}:/, '')))).toEqual([
          'credentials',
          'credentials',
          'credentials',
          'token',
          'token',
          'token',
        ])
        await must(home.run(['logout'], of('a')))
        expect(await home.run(['credentials'], of('a'))).toMatchObject({ code: 3 })
        for (const options of [usual, of('b')]) await must(home.run(['credentials'], options))
        await must(home.run(['logout', '--all'], usual))
        await must(home.run(['credentials'], of('b')))
        expect(names()).toHaveLength(2)
      })
    }),
  )

  test(
    'the usual directory is the same by another name, and through a link',
    patience,
    inWorld({}, async (world) => {
      await sharedKeychain(async (env) => {
        const { home } = world
        const first = await must(home.run(['login'], { env }))
        symlinkSync(home.directory, join(home.home, 'link'))
        for (const name of [home.directory, join(home.home, 'link')])
          expect(await must(home.run(['credentials'], { env: { ...env, SESAME_CONFIG_DIR: name } }))).toBe(
            first,
          )
        expect(signIns(world)).toBe(1)
      })
    }),
  )

  test(
    'one of before 0.3 finds its items under their former names once, and moves them',
    patience,
    inWorld({}, async (world) => {
      await sharedKeychain(async (env, names) => {
        const { home, portal } = world
        // What the usual directory keeps has the names that every directory used before.
        const first = await must(home.run(['login'], { env }))
        const { default: profile } = home.config().profiles
        const own = join(home.home, 'own')
        mkdirSync(own, { mode: 0o700 })
        const former = {
          version: 1,
          signInUrl: portal.signInUrl,
          currentProfile: 'default',
          profiles: { default: { ...profile, store: 'keychain' } },
        }
        writeFileSync(join(own, 'config.json'), JSON.stringify(former), { mode: 0o600 })
        const before = names()
        const options = { env: { ...env, SESAME_CONFIG_DIR: own } }
        expect(await must(home.run(['credentials'], options))).toBe(first)
        expect(signIns(world)).toBe(1)
        const prefix = names()[0]?.slice(0, 17) ?? ''
        expect(prefix).toMatch(/^[0-9a-f]{16}:$/)
        expect(names().sort()).toEqual(before.map((name) => prefix + name).sort())
        // Once: what the usual directory keeps from now on is its own.
        await must(home.run(['login', '--force'], { env }))
        await must(home.run(['logout'], options))
        expect(await home.run(['credentials'], options)).toMatchObject({ code: 3 })
        await must(home.run(['credentials'], { env }))
      })
    }),
  )

  test(
    'a new one takes nothing of the others, even with the plaintext store and one state directory',
    inWorld({}, async (world) => {
      const { home, portal } = world
      const env = { SESAME_STATE_DIR: join(home.home, 'state') }
      await must(home.run(['login'], { env }))
      const other = { env: { ...env, SESAME_CONFIG_DIR: join(home.home, 'other') } }
      await must(home.run(['configure', '--signin-url', portal.signInUrl], other))
      expect(await home.run(['credentials'], other)).toMatchObject({ code: 3 })
      await must(home.run(['login', '--profile', 'theirs'], other))
      expect(signIns(world)).toBe(2)
      await must(home.run(['logout', '--all'], other))
      await must(home.run(['credentials'], { env }))
      const list = JSON.parse(await must(home.run(['profile', 'list', '--json'], { env })))
      expect(list.map(({ name }: { name: string }) => name)).toEqual(['default'])
    }),
  )

  test(
    'files of before 0.3 in a directory of its own are moved into its state, under names of its own',
    inWorld({}, async (world) => {
      const { home, portal } = world
      const first = await must(home.run(['login']))
      const { default: profile } = home.config().profiles
      const own = join(home.home, 'own')
      mkdirSync(own, { mode: 0o700 })
      renameSync(join(home.state, 'plaintext-secrets'), join(own, 'plaintext-secrets'))
      const former = { version: 1, signInUrl: portal.signInUrl, profiles: { default: profile } }
      writeFileSync(join(own, 'config.json'), JSON.stringify(former), { mode: 0o600 })
      const options = { env: { SESAME_CONFIG_DIR: own } }
      expect(await must(home.run(['credentials'], options))).toBe(first)
      expect(existsSync(join(own, 'plaintext-secrets'))).toBe(false)
      const files = readdirSync(join(own, 'state', 'plaintext-secrets'))
      expect(files).toHaveLength(2)
      for (const name of files) expect(name).toMatch(/^[0-9a-f]{16}%3a/)
      expect(JSON.parse(readFileSync(join(own, 'config.json'), 'utf8')).profiles.default).not.toHaveProperty(
        'store',
      )
    }),
  )
})

describe('[case 127] a configuration directory that is not where it was', () => {
  /** Signed in with the plaintext store, and with the keychain, in a directory of its own with the state in it. */
  const inOwn = (run: (own: Own) => Promise<void>) =>
    inOidcWorld({}, async (world) => {
      await sharedKeychain(async (env, names) => {
        const at = (name: string) => join(world.home.home, name)
        const of = (name: string, store = '') => ({
          env: { ...env, SESAME_STORE: store, SESAME_CONFIG_DIR: at(name) },
        })
        const prepare = (words: readonly string[]) => world.home.prepare(words, of('own'))
        const here = { ...world.home, prepare }
        await configureCorp({ ...world, home: here })
        await configureCorp(
          { ...world, home: here },
          { name: 'tokens', words: ['--scope', 'openid offline_access profile'] },
        )
        await must(world.home.run(['login', '--profile', 'tokens'], of('own', 'keychain')))
        await must(world.home.run(['login', '--profile', 'corp'], of('own', 'plaintext')))
        const files = (name: string) => namesIn(join(at(name), 'state', 'plaintext-secrets'))
        await run({ world, at, of, names, files })
      })
    })
  interface Own {
    world: OidcWorld
    at(name: string): string
    of(name: string): { env: Record<string, string> }
    names(): string[]
    files(name: string): string[]
  }
  const revoked = ({ oidc }: OidcWorld) => oidc.log.filter(({ kind }) => kind === 'revoked').length

  test(
    'is signed in after it was renamed, and a logout finds everything',
    patience,
    inOwn(async ({ world, at, of, names, files }) => {
      const { home, oidc } = world
      renameSync(at('own'), at('moved'))
      const asked = oidc.calls().length
      const all = ['corp', 'tokens', 'corp', 'tokens'].map((name) =>
        home.run(['credentials', '--profile', name], of('moved')),
      )
      for (const { code, stderr } of await Promise.all(all)) expect(code, stderr).toBe(0)
      expect(oidc.calls()).toHaveLength(asked)
      // And another one at the former path has nothing of it.
      const profiles = JSON.parse(readFileSync(join(at('moved'), 'config.json'), 'utf8'))
      mkdirSync(at('own'), { mode: 0o700 })
      writeFileSync(join(at('own'), 'config.json'), JSON.stringify(profiles), { mode: 0o600 })
      expect(await home.run(['credentials', '--profile', 'corp'], of('own'))).toMatchObject({ code: 3 })
      await must(home.run(['logout', '--all'], of('moved')))
      expect([names(), files('moved'), revoked(world)]).toEqual([[], [], 2])
    }),
  )

  test(
    'a logout that comes first after it was renamed finds everything, too',
    patience,
    inOwn(async ({ world, at, of, names, files }) => {
      renameSync(at('own'), at('moved'))
      await must(world.home.run(['logout', '--all'], of('moved')))
      expect([names(), files('moved'), revoked(world)]).toEqual([[], [], 2])
    }),
  )

  test(
    'a copy signs in by itself: copied files are deleted, and the other one stays signed in',
    patience,
    inOwn(async ({ world, at, of, names, files }) => {
      const { home } = world
      cpSync(at('own'), at('copy'), { recursive: true })
      const before = names()
      for (const name of ['corp', 'tokens'])
        expect(await home.run(['credentials', '--profile', name], of('copy'))).toMatchObject({ code: 3 })
      await must(home.run(['logout', '--all'], of('copy')))
      expect([names(), files('copy'), revoked(world)]).toEqual([before, [], 0])
      for (const name of ['corp', 'tokens'])
        await must(home.run(['credentials', '--profile', name], of('own')))
    }),
  )
})

test(
  '[case 128] two configurations in one state directory renew at once where each refresh token works once',
  patience,
  inOidcWorld({}, async (world) => {
    const { home } = world
    const of = (name: string) => ({
      env: { SESAME_CONFIG_DIR: join(home.home, name), SESAME_STATE_DIR: home.state },
    })
    for (const name of ['a', 'b']) {
      const run = (words: readonly string[]) => home.run(words, of(name))
      await configureCorp({ ...world, home: { ...home, prepare: run } }, { role: false })
      await must(run(['login', '--profile', 'corp', '--no-browser']))
    }
    expect(home.items().map(({ key }) => key.replace(/:oidc.*/, ''))).toEqual([
      expect.stringMatching(/^[0-9a-f]{16}:token$/),
      expect.stringMatching(/^[0-9a-f]{16}:token$/),
    ])
    const renewed = new Set<string>()
    for (let round = 0; round < 3; round++) {
      const past = new Date(Date.now() - 1000).toISOString()
      home.change(({ value }) => ({ ...value, expiresAt: past }))
      for (const token of await Promise.all(
        ['a', 'b', 'a', 'b'].map((name) => must(home.run(['token', 'get', '--profile', 'corp'], of(name)))),
      ))
        renewed.add(token)
    }
    // In each round two of the four did the work, one for each directory.
    expect(renewed.size).toBe(6)
    expect(home.locks()).toEqual([])
  }),
)
