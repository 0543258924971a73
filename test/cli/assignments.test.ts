import { describe, expect, test } from 'vitest'
import { runCommandsHere } from '../support/run-here.ts'
import { account, exchanged, several } from '../support/several-accounts.ts'
import { countCalls, inWorld, type World } from '../support/world.ts'

runCommandsHere()

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
    'a user without any account: the error says whom to ask',
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

describe.concurrent('[case 138] a choice that the portal no longer knows', () => {
  const old = account('1432949406168187', 'development')
  const recreated = {
    ...old,
    configurations: [
      { AccessConfigurationId: 'ac-recreated', AccessConfigurationName: 'admin' },
      { AccessConfigurationId: 'ac-reader', AccessConfigurationName: 'reader' },
    ],
  }
  /** The first sign-in, and then a portal in which its access configuration was made anew. */
  const recreate = async ({ home, portal }: World) => {
    expect(await home.run(['login', '--account-id', old.AccountId])).toMatchObject({ code: 0 })
    portal.directory.accounts = [recreated]
    home.change(({ key, value }) =>
      key.startsWith('credentials') ? { ...value, expiresAt: value.obtainedAt } : value,
    )
  }
  const directory = () => ({ accounts: [old] })

  test(
    'without a terminal: exit 2 with the list; by its name it is found, and remembered',
    inWorld({ directory: directory() }, async (world) => {
      await recreate(world)
      const { code, stdout, stderr } = await world.home.run(['login'])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('ac-recreated  admin')
      expect(stderr.trimEnd().split('\n').at(-1)).toContain('--access-config')
      expect(await world.home.run(['login', '--access-config', 'admin'])).toMatchObject({ code: 0 })
      expect(world.home.config().profiles.default).toMatchObject({ accessConfigurationId: 'ac-recreated' })
      expect(countCalls(world, 'POST /token')).toBe(1)
    }),
  )

  test(
    'for programs: exit 1 with the portal’s code, and the command that chooses anew',
    inWorld({ directory: directory() }, async (world) => {
      await recreate(world)
      const { code, stdout, stderr } = await world.home.run(['credentials'])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/Forbidden.*RequestId [0-9a-f-]{36}/)
      expect(stderr).toMatch(/\n.*sesame login --profile default --choose/)
    }),
  )

  test(
    '--choose lists anew though the store could answer; with the options it is the choice',
    inWorld({ directory: several }, async (world) => {
      expect(await world.home.run(['login', '--account-id', 'production'])).toMatchObject({ code: 0 })
      const { code, stdout, stderr } = await world.home.run(['login', '--choose'])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      for (const { AccountId } of several.accounts) expect(stderr).toContain(AccountId)
      const words = ['login', '--choose', '--account-id', '1111111111111111']
      expect(await world.home.run(words)).toMatchObject({ code: 0 })
      expect(world.home.config().profiles.default).toMatchObject({ accountId: '1111111111111111' })
      expect(countCalls(world, 'POST /token')).toBe(1)
    }),
  )
})

describe.concurrent('[case 139] a kept access token that is refused with 403 and its code', () => {
  test(
    'a login signs in once more, a program ends with exit 3',
    inWorld({}, async (world) => {
      const { home, portal } = world
      expect(await home.run(['login'])).toMatchObject({ code: 0 })
      home.change(({ key, value }) =>
        key.startsWith('credentials') ? { ...value, expiresAt: value.obtainedAt } : value,
      )
      const body = { ErrorCode: 'InvalidAccessToken', ErrorMessage: 'Sign in.', RequestId: 'R-1' }
      portal.fault('POST /cloud-credentials', { kind: 'json', status: 403, body }, { times: 2 })
      expect(await home.run(['credentials'])).toMatchObject({ code: 3, stdout: '' })
      const { code, stderr } = await home.run(['login'])
      expect(code, stderr).toBe(0)
      expect(countCalls(world, 'POST /token')).toBe(2)
    }),
  )

  test(
    'whatever the portal refuses, there is a second line',
    inWorld({}, async ({ home, portal }) => {
      const body = { ErrorCode: 'NeverHeardOf', RequestId: 'R-1' }
      portal.fault('GET /access-assignments/accounts', { kind: 'json', status: 400, body })
      const { code, stderr } = await home.run(['login'])
      expect(code).toBe(1)
      expect(stderr.trimEnd().split('\n').slice(-2)).toEqual([
        expect.stringContaining('NeverHeardOf'),
        expect.stringContaining('sesame doctor'),
      ])
    }),
  )
})
