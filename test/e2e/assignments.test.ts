import { describe, expect, test } from 'vitest'
import { makeDirectory } from '../../mocks/index.ts'
import { countCalls, inWorld, type World } from './support/world.ts'

const account = (AccountId: string, DisplayName: string, configurations = ['admin']) => ({
  AccountId,
  DisplayName,
  configurations: configurations.map((name) => ({
    AccessConfigurationId: `ac-${AccountId}-${name}`,
    AccessConfigurationName: name,
  })),
})

const several = {
  accounts: [
    account('0012345678901234', 'staging', ['admin', 'reader']),
    account('9223372036854775807', 'production'),
    account('1111111111111111', 'twin'),
    account('2222222222222222', 'twin'),
  ],
}

/** The roles that were asked for, as `account/configuration`. */
function exchanged({ portal }: World): string[] {
  return portal.requests
    .filter(({ path }) => path === '/cloud-credentials')
    .map(({ body }) => body as { AccountId: string; AccessConfigurationId: string })
    .map(({ AccountId, AccessConfigurationId }) => `${AccountId}/${AccessConfigurationId}`)
}

describe.concurrent('several accounts, no terminal', () => {
  test(
    '[case 17] exit 2 with the list and the flag on stderr; the sign-in is kept',
    inWorld({ directory: several }, async (world) => {
      const { code, stdout, stderr } = await world.home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      for (const { AccountId, DisplayName } of several.accounts)
        expect(stderr).toContain(`${AccountId}  ${DisplayName}`)
      expect(stderr).toContain('--account-id')
      const again = await world.home.run(['login', '--account-id', 'production'])
      expect(again.code).toBe(0)
      expect(countCalls(world, 'POST /token')).toBe(1)
    }),
  )

  test(
    '[case 33] by id, leading zeros and 19 digits included; several configurations are listed in their turn',
    inWorld({ directory: several }, async (world) => {
      const { code, stdout, stderr } = await world.home.run(['login', '--account-id', '0012345678901234'])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('ac-0012345678901234-reader  reader')
      expect(stderr).toContain('--access-config')
      const words = ['--account_id', '0012345678901234', '--access_config', 'reader']
      expect(await world.home.run(['login', ...words])).toMatchObject({ code: 0 })
      expect(await world.home.run(['login', '--account-id', '9223372036854775807'])).toMatchObject({
        code: 0,
      })
      expect(exchanged(world)).toEqual([
        '0012345678901234/ac-0012345678901234-reader',
        '9223372036854775807/ac-9223372036854775807-admin',
      ])
      expect(world.home.config().profiles.default).toMatchObject({ accountId: '9223372036854775807' })
    }),
  )

  test(
    '[case 33] an ambiguous name is refused with the ids to choose from',
    inWorld({ directory: several }, async (world) => {
      const { code, stdout, stderr } = await world.home.run(['login', '--account-id', 'twin'])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('More than one account is named twin')
      expect(stderr).toContain('1111111111111111')
      expect(stderr).toContain('2222222222222222')
      expect(stderr).not.toContain('production')
      expect(exchanged(world)).toEqual([])
    }),
  )

  test(
    'a name that is none is refused with the list',
    inWorld({ directory: several }, async ({ home }) => {
      const { code, stderr } = await home.run(['login', '--account-id', 'nowhere'])
      expect(code).toBe(2)
      expect(stderr).toMatch(/You have no account nowhere/)
    }),
  )

  test(
    'a person without any account is told whom to ask',
    inWorld({ directory: { accounts: [] } }, async ({ home }) => {
      const { code, stdout, stderr } = await home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/You have no account\.\n.*administrator/)
    }),
  )
})

