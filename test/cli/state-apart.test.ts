import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { must } from '../support/oidc-world.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { inWorld, type World } from '../support/world.ts'

runCommandsHere()

const isRoot = process.getuid?.() === 0
const otherUid = 12_345
const configPath = ({ home }: World) => join(home.directory, 'config.json')
const written = (world: World) => JSON.parse(readFileSync(configPath(world), 'utf8'))

/** Lays everything where version 0.2.0 had it. */
function layAsBefore({ home, portal }: World): void {
  const { profiles, currentProfile } = home.config()
  const content = { version: 1, signInUrl: portal.signInUrl, currentProfile, profiles }
  writeFileSync(join(home.directory, 'config.json'), JSON.stringify(content), { mode: 0o600 })
  renameSync(join(home.state, 'plaintext-secrets'), join(home.directory, 'plaintext-secrets'))
  renameSync(join(home.state, 'state.json'), join(home.home, 'state-of-the-test.json'))
}

describe('[case 131] what the machine knows is apart from what users write', () => {
  test(
    'a login, a choice and "profile use" change nothing in the configuration',
    inWorld({}, async (world) => {
      const { home } = world
      const before = readFileSync(configPath(world), 'utf8')
      await must(home.run(['login', '--profile', 'dev']))
      await must(home.run(['login', '--profile', 'ops']))
      await must(home.run(['profile', 'use', 'dev']))
      expect(readFileSync(configPath(world), 'utf8')).toBe(before)
      expect(readdirSync(home.directory)).toEqual(['config.json'])
      expect(lstatSync(join(home.state, 'state.json')).mode & 0o777).toBe(0o600)
      expect(home.config()).toMatchObject({
        currentProfile: 'dev',
        profiles: { dev: { store: 'plaintext', accountId: '1432949406168187' }, ops: {} },
      })
    }),
  )

  test(
    'an account that is written counts until another is chosen, and again once it is changed by hand',
    inWorld(
      {
        directory: {
          accounts: ['1', '2'].map((AccountId) => ({
            AccountId,
            DisplayName: `account ${AccountId}`,
            configurations: [
              {
                AccessConfigurationId: 'ac-1',
                AccessConfigurationName: 'admin',
                AccessConfigurationDescription: '',
              },
            ],
          })),
        },
      },
      async (world) => {
        const { home, portal } = world
        const write = (accountId: string) => {
          const dev = { kind: 'cloudsso', accountId, accessConfigurationId: 'ac-1' }
          const content = { version: 1, signInUrl: portal.signInUrl, profiles: { dev } }
          writeFileSync(configPath(world), JSON.stringify(content), { mode: 0o600 })
        }
        const account = () => home.config().profiles.dev?.accountId
        write('1')
        await must(home.run(['login', '--profile', 'dev']))
        expect(account()).toBe('1')
        await must(home.run(['login', '--profile', 'dev', '--account-id', '2']))
        expect([account(), written(world).profiles.dev.accountId]).toEqual(['2', '1'])
        await must(home.run(['login', '--profile', 'dev']))
        expect(account()).toBe('2')
        write('1 ')
        expect(account()).toBe('1 ')
      },
    ),
  )

  test(
    'files of before 0.3 are read where they lay, and moved once',
    inWorld({}, async (world) => {
      const { home, portal } = world
      const first = await must(home.run(['login', '--profile', 'dev']))
      layAsBefore(world)
      mkdirSync(join(home.directory, 'locks'))
      const requests = portal.requests.length
      // Many at once find it there.
      const all = await Promise.all(
        Array.from({ length: 8 }, () => must(home.run(['credentials', '--profile', 'dev']))),
      )
      expect(new Set(all)).toEqual(new Set([first]))
      expect(portal.requests).toHaveLength(requests)
      expect(existsSync(join(home.directory, 'plaintext-secrets'))).toBe(false)
      expect(home.items()).toHaveLength(2)
      expect(home.config()).toMatchObject({
        currentProfile: 'dev',
        profiles: { dev: { store: 'plaintext' } },
      })
      await must(home.run(['profile', 'use', 'dev']))
      expect(written(world)).not.toHaveProperty('currentProfile')
      expect(written(world).profiles.dev).not.toHaveProperty('store')
      // What an older version, or another machine, writes there later does not count.
      const later = { ...written(world), currentProfile: 'elsewhere' }
      later.profiles.dev.store = 'keychain'
      writeFileSync(configPath(world), JSON.stringify(later), { mode: 0o600 })
      expect(await must(home.run(['credentials']))).toBe(first)
    }),
  )

  test(
    'a configuration that cannot be changed is moved from all the same',
    inWorld({}, async (world) => {
      const { home } = world
      const first = await must(home.run(['login', '--profile', 'dev']))
      layAsBefore(world)
      // A link of another user is not written through, nor read: root's file stands for one that is only read.
      const before = readFileSync(configPath(world), 'utf8')
      if (isRoot) {
        chownSync(configPath(world), otherUid, otherUid)
        const done = await home.run(['credentials', '--profile', 'dev'])
        expect(done).toMatchObject({ code: 5, stdout: '' })
        expect(done.stderr).toContain(`belongs to another user (uid ${otherUid}, this is uid 0)`)
        chownSync(configPath(world), 0, 0)
      }
      expect(await must(home.run(['credentials', '--profile', 'dev']))).toBe(first)
      expect(readFileSync(configPath(world), 'utf8')).toBe(before)
    }),
  )
})

