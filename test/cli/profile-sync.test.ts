import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { faults, makeDirectory } from '../../mocks/index.ts'
import { must } from '../support/oidc-world.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { account } from '../support/several-accounts.ts'
import { countCalls, inWorld, type World } from '../support/world.ts'

runCommandsHere()

const route = 'GET /access-assignments/access-configurations'
const accounts = 'GET /access-assignments/accounts'
const configPath = ({ home }: World) => join(home.directory, 'config.json')
const written = (world: World) => JSON.parse(readFileSync(configPath(world), 'utf8'))

const directory = () => ({
  accounts: [
    account('1', 'development', ['admin', 'reader']),
    account('2', '生产环境'),
    account('3', 'twin'),
    account('4', 'twin'),
  ],
})
const allNames = ['development-admin', 'development-reader', 'twin-admin', 'twin-admin-2', '生产环境-admin']

async function syncJson({ home }: World, ...words: string[]) {
  const { code, stdout, stderr } = await home.run(['profile', 'sync', '--json', ...words])
  const { profiles, ...rest } = JSON.parse(stdout)
  const said = profiles.map(({ action, name }: Record<string, string>) => `${action} ${name}`)
  return { code, stderr, profiles, said, ...rest }
}

describe.concurrent('sesame profile sync', () => {
  test(
    'makes a profile of everything, marked and in order; each is used at once, and a second run changes nothing',
    inWorld({ directory: directory() }, async (world) => {
      const { home, portal } = world
      const { code, stdout, stderr } = await home.run(['profile', 'sync'])
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: [
          'created  development-admin: development (1), admin',
          'created  development-reader: development (1), reader',
          'created  twin-admin: twin (3), admin',
          'created  twin-admin-2: twin (4), admin',
          'created  生产环境-admin: 生产环境 (2), admin',
          '',
        ].join('\n'),
      })
      expect(stderr).toContain('The name twin-admin is taken; the profile is named twin-admin-2.\n')
      expect(stderr).toContain('Created 5, changed 0, pruned 0, kept 0 profiles.\n')
      expect(stderr).toContain('To use one: sesame login --profile development-admin\n')
      // Nothing moves where there is no terminal.
      expect(stderr).not.toMatch(/[█#]|\d\/4/)
      expect(Object.keys(written(world).profiles)).toEqual(allNames)
      expect(written(world).profiles['生产环境-admin']).toEqual({
        kind: 'cloudsso',
        signInUrl: portal.signInUrl,
        accountId: '2',
        accountName: '生产环境',
        accessConfigurationId: 'ac-2-admin',
        accessConfigurationName: 'admin',
        managedBy: 'sync',
      })
      const schema = JSON.parse(readFileSync(join(home.directory, 'config.schema.json'), 'utf8'))
      expect(schema.properties.profiles.additionalProperties.oneOf[0].properties).toHaveProperty('managedBy')

      await must(home.run(['credentials', '--profile', '生产环境-admin']))
      expect(await must(home.run(['profile', 'show', '生产环境-admin']))).toMatch(/^Managed by +sync$/m)
      const { mtimeMs, ino } = statSync(configPath(world))
      const again = await home.run(['profile', 'sync'])
      expect(again).toMatchObject({ code: 0, stdout: '' })
      expect(again.stderr).toBe('Nothing to change: 5 profiles are up to date.\n')
      expect(statSync(configPath(world))).toMatchObject({ mtimeMs, ino })
      expect(countCalls(world, 'POST /device-authorization')).toBe(1)
      expect(portal.violations).toEqual([])
    }),
  )

  test(
    'a login, also one that chooses another account, changes nothing of what it has made',
    inWorld({ directory: directory() }, async (world) => {
      await must(world.home.run(['profile', 'sync']))
      const before = readFileSync(configPath(world), 'utf8')
      await must(world.home.run(['login', '--profile', 'development-admin']))
      await must(world.home.run(['login', '--profile', 'twin-admin', '--account-id', '4']))
      expect(readFileSync(configPath(world), 'utf8')).toBe(before)
      expect((await syncJson(world)).said).toEqual([
        'kept development-admin',
        'kept development-reader',
        'changed twin-admin',
        'kept twin-admin-2',
        'kept 生产环境-admin',
      ])
      expect(world.home.config().profiles['twin-admin']).toMatchObject({ accountId: '3' })
      expect(readFileSync(configPath(world), 'utf8')).toBe(before)
    }),
  )

  test(
    'settings of the user stay; another sign-in URL makes a profile the user’s own',
    inWorld({ directory: directory() }, async (world) => {
      const { home } = world
      await must(home.run(['profile', 'sync']))
      await must(home.run(['configure', '--profile', 'development-admin', '--region', 'cn-beijing']))
      await must(
        home.run([
          'configure',
          '--profile',
          'development-reader',
          '--signin-url',
          'https://signin-cn-shanghai.alibabacloudsso.com/other/login',
        ]),
      )
      world.portal.directory.accounts = [account('1', 'renamed')]
      const { said } = await syncJson(world, '--prune')
      expect(said).toEqual([
        'changed development-admin',
        'pruned twin-admin',
        'pruned twin-admin-2',
        'pruned 生产环境-admin',
      ])
      expect(written(world).profiles).toMatchObject({
        'development-admin': { region: 'cn-beijing', accountName: 'renamed', managedBy: 'sync' },
        'development-reader': { kind: 'cloudsso' },
      })
      expect(written(world).profiles['development-reader']).not.toHaveProperty('managedBy')
    }),
  )

  test(
    'a dry run prints the plan and writes nothing, --match and --name say what and how',
    inWorld({ directory: directory() }, async (world) => {
      const before = readFileSync(configPath(world), 'utf8')
      const words = [
        '--dry-run',
        '--match',
        'TWIN',
        '--match',
        '生产*',
        '--name',
        '{account-id}_{configuration}',
      ]
      const { code, stdout, stderr } = await world.home.run(['profile', 'sync', ...words])
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: [
          'created  2_admin: 生产环境 (2), admin',
          'created  3_admin: twin (3), admin',
          'created  4_admin: twin (4), admin',
          '',
        ].join('\n'),
      })
      expect(stderr).toContain('Would create 3, change 0, prune 0, keep 0 profiles; nothing was written.')
      expect(readFileSync(configPath(world), 'utf8')).toBe(before)
      expect(existsSync(join(world.home.directory, 'config.schema.json'))).toBe(false)
    }),
  )

  test(
    'what matches nothing is said, with exit code 0',
    inWorld({ directory: directory() }, async (world) => {
      const { code, stdout, stderr } = await world.home.run(['profile', 'sync', '--match', 'nope*'])
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
      expect(stderr).toContain('Nothing matches nope*.\n')
    }),
  )

  test(
    'a user without any access configuration: that is said',
    inWorld({ directory: { accounts: [] } }, async (world) => {
      const { code, stderr } = await world.home.run(['profile', 'sync'])
      expect(code).toBe(0)
      expect(stderr).toContain('You have no access configuration in this directory.')
    }),
  )

  test(
    'profiles whose assignment is gone are named, and deleted only with --prune',
    inWorld({ directory: directory() }, async (world) => {
      const { home, portal } = world
      await must(home.run(['profile', 'sync']))
      await must(home.run(['credentials', '--profile', 'twin-admin']))
      const kept = home.items().length
      portal.directory.accounts = portal.directory.accounts.filter(({ AccountId }) => AccountId !== '3')
      const { code, stdout, stderr } = await home.run(['profile', 'sync'])
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'gone  twin-admin: twin (3), admin\n' })
      expect(stderr).toContain(
        `Profiles whose assignment is gone: 1. To delete them: sesame profile sync --signin-url ${portal.signInUrl} --prune`,
      )
      expect(home.items()).toHaveLength(kept)
      const pruned = await syncJson(world, '--prune')
      expect(pruned.said).toContain('pruned twin-admin')
      expect(Object.keys(written(world).profiles)).not.toContain('twin-admin')
      expect(home.items()).toHaveLength(kept - 1)
      // The others keep their names.
      expect((await syncJson(world, '--prune')).said).toEqual([
        'kept development-admin',
        'kept development-reader',
        'kept twin-admin-2',
        'kept 生产环境-admin',
      ])
    }),
  )
})