describe.concurrent('the choice', () => {
  test(
    'is remembered and reused; another --account-id changes it and leaves nothing of the former behind',
    inWorld({ directory: several }, async (world) => {
      const { home } = world
      await home.run(['login', '--account-id', 'production'])
      const first = home.items().map(({ key }) => key)
      home.change(({ key, value }) =>
        key.startsWith('credentials') ? { ...value, expiresAt: value.obtainedAt } : value,
      )
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
      expect(countCalls(world, 'GET /access-assignments/accounts')).toBe(1)
      await home.run(['login', '--account-id', '1111111111111111'])
      expect(home.config().profiles.default).toMatchObject({
        accountId: '1111111111111111',
        accountName: 'twin',
      })
      expect(home.items().map(({ key }) => key)).not.toEqual(first)
      expect(home.items()).toHaveLength(2)
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
      expect(exchanged(world)).toEqual([
        '9223372036854775807/ac-9223372036854775807-admin',
        '9223372036854775807/ac-9223372036854775807-admin',
        '1111111111111111/ac-1111111111111111-admin',
      ])
    }),
  )

  test(
    'a profile keeps its credentials when another one moves away from the same account',
    inWorld({ directory: several }, async ({ home, portal }) => {
      for (const profile of ['a', 'b'])
        await home.run(['login', '--profile', profile, '--account-id', 'production'])
      await home.run(['login', '--profile', 'b', '--account-id', '1111111111111111'])
      const before = portal.requests.length
      expect(await home.run(['login', '--profile', 'a'])).toMatchObject({ code: 0 })
      expect(portal.requests).toHaveLength(before)
    }),
  )

  test(
    'a role that was taken away: 403 names what is missing, exit 1',
    inWorld({}, async ({ home, portal }) => {
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
      const [only] = portal.directory.accounts
      portal.directory.accounts.length = 0
      const { code, stdout, stderr } = await home.run(['login', '--force', '--env'])
      portal.directory.accounts.push(...(only === undefined ? [] : [only]))
      expect(code).toBe(1)
      expect(stdout).toMatch(/^unset /)
      expect(stderr).toContain('access configuration ac-01jpbjjez9lspbg18c61 in account 1432949406168187')
      expect(stderr).toMatch(/RequestId [0-9a-f-]{36}/)
      expect(stderr).toContain('--account-id')
    }),
  )
})

describe.concurrent('lists', () => {
  test(
    '[case 31] pages that never end are an error, not a loop',
    inWorld({ directory: several }, async (world) => {
      world.portal.fault(
        'GET /access-assignments/accounts',
        {
          kind: 'json',
          body: { Accounts: [], IsTruncated: true, NextToken: 'again' },
        },
        { times: Number.POSITIVE_INFINITY },
      )
      const { code, stdout, stderr } = await world.home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
      expect(stderr).toContain('pages that never end')
      expect(countCalls(world, 'GET /access-assignments/accounts')).toBeLessThan(5)
    }),
  )

  test(
    '[case 31] ten thousand accounts: any of them can be named, and the list on stderr stays short',
    inWorld({ directory: makeDirectory(10_000) }, async (world) => {
      const { code, stderr } = await world.home.run(['login'])
      expect(code).toBe(2)
      expect(stderr.split('\n').length).toBeLessThan(60)
      expect(stderr).toMatch(/and 9960 more/)
      const last = world.portal.directory.accounts.at(-1)?.AccountId ?? ''
      const words = ['--account-id', last, '--access-config', 'ReadOnly']
      expect(await world.home.run(['login', ...words])).toMatchObject({ code: 0 })
    }),
  )

  test.each([
    ['an id with a slash', [{ AccountId: '../1', DisplayName: 'x' }]],
    ['an id that no number holds', [{ AccountId: 1e19, DisplayName: 'x' }]],
    ['no list', 'none'],
  ])('[case 33] %s is refused', (_, Accounts) =>
    inWorld({}, async ({ portal, home }) => {
      portal.fault('GET /access-assignments/accounts', {
        kind: 'json',
        body: { Accounts, IsTruncated: false },
      })
      const { code, stdout } = await home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
    })(),
  )

  test.each([
    '\u001b]0;PWN\u0007\u001b[2J',
    '\u202Egnp.exe',
    `it's "quoted" \n;touch PWN`,
    'x'.repeat(4096),
    '__proto__',
    'constructor',
  ])('[case 32] the name %j is shown escaped, chosen by id, and kept out of stdout', (name) =>
    inWorld({ directory: { accounts: [account('1', name), account('2', 'plain')] } }, async (world) => {
      const { home } = world
      const list = await home.run(['login', '--env'])
      expect(list.code).toBe(2)
      expect(list.stdout).toMatch(/^unset -v [\w ]+ && false\n$/)
      const chosen = await home.run(['login', '--env', '--account-id', '1'])
      expect(chosen.code).toBe(0)
      expect(chosen.stdout).not.toContain(name)
      const shown = await home.run(['profile', 'show'])
      const table = await home.run(['profile'])
      for (const text of [list.stderr, chosen.stderr, shown.stdout, shown.stderr, table.stdout])
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
      expect(shown.code).toBe(0)
      expect(list.stderr).not.toMatch(/x{400}/)
      expect(exchanged(world)).toEqual(['1/ac-1-admin'])
      // What was remembered leads to the same account by its name.
      expect(await home.run(['login', '--account-id', name])).toMatchObject({ code: 0, stderr: '' })
    })(),
  )
})
