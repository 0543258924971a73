import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CloudSsoOptions } from '../../mocks/index.ts'
import { credentialVariableNames } from '../../src/output/index.ts'
import { evaluate } from '../support/evaluate.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { inWorld, type World } from '../support/world.ts'

runCommandsHere()

const unsetAndFail = /^unset -v [A-Za-z_ ]+ && false\n$/

interface Failure {
  name: string
  code: number
  words?: string[]
  env?: Record<string, string>
  options?: CloudSsoOptions
  prepare?(world: World): void
}

const twoAccounts = {
  accounts: ['1', '2'].map((AccountId) => ({ AccountId, DisplayName: AccountId, configurations: [] })),
}

const failures: Failure[] = [
  { name: 'an unknown option', code: 2, words: ['--nonsense'] },
  { name: 'an option twice', code: 2, words: ['--force', '--force'] },
  { name: 'a word too many', code: 2, words: ['prod'] },
  { name: 'a switch with a value', code: 2, words: ['--env=yes'] },
  { name: 'an option without its value', code: 2, words: ['--profile'] },
  { name: 'a format that contradicts', code: 2, words: ['--format', 'json'] },
  { name: 'a profile name that is none', code: 2, words: ['--profile', '../x'] },
  { name: 'SESAME_PROFILE that is none', code: 2, env: { SESAME_PROFILE: '$(id)' } },
  { name: 'an unknown store', code: 2, env: { SESAME_STORE: 'vault' } },
  { name: 'a relative SESAME_CONFIG_DIR', code: 2, env: { SESAME_CONFIG_DIR: 'here' } },
  {
    name: 'a damaged config.json',
    code: 2,
    prepare: ({ home }) =>
      writeFileSync(join(home.directory, 'config.json'), '{"version":1,', { mode: 0o600 }),
  },
  {
    name: 'no sign-in URL',
    code: 2,
    prepare: ({ home }) => writeFileSync(join(home.directory, 'config.json'), '', { mode: 0o600 }),
  },
  {
    name: 'a sign-in URL without https',
    code: 2,
    prepare: ({ home }) => {
      const text = JSON.stringify({ version: 1, signInUrl: 'http://portal.example/x', profiles: {} })
      writeFileSync(join(home.directory, 'config.json'), text, { mode: 0o600 })
    },
  },
  { name: 'an encrypted store without its passphrase', code: 5, env: { SESAME_STORE: 'encrypted-file' } },
  { name: 'a keychain that is not there', code: 5, env: { SESAME_STORE: 'keychain' } },
  { name: 'a denied sign-in', code: 4, options: { approve: 'deny' } },
  { name: 'an expired sign-in', code: 4, options: { approve: 'manual', deviceCodeSeconds: 0.5 } },
  { name: 'several accounts', code: 2, options: { directory: twoAccounts } },
  { name: 'no account', code: 1, options: { directory: { accounts: [] } } },
  {
    name: 'a server that is not there',
    code: 6,
    prepare: ({ home }) => {
      const text = JSON.stringify({ version: 1, signInUrl: 'http://127.0.0.1:1/x', profiles: {} })
      writeFileSync(join(home.directory, 'config.json'), text, { mode: 0o600 })
    },
  },
  {
    name: 'a server that refuses',
    code: 1,
    prepare: ({ portal }) =>
      portal.fault('POST /device-authorization', { kind: 'json', status: 400, body: { ErrorCode: 'No' } }),
  },
  {
    name: 'credentials that cannot be printed',
    code: 6,
    prepare: ({ portal }) =>
      portal.transform('POST /cloud-credentials', (body) => ({
        ...body,
        CloudCredential: { ...(body.CloudCredential as object), SecurityToken: 'a\nexport PWNED=1' },
      })),
  },
  { name: 'certificate checks turned off', code: 6, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
  { name: 'a CA file that is missing', code: 6, env: { SESAME_CA_FILE: '/nowhere.pem' } },
]

describe.concurrent('[case 49] a failure', () => {
  test.each(failures.map((failure) => [failure.name, failure] as const))(
    '%s: in a shell format one statement that unsets and fails, else an empty stdout',
    (_, { code, words = [], env = {}, options = {}, prepare }) =>
      inWorld(options, async (world) => {
        prepare?.(world)
        const shell = await world.home.run(['login', '--env', ...words], { env })
        expect(shell.code, shell.stderr).toBe(code)
        expect(shell.stdout).toMatch(unsetAndFail)
        expect(shell.stderr).toMatch(/^sesame: \S/m)
        expect(shell.stderr).not.toMatch(/\n {4}at |node:/)
        if (words.includes('json') || words.includes('--env=yes')) return
        prepare?.(world)
        const json = await world.home.run(['login', ...words], { env })
        expect({ code: json.code, stdout: json.stdout }).toEqual({ code, stdout: '' })
        const [, message = ''] = json.stderr.split(/^sesame: /m)
        expect(message.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
      })(),
  )

  test(
    'an interruption too',
    inWorld({ approve: 'manual' }, async ({ home }) => {
      const running = home.start(['login', '--format', 'env'], { ownProcess: true })
      await running.stderrMatches(/user_code=/)
      running.child.kill('SIGINT')
      const { code, stdout } = await running.finished
      expect(code).toBe(130)
      expect(stdout).toMatch(unsetAndFail)
    }),
  )

  test.each([
    ['fish', /^set -e.* ALIBABA_CLOUD_ACCESS_KEY_ID .*false/],
    ['powershell', /Remove-Item|throw/],
    ['cmd', /^set "?ALIBABA_CLOUD_ACCESS_KEY_ID=/m],
  ])('in %s as well', (format, statement) =>
    inWorld({ approve: 'deny' }, async ({ home }) => {
      const { code, stdout } = await home.run(['login', `--format=${format}`])
      expect(code).toBe(4)
      expect(stdout).toMatch(statement)
    })(),
  )

  test(
    'an unknown command, or none of its business, prints nothing',
    inWorld({}, async ({ home }) => {
      for (const words of [
        ['logn', '--env'],
        ['--env'],
        ['profile', 'show', 'nobody'],
        ['configure'],
        ['profile', 'delete'],
      ]) {
        const { code, stdout } = await home.run(words)
        expect({ words, code, stdout }).toEqual({ words, code: 2, stdout: '' })
      }
    }),
  )
})

describe.concurrent('[case 52] stale variables', () => {
  const stale = Object.fromEntries(credentialVariableNames.map((name) => [name, `stale-${name}`]))
  // This one sesame reads itself.
  const { SESAME_PROFILE: _, ...withoutProfile } = stale

  test(
    'success replaces every one of them, so that no id meets a foreign secret',
    inWorld({}, async ({ home }) => {
      const { stdout } = await home.run(['login', '--env'], { env: withoutProfile })
      const after = await evaluate(stdout, stale)
      expect(after.status).toBe(0)
      expect(Object.keys(after.variables).sort()).toEqual(Object.keys(stale).sort())
      for (const value of Object.values(after.variables)) expect(value).not.toContain('stale')
    }),
  )

  test(
    'failure leaves none of them, and a failed evaluation',
    inWorld({ approve: 'deny' }, async ({ home }) => {
      const { stdout } = await home.run(['login', '--env'], { env: stale })
      expect(await evaluate(stdout, stale)).toEqual({ status: 1, variables: {} })
    }),
  )
})

test(
  '[case 55] the JSON is one object on one line with the members that the SDKs read, also with prompts and DEBUG',
  inWorld({}, async ({ home }) => {
    const { stdout, stderr } = await home.run(['login'], { env: { DEBUG: '*' } })
    expect(stdout).toMatch(/^\{[^\n]*\}\n$/)
    const { mode, expiration, ...keys } = JSON.parse(stdout)
    expect(mode).toBe('StsToken')
    expect(Object.keys(keys)).toEqual(['access_key_id', 'access_key_secret', 'sts_token'])
    expect(Date.parse(expiration)).toBeGreaterThan(Date.now())
    expect(stderr).toContain('sesame:http')
    const cached = await home.run(['login'], { env: { DEBUG: '*' } })
    expect(cached.stdout).toBe(stdout)
  }),
)