describe.concurrent('a list that is not complete', () => {
  test(
    'for one account: the others are written, nothing is pruned, and the exit code is that of the failure',
    inWorld({ directory: directory() }, async (world) => {
      const { home, portal } = world
      await must(home.run(['profile', 'sync', '--match', 'development']))
      portal.directory.accounts = directory().accounts.filter(({ AccountId }) => AccountId !== '1')
      const when = ({ query }: { query: Record<string, string> }) => query.AccountId === '3'
      portal.fault(route, faults.internalErrorHtml, { when, times: 4 })
      const outcome = await syncJson(world, '--prune')
      expect(outcome).toMatchObject({
        code: 6,
        complete: false,
        failed: [{ accountId: '3', accountName: 'twin', code: 'ERR_SERVER' }],
        said: ['created twin-admin', 'created 生产环境-admin'],
      })
      expect(outcome.stderr).toContain('Not listed: account twin (3): The portal refused to list')
      expect(outcome.stderr).toContain('(1 of 3 accounts failed), so nothing was pruned')
      expect(Object.keys(written(world).profiles)).toContain('development-admin')
    }),
  )

  test(
    'for one page of the accounts: nothing is written',
    inWorld({ directory: makeDirectory(250) }, async (world) => {
      const before = readFileSync(configPath(world), 'utf8')
      let pages = 0
      world.portal.fault(
        accounts,
        {
          kind: 'json',
          status: 400,
          body: { ErrorCode: 'InvalidParameter', ErrorMessage: 'No.', RequestId: 'r-1' },
        },
        { when: () => ++pages === 3 },
      )
      const { code, stdout, stderr } = await world.home.run(['profile', 'sync', '--prune'])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('InvalidParameter')
      expect(readFileSync(configPath(world), 'utf8')).toBe(before)
    }),
  )
})

