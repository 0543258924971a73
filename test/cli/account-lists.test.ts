import { describe, expect, test } from 'vitest'
import { makeDirectory } from '../../mocks/index.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { account, exchanged, several } from '../support/several-accounts.ts'
import { countCalls, inWorld } from '../support/world.ts'

runCommandsHere()

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
