import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommandsHere } from '../support/run-here.ts'
import { account, exchanged } from '../support/several-accounts.ts'
import { countCalls, inWorld } from '../support/world.ts'

runCommandsHere()

const accounts = [
  account('1432949406168187', 'development', ['admin', 'reader']),
  account('9223372036854775807', 'production', ['admin', 'reader']),
]
const link = 'quickLogin=true&accountId=9223372036854775807&accessConfigurationName=reader&landingPage=x'

describe.concurrent('[case 145] the sign-in URL as it was pasted', () => {
  test(
    'four spellings are one sign-in',
    inWorld({}, async (world) => {
      const { home, portal } = world
      const spellings = [
        portal.signInUrl,
        `${portal.signInUrl}/`,
        `${portal.signInUrl}?spm=5176.1`,
        `"${portal.signInUrl};jsessionid=0A1B"`,
        `\u200b${portal.signInUrl}#/accounts`,
      ]
      for (const [i, url] of spellings.entries()) {
        expect(await home.run(['configure', '--profile', `p${i}`, '--signin-url', url])).toMatchObject({
          code: 0,
        })
        expect(home.config().profiles[`p${i}`]).toMatchObject({ signInUrl: portal.signInUrl })
        expect(await home.run(['login', '--profile', `p${i}`])).toMatchObject({ code: 0 })
      }
      expect(countCalls(world, 'POST /device-authorization')).toBe(1)
      expect(portal.violations).toEqual([])
    }),
  )

  test(
    'so are four that a person wrote into the file',
    inWorld({}, async (world) => {
      const { home, portal } = world
      for (const end of ['', '/', '?spm=1', ';jsessionid=0A1B']) {
        const config = { ...home.config(), signInUrl: portal.signInUrl + end }
        writeFileSync(join(home.directory, 'config.json'), JSON.stringify(config), { mode: 0o600 })
        expect(await home.run(['login'])).toMatchObject({ code: 0 })
      }
      expect(countCalls(world, 'POST /device-authorization')).toBe(1)
    }),
  )

  test(
    'a direct access link gives the profile its account and access configuration',
    inWorld({ directory: { accounts } }, async (world) => {
      const { home, portal } = world
      const words = ['configure', '--profile', 'prod', '--signin-url', `${portal.signInUrl}?${link}`]
      const { code, stderr } = await home.run(words)
      expect(code).toBe(0)
      expect(stderr).toContain('account 9223372036854775807, access configuration reader')
      expect(home.config().profiles.prod).toEqual({
        kind: 'cloudsso',
        signInUrl: portal.signInUrl,
        accountId: '9223372036854775807',
        accessConfigurationName: 'reader',
      })
      expect(await home.run(['login', '--profile', 'prod'])).toMatchObject({ code: 0 })
      expect(exchanged(world)).toEqual(['9223372036854775807/ac-9223372036854775807-reader'])
      expect(countCalls(world, 'GET /access-assignments/accounts')).toBe(0)
    }),
  )

  test(
    'a link to another account takes the place of what was remembered, a plain URL does not',
    inWorld({ directory: { accounts } }, async ({ home, portal }) => {
      const configure = (url: string) => home.run(['configure', '--profile', 'dev', '--signin-url', url])
      await configure(portal.signInUrl)
      const choice = ['--account-id', 'development', '--access-config', 'admin']
      expect(await home.run(['login', '--profile', 'dev', ...choice])).toMatchObject({ code: 0 })
      await configure(`${portal.signInUrl}/?spm=1`)
      expect(home.config().profiles.dev).toMatchObject({ accountName: 'development' })
      await configure(`${portal.signInUrl}?${link}`)
      expect(home.config().profiles.dev).toMatchObject({
        accountId: '9223372036854775807',
        accessConfigurationName: 'reader',
      })
      expect(home.config().profiles.dev).not.toHaveProperty('accountName')
      expect(home.config().profiles.dev).not.toHaveProperty('accessConfigurationId')
    }),
  )

  test(
    'a link whose access configuration is not there: the list, exit 2',
    inWorld({ directory: { accounts: structuredClone(accounts) } }, async ({ home, portal }) => {
      const url = `${portal.signInUrl}?${link.replace('=reader', '=gone')}`
      await home.run(['configure', '--profile', 'prod', '--signin-url', url])
      const { code, stderr } = await home.run(['login', '--profile', 'prod'])
      expect(code).toBe(2)
      expect(stderr).toContain('ac-9223372036854775807-reader  reader')
      const [, production] = portal.directory.accounts
      production?.configurations.pop()
      expect(await home.run(['login', '--profile', 'prod'])).toMatchObject({ code: 2 })
    }),
  )

  test(
    'for all profiles the account of a link is left out, and that is said',
    inWorld({}, async ({ home, portal }) => {
      const { code, stderr } = await home.run(['configure', '--signin-url', `${portal.signInUrl}?${link}`])
      expect(code).toBe(0)
      expect(stderr).toContain('--profile NAME')
      expect(home.config()).toMatchObject({ signInUrl: portal.signInUrl, profiles: {} })
    }),
  )

  test.each(['https://signin-cn-shanghai.alibabacloudsso.com/', '/device/code?user_code=KFFJ-LJXK'])(
    'without a directory (%s) it is refused when configuring',
    (text) =>
      inWorld({}, async ({ home, portal }) => {
        const url = text.startsWith('/') ? portal.url + text : text
        for (const profile of [[], ['--profile', 'dev']]) {
          const { code, stderr } = await home.run(['configure', ...profile, '--signin-url', url])
          expect(code).toBe(2)
          expect(stderr).toMatch(/names no directory.*\n.*your-directory\/login/)
        }
        expect(home.config().profiles).toEqual({})
      })(),
  )

  test(
    'a host that is not the vendor’s is configured with a warning',
    inWorld({}, async ({ home }) => {
      for (const profile of [[], ['--profile', 'dev']]) {
        const url = 'https://signin.alibabacloudsso.com.evil.example/acme/login'
        const { code, stderr } = await home.run(['configure', ...profile, '--signin-url', url])
        expect(code).toBe(0)
        expect(stderr).toMatch(/^Warning: signin\.alibabacloudsso\.com\.evil\.example is not/m)
      }
      const vendor = 'https://signin-cn-shanghai.alibabacloudsso.com/acme/login'
      expect((await home.run(['configure', '--signin-url', vendor])).stderr).not.toContain('Warning')
    }),
  )
})