describe('[case 132] a configuration that is a link', () => {
  /** Moves what is there into a collection of dotfiles, with a link in its place. */
  function link(world: World, what: 'directory' | 'file'): string {
    const { home } = world
    const collection = join(home.home, 'dotfiles')
    mkdirSync(collection, { mode: 0o755 })
    const path = what === 'directory' ? home.directory : configPath(world)
    const target = join(collection, what === 'directory' ? 'sesame' : 'config.json')
    renameSync(path, target)
    symlinkSync(target, path)
    chmodSync(what === 'directory' ? join(target, 'config.json') : target, 0o644)
    return what === 'directory' ? join(target, 'config.json') : target
  }

  test.each(['directory', 'file'] as const)(
    'of ours, to our own (%s): followed, and it stays a link',
    async (what) => {
      await inWorld({}, async (world) => {
        const { home, portal } = world
        const target = link(world, what)
        const login = await home.run(['login', '--profile', 'dev'])
        expect(login, login.stderr).toMatchObject({ code: 0 })
        expect(login.stderr).not.toContain('open to other users')
        await must(home.run(['credentials', '--profile', 'dev']))
        await must(home.run(['configure', '--profile', 'other', '--signin-url', portal.signInUrl]))
        expect(readlinkSync(what === 'directory' ? home.directory : configPath(world))).toContain('dotfiles')
        expect(JSON.parse(readFileSync(target, 'utf8')).profiles).toHaveProperty('other')
        const { stdout } = await home.run(['doctor', '--offline', '--json'])
        const config = JSON.parse(stdout).filter(({ check }: { check: string }) => check === 'config')
        expect(config).toEqual([
          { check: 'config', status: 'ok', message: expect.stringMatching(/2 profiles$/) },
        ])
      })()
    },
  )

  test.skipIf(!isRoot).each([
    ['the link belongs to another user', (path: string) => lchownSync(path, otherUid, otherUid)],
    ['its target does', (_: string, target: string) => chownSync(target, otherUid, otherUid)],
    ['others can write to its target', (_: string, target: string) => chmodSync(target, 0o666)],
  ])('where %s: refused before the sign-in, with the reason, in doctor too', async (_what, spoil) => {
    await inWorld({}, async (world) => {
      const { home, portal } = world
      const target = link(world, 'file')
      spoil(configPath(world), target)
      const login = await home.run(['login'])
      expect(login).toMatchObject({ code: 5, stdout: '' })
      expect(login.stderr).toMatch(/belongs to another user \(uid 12345|other users can write to it/)
      expect(portal.requests).toEqual([])
      const { stdout } = await home.run(['doctor', '--offline'])
      expect(stdout).toMatch(/problem {2}config .*(belongs to another user|other users can write)/)
    })()
  })

  test(
    'the state directory may be a link of ours, too; one that leads nowhere is refused before the sign-in',
    inWorld({}, async (world) => {
      const { home, portal } = world
      mkdirSync(join(home.home, '.local', 'state'), { recursive: true })
      symlinkSync(join(home.home, 'disk'), home.state)
      const refused = await home.run(['login'])
      expect(refused).toMatchObject({ code: 5, stdout: '' })
      expect(refused.stderr).toContain('a link to a file that does not exist')
      expect(portal.requests).toEqual([])
      mkdirSync(join(home.home, 'disk'), { mode: 0o700 })
      await must(home.run(['login']))
      await must(home.run(['credentials']))
      expect(readdirSync(join(home.home, 'disk'))).toContain('state.json')
    }),
  )
})

describe.skipIf(!isRoot)('[case 134] root in the home of another user', () => {
  const spoil = ({ home }: World) => {
    chownSync(home.home, otherUid, otherUid)
    chownSync(join(home.home, '.config'), otherUid, otherUid)
  }

  test(
    'a login is refused before it begins, and nothing is created there',
    inWorld({}, async (world) => {
      const { home, portal } = world
      spoil(world)
      const login = await home.run(['login'])
      expect(login).toMatchObject({ code: 5, stdout: '' })
      expect(login.stderr).toContain(`${home.home} belongs to another user (uid ${otherUid}, this is uid 0)`)
      expect(login.stderr).toContain('SESAME_STATE_DIR')
      // The store proves itself while the first answer is on its way: no code was shown, none was asked for.
      expect(login.stderr).not.toContain('user_code')
      expect(portal.calls()).not.toContain('POST /token')
      expect(readdirSync(home.home).sort()).toEqual(['.config', 'work'])
      const { stdout } = await home.run(['doctor', '--offline'])
      expect(stdout).toMatch(/problem {2}state .*belongs to another user \(uid 12345/)
      expect(readdirSync(home.home).sort()).toEqual(['.config', 'work'])
    }),
  )

  test.each([
    ['configure', ['configure', '--signin-url', 'https://signin.example.com/acme/login']],
    ['configure --for aliyun', ['configure', '--for', 'aliyun', '--profile', 'dev']],
    ['unlock', ['unlock']],
  ])('%s creates nothing there either, whichever directory above is root’s', async (_what, words) => {
    await inWorld({}, async (world) => {
      const { home, portal } = world
      const own = join(home.home, 'nested')
      mkdirSync(own)
      writeFileSync(
        configPath(world),
        JSON.stringify({ version: 1, signInUrl: portal.signInUrl, profiles: { dev: { kind: 'cloudsso' } } }),
        { mode: 0o600 },
      )
      spoil(world)
      const before = readdirSync(home.home, { recursive: true })
      const env =
        words[0] === 'configure' && words[1] !== '--for' ? { SESAME_CONFIG_DIR: join(own, 'config') } : {}
      const done = await home.run(words, { env, input: 'y\n' })
      expect(done.code, done.stderr).not.toBe(0)
      expect(readdirSync(home.home, { recursive: true })).toEqual(before)
    })()
  })

  test(
    'with directories of root’s own it works',
    inWorld({}, async (world) => {
      const { home } = world
      const own = join(home.home, '..', `${home.home.split('/').at(-1)}-of-root`)
      mkdirSync(own)
      spoil(world)
      const env = { SESAME_CONFIG_DIR: join(own, 'config'), SESAME_STATE_DIR: join(own, 'state') }
      await must(home.run(['configure', '--signin-url', world.portal.signInUrl], { env }))
      await must(home.run(['login'], { env }))
      await must(home.run(['credentials'], { env }))
      expect(readdirSync(home.home).sort()).toEqual(['.config', 'work'])
    }),
  )
})