describe('a large directory', () => {
  test(
    'of a thousand accounts: at most 16 requests and connections at once; its configuration is read again',
    inWorld({ directory: makeDirectory(1000) }, async (world) => {
      const { home, portal } = world
      expect((await syncJson(world)).said).toHaveLength(2000)
      const lists = portal.requests.filter(({ path }) => path.startsWith('/access-assignments/'))
      expect(lists).toHaveLength(10 + 1000)
      const events = lists.flatMap(({ atMs, answeredAtMs = 0 }) => [
        { atMs, by: 1 },
        { atMs: answeredAtMs, by: -1 },
      ])
      let running = 0
      const most = events
        .sort((a, b) => a.atMs - b.atMs || a.by - b.by)
        .map(({ by }) => {
          running += by
          return running
        })
      expect(Math.max(...most)).toBeLessThanOrEqual(16)
      expect(portal.connections).toBeLessThanOrEqual(16)
      expect(portal.violations).toEqual([])
      const last = Object.keys(written(world).profiles).at(-1) ?? ''
      await must(home.run(['credentials', '--profile', last]))
      expect((await home.run(['profile', 'sync'])).stderr).toBe(
        'Nothing to change: 2000 profiles are up to date.\n',
      )
    }),
    60_000,
  )

  test(
    'that throttles is listed whole, and backed off from',
    inWorld(
      { directory: makeDirectory(120), throttle: { atOnce: 5, retryAfterSeconds: 1 } },
      async (world) => {
        const { code, said } = await syncJson(world)
        expect({ code, count: said.length }).toEqual({ code: 0, count: 240 })
        expect(world.portal.requests.filter(({ status }) => status === 429).length).toBeLessThan(40)
      },
    ),
    60_000,
  )
})

describe.concurrent('what is refused before the sign-in', () => {
  test.each([
    [['--name', '{account}-{role}'], /\{role\} is not known[\s\S]*\{account-id\}/],
    [['--name', 'all'], /no placeholder/],
    [['--signin-url', 'http://portal.example/acme/login'], /https/],
    [['--signin-url', 'https://portal.example/'], /no directory/],
    [['--profile', 'x'], /unknown option|--profile/],
  ])('%j is exit code 2', (words, message) =>
    inWorld({}, async ({ home, portal }) => {
      const { code, stdout, stderr } = await home.run(['profile', 'sync', ...words])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(message)
      expect(portal.requests).toEqual([])
    })(),
  )

  test(
    'a configuration that is read-only, with exit code 5; --dry-run goes on',
    inWorld({ directory: directory() }, async (world) => {
      const { home, portal } = world
      const before = readFileSync(configPath(world), 'utf8')
      chmodSync(configPath(world), 0o400)
      const { code, stdout, stderr } = await home.run(['profile', 'sync'])
      expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
      expect(stderr).toContain('config.json: it is read-only\n')
      expect(portal.requests).toEqual([])
      expect((await syncJson(world, '--dry-run')).said).toHaveLength(5)
      expect(readFileSync(configPath(world), 'utf8')).toBe(before)
    }),
  )
})

test(
  'in Chinese',
  inWorld({ directory: directory() }, async ({ home }) => {
    const env = { LANG: 'zh_CN.UTF-8' }
    const { stdout, stderr } = await home.run(['profile', 'sync'], { env })
    expect(stdout).toContain('新建  生产环境-admin: 生产环境 (2), admin\n')
    expect(stderr).toContain('配置：新建 5 个，更改 0 个，删除 0 个，保留 0 个。')
    expect(JSON.parse(await must(home.run(['profile', 'sync', '--json'], { env }))).profiles[0]).toEqual({
      name: 'development-admin',
      action: 'kept',
      accountId: '1',
      accountName: 'development',
      accessConfigurationId: 'ac-1-admin',
      accessConfigurationName: 'admin',
    })
  }),
)
