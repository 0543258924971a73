import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDirectory } from '../../mocks/index.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { makeHome, runSesame } from '../support/sesame.ts'

runCommandsHere()

let portal: TestPortal
let home: ReturnType<typeof makeHome>

const run = (...words: string[]) => runSesame(words, { home: home.home, env: { SESAME_STORE: 'plaintext' } })

beforeAll(async () => {
  portal = await startPortal({ directory: makeDirectory(2) })
  home = makeHome()
  await run('configure', '--signin-url', portal.signInUrl)
  for (const [name, account] of [
    ['dev', 'development'],
    ['stage', 'staging'],
  ] as const) {
    const done = await run('login', '--profile', name, '--account-id', account, '--access-config', 'ReadOnly')
    expect(done.code).toBe(0)
  }
})
afterAll(async () => {
  await portal.stop()
  home.remove()
})

describe('profile', () => {
  test('list --json is one array with exactly the members that are known', async () => {
    const { code, stdout, stderr } = await run('profile', 'list', '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual(
      ['dev', 'stage'].map((name, i) => ({
        name,
        current: name === 'stage',
        kind: 'cloudsso',
        accountId: portal.directory.accounts[i]?.AccountId,
        accessConfigurationId: portal.directory.accounts[i]?.configurations[0]?.AccessConfigurationId,
        status: 'valid',
        expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        store: 'plaintext',
      })),
    )
    expect((await run('profile', '--json')).stdout).toBe(stdout)
  })

  test('use makes a profile the current one; login and the table follow', async () => {
    expect(await run('profile', 'use', 'dev')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'The current profile is dev.\n',
    })
    expect((await run('login', '--env')).stdout).toContain('SESAME_PROFILE=dev\n')
    expect((await run('profile')).stdout).toMatch(/│ dev \* +│/)
  })

  test('show prints everything about one', async () => {
    const { code, stdout } = await run('profile', 'show', 'stage')
    expect(code).toBe(0)
    const [, account] = portal.directory.accounts
    const lines = stdout.split('\n')
    expect(lines).toContain('Profile               stage')
    expect(lines).toContain(`Sign-in URL           ${portal.signInUrl}`)
    expect(lines).toContain(`Account               staging (${account?.AccountId})`)
    expect(lines).toContain('Status                valid')
    expect(lines).toContain('Store                 plaintext')
  })

  test('delete takes the secrets with it: nothing is left to answer for that name', async () => {
    expect(await run('profile', 'delete', 'stage')).toMatchObject({
      code: 0,
      stderr: 'Deleted profile stage.\n',
    })
    expect(await run('profile', 'show', 'stage')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'sesame: There is no profile stage.\n"sesame profile list" shows all.\n',
    })
    const names = JSON.parse((await run('profile', '--json')).stdout).map(
      ({ name }: { name: string }) => name,
    )
    expect(names).toEqual(['dev'])
  })

  test('after the last one is gone the table says how to get one', async () => {
    await run('profile', 'delete', 'dev')
    const { stdout } = await run('profile')
    expect(stdout).toContain('No profiles yet; "sesame login --profile NAME" makes one')
    expect((await run('profile', 'list', '--json')).stdout).toBe('[]\n')
  })
})
