import { describe, expect, test } from 'vitest'
import { credentialVariableNames } from '../../../src/output/index.ts'
import { newSecret, oldSecret, runHookedShell, type TestedShell, testedShells } from './hooked-shell.ts'

/** The whole environment as a child sees it. */
const showEnvironment = '/usr/bin/env'
/** Lets the time between two attempts be over. */
const skipBackOff: Record<TestedShell, string> = {
  bash: '_sesame_hook_next=0',
  zsh: '_sesame_hook_next=0',
  fish: 'set -g _sesame_hook_next 0',
}

const ask = (shell: TestedShell, minTtl: number, profile = 'dev') => [
  'sesame',
  'credentials',
  ...(shell === 'fish' ? ['--format', 'fish'] : ['--env']),
  '--profile',
  profile,
  '--min-ttl',
  String(minTtl),
]

/** Our variables in the last `env` of an output. */
function variables(stdout: string): Record<string, string> {
  const ours: readonly string[] = credentialVariableNames
  const pairs = stdout.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])
  return Object.fromEntries(pairs.filter(([name]) => ours.includes(name)))
}

describe.each(testedShells)('%s: before each prompt', (shell) => {
  const run = (input: Omit<Parameters<typeof runHookedShell>[0], 'shell'>) =>
    runHookedShell({ shell, ...input })

  test('good credentials are left alone, and no program is started', () => {
    const { stdout, said, calls } = run({ leftSeconds: 3600, lines: [':', showEnvironment] })
    expect(variables(stdout).ALIBABA_CLOUD_ACCESS_KEY_SECRET).toBe(oldSecret)
    expect({ said, calls }).toEqual({ said: [], calls: [] })
  })

  test('a shell without credentials is left alone', () => {
    const env = { SESAME_PROFILE: 'dev', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'of another user' }
    const { stdout, said, calls } = run({ env, lines: [':', showEnvironment] })
    expect(variables(stdout)).toEqual(env)
    expect({ said, calls }).toEqual({ said: [], calls: [] })
  })

  test('near their end they are renewed in place, silently and once', () => {
    const answer = { code: 0 }
    const { stdout, stderr, said, calls, file } = run({
      leftSeconds: 200,
      answer,
      lines: [':', ':', showEnvironment],
    })
    expect(calls).toHaveLength(1)
    expect([ask(shell, 200), ask(shell, 201)]).toContainEqual(calls[0])
    const now = variables(stdout)
    expect(Object.keys(now).sort()).toEqual([...credentialVariableNames].sort())
    expect(now).toMatchObject({
      OSS_ACCESS_KEY_SECRET: newSecret,
      SECURITY_TOKEN: 'new-token',
      SESAME_PROFILE: 'dev',
    })
    expect(stdout).not.toContain(oldSecret)
    expect(stderr).not.toContain('noise')
    expect(said).toEqual([])
    // It did not prompt: what is typed ahead belongs to the shell.
    expect(file('stdin')).toBe('')
  })

  test('expired ones are renewed too', () => {
    const { stdout, calls } = run({ leftSeconds: -7200, answer: { code: 0 }, lines: [showEnvironment] })
    expect(calls).toEqual([ask(shell, 0)])
    expect(variables(stdout).ALIBABA_CLOUD_ACCESS_KEY_ID).toBe('STS.new')
  })

  test('short-lived ones are asked for again only after half of their life', () => {
    const answer = { code: 0, lifeSeconds: 100 }
    const { calls } = run({ leftSeconds: 60, answer, lines: [':', ':', ':'] })
    expect(calls).toHaveLength(1)
  })

  test('a login that is due is said in one line, once, and the credentials stay until they expire', () => {
    const lines = [':', skipBackOff[shell], ':', skipBackOff[shell], showEnvironment]
    const { stdout, said, calls } = run({ leftSeconds: 200, lines })
    const { SESAME_EXPIRATION: expiration, ...rest } = variables(stdout)
    expect(said).toEqual([
      `sesame: credentials of dev expire at ${expiration}; sign in with: sesame-login --profile dev`,
    ])
    expect(calls).toHaveLength(3)
    expect(rest.ALIBABA_CLOUD_ACCESS_KEY_SECRET).toBe(oldSecret)
  })

  test('an attempt that failed is not repeated at the next prompt', () => {
    const { said, calls } = run({ leftSeconds: 200, answer: { code: 6 }, lines: [':', ':', ':', ':'] })
    expect(calls).toHaveLength(1)
    expect(said).toEqual([])
  })

  test.each([
    ['a login is due', { code: 3 }],
    ['the network fails', { code: 6 }],
  ])('expired ones are unset when %s, and that is said once', (_, answer) => {
    const { stdout, said, calls } = run({ leftSeconds: -1, answer, lines: [':', ':', showEnvironment] })
    expect(variables(stdout)).toEqual({})
    expect(said).toEqual([
      'sesame: credentials of dev have expired and are unset; sign in with: sesame-login --profile dev',
    ])
    expect(calls).toHaveLength(1)
  })

  test('a sesame that is not there breaks no prompt', () => {
    const near = run({ leftSeconds: 100, missing: true, lines: ['echo fine'] })
    expect(near.stdout).toBe('fine\n')
    expect(near.said).toEqual([])
    const expired = run({ leftSeconds: -1, missing: true, lines: ['echo fine', showEnvironment] })
    expect(expired.stdout).toContain('fine\n')
    expect(expired.said).toHaveLength(1)
    expect(variables(expired.stdout)).toEqual({})
    expect(near.stderr + expired.stderr).not.toMatch(/not found|Unknown command/)
  })

  test('what sesame calls good stays, though this clock says otherwise', () => {
    const answer = { code: 0, sameExpiration: true }
    const { stdout, said, calls } = run({ leftSeconds: -30, answer, lines: [':', ':', showEnvironment] })
    expect(variables(stdout).ALIBABA_CLOUD_ACCESS_KEY_ID).toBe('STS.new')
    expect(said).toEqual([])
    expect(calls).toHaveLength(1)
  })

  test('credentials of no profile are never exchanged for those of another', () => {
    const env = { SESAME_PROFILE: '' }
    const near = run({ leftSeconds: 100, env, answer: { code: 0 }, lines: [':'] })
    expect(near.calls).toEqual([])
    expect(near.said).toHaveLength(1)
    const expired = run({ leftSeconds: -1, env, answer: { code: 0 }, lines: [showEnvironment] })
    expect(expired.calls).toEqual([])
    expect(variables(expired.stdout)).toEqual({})
  })

  test('a profile name is never code, and what is said can be pasted', () => {
    const profile = "my dev's $(touch PWN)"
    const answer = { code: 3 }
    const { said, calls, file } = run({ leftSeconds: 100, profile, answer, lines: [':'] })
    expect([ask(shell, 100, profile), ask(shell, 101, profile)]).toContainEqual(calls[0])
    expect(said).toHaveLength(1)
    const [, pasted = ''] = said[0]?.split('sign in with: ') ?? []
    const login = run({ lines: [pasted], answer: { code: 0 } })
    expect(login.calls[0]?.slice(-2)).toEqual(['--profile', profile])
    expect([file('work/PWN'), login.file('work/PWN')]).toEqual([undefined, undefined])
  })

  test('sesame-login sets the credentials, and runs no help page', () => {
    const { stdout, calls } = run({ answer: { code: 0 }, lines: ['sesame-login --force', showEnvironment] })
    const format = shell === 'fish' ? ['--format', 'fish'] : ['--env']
    expect(calls).toEqual([['sesame', 'login', ...format, '--force']])
    expect(variables(stdout).ALIBABA_CLOUD_ACCESS_KEY_ID).toBe('STS.new')
    const help = run({ answer: { code: 0 }, lines: ['sesame-login --help', showEnvironment] })
    expect(variables(help.stdout)).toEqual({})
    expect(help.calls).toEqual([['sesame', 'login', '--help']])
  })
})
