import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommandsHere } from '../support/run-here.ts'
import { makeHome, runSesame } from '../support/sesame.ts'
import { countCalls, inWorld } from '../support/world.ts'

runCommandsHere()

describe.concurrent('[case 88] words that make no sense', () => {
  test.each([
    [['login', '--nonsense']],
    [['login', '--__proto__=x']],
    [['login', '--', '--force']],
    [['login', '--profile=']],
    [['login', '']],
    [['login', '\u001b[2J']],
    [['login', `--${'x'.repeat(100_000)}`]],
    [['__proto__']],
    [['']],
    [['help', 'nothing']],
    [['completion', 'tcsh']],
  ])('%j: exit 2, two lines, no stack', (words) =>
    inWorld({}, async ({ home }) => {
      const { code, stdout, stderr } = await home.run(words)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^sesame: [^\n]+\n([^\n]+\n)?$/)
      expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
      expect(stderr.length).toBeLessThan(600)
    })(),
  )

  test(
    'a near miss is named',
    inWorld({}, async ({ home }) => {
      expect((await home.run(['logn'])).stderr).toContain('Did you mean "sesame login"?')
      expect((await home.run(['login', '--profil', 'x'])).stderr).toContain('Did you mean --profile?')
      expect((await home.run(['login', '--format', 'jsn'])).stderr).toContain('Did you mean json?')
      const subcommand = await home.run(['token', 'gte'])
      expect(subcommand).toMatchObject({ code: 2, stdout: '' })
      expect(subcommand.stderr).toContain('Did you mean "sesame token get"?')
    }),
  )

  test(
    'bytes that are no UTF-8 are a bad profile name, not a crash',
    inWorld({}, async ({ home }) => {
      // JavaScript cannot hand over such bytes; what Node makes of them is a replacement character.
      const { code, stderr } = await home.run(['login', '--profile', 'a\ufffdb'])
      expect(code).toBe(2)
      expect(stderr).toContain('cannot be a profile name')
    }),
  )
})

describe.concurrent('[case 89] profile names', () => {
  test.each(['..', 'a\nb', 'x'.repeat(4096), '\u001b[31m'])('%j is refused everywhere', (name) =>
    inWorld({}, async ({ home }) => {
      for (const words of [
        ['login', `--profile=${name}`],
        ['logout', `--profile=${name}`],
        ['configure', `--profile=${name}`, '--signin-url', 'https://portal.example/x'],
        ['profile', 'show', `--profile=${name}`],
      ]) {
        const { code, stdout, stderr } = await home.run(words)
        expect({ words, code, stdout }).toEqual({ words, code: 2, stdout: '' })
        expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
      }
    })(),
  )

  test(
    'words that mean something elsewhere are names like any other, and case counts',
    inWorld({}, async ({ home }) => {
      const names = ['CON', 'con', 'constructor', '__proto__', 'toString', 'prod.eu', 'a b', '部署']
      for (const name of names) expect((await home.run(['login', '--profile', name])).code).toBe(0)
      const { stdout } = await home.run(['profile', 'list', '--json'])
      const listed = JSON.parse(stdout) as { name: string; status: string }[]
      expect(listed.map(({ name }) => name).sort()).toEqual([...names].sort())
      expect(listed.every(({ status }) => status === 'valid')).toBe(true)
      for (const name of names)
        expect((await home.run(['profile', 'delete', name])).stderr).toContain(`Deleted profile ${name}.`)
      expect(home.config().profiles).toEqual({})
    }),
  )

  test(
    'a name in config.json that no option could name makes the file unusable, and is reported escaped',
    inWorld({}, async ({ home }) => {
      const profiles = { 'a\u001b[2J\nb': { kind: 'cloudsso' } }
      writeFileSync(join(home.directory, 'config.json'), JSON.stringify({ version: 1, profiles }), {
        mode: 0o600,
      })
      for (const words of [['profile'], ['completion', '--profiles'], ['login']]) {
        const { code, stdout, stderr } = await home.run(words)
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
        expect(stderr).toContain('\\u001b[2J\\u000ab')
      }
    }),
  )
})

describe.concurrent('[case 90] where the configuration is', () => {
  const evil = JSON.stringify({ version: 1, signInUrl: 'https://evil.example/x/login', profiles: {} })

  test(
    'the current directory counts for nothing, nor does a relative XDG_CONFIG_HOME',
    inWorld({}, async ({ home, portal }) => {
      const work = join(home.home, 'work')
      for (const name of ['config.json', 'sesame.json', '.sesame.json']) writeFileSync(join(work, name), evil)
      const { code } = await home.run(['login'], { env: { XDG_CONFIG_HOME: '.' } })
      expect(code).toBe(0)
      expect(portal.calls()).toContain('POST /token')
      expect(home.config().profiles).toHaveProperty('default')
    }),
  )

  test(
    'SESAME_CONFIG_DIR goes before XDG_CONFIG_HOME, and that before ~/.config',
    inWorld({}, async ({ home }) => {
      const url = (name: string) => `https://${name}.example/x/login`
      const env = { XDG_CONFIG_HOME: join(home.home, 'xdg'), SESAME_CONFIG_DIR: join(home.home, 'own') }
      await home.run(['configure', '--signin-url', url('own')], { env })
      await home.run(['configure', '--signin-url', url('xdg')], { env: { ...env, SESAME_CONFIG_DIR: '' } })
      await home.run(['configure', '--profile', 'p', '--signin-url', url('p')], { env })
      const { stdout } = await home.run(['profile', 'show', 'p'], { env })
      expect(stdout).toContain(env.SESAME_CONFIG_DIR)
      const xdg = { ...env, SESAME_CONFIG_DIR: '' }
      expect((await home.run(['profile', 'show', 'p'], { env: xdg })).code).toBe(2)
      expect((await home.run(['profile', 'list', '--json'])).stdout).toBe('[]\n')
    }),
  )

  test.each([
    ['a relative SESAME_CONFIG_DIR', { SESAME_CONFIG_DIR: 'here' }],
    ['an empty HOME', { HOME: '' }],
    ['a relative HOME', { HOME: 'here' }],
  ])('%s is exit 2 for what needs it, and does not stand in the way of help', async (_, env) => {
    const { home, remove } = makeHome()
    try {
      const login = await runSesame(['login'], { home, env })
      expect({ code: login.code, stdout: login.stdout }).toEqual({ code: 2, stdout: '' })
      expect(login.stderr).toMatch(/absolute path|home directory/)
      for (const words of [['help'], ['version'], ['login', '--help'], ['completion', 'bash']])
        expect((await runSesame(words, { home, env })).code).toBe(0)
    } finally {
      remove()
    }
  })
})

describe.concurrent('[case 91] the sign-in URL', () => {
  test.each([
    ['HTTPS://Portal.EXAMPLE:443/Acme/login', 'https://portal.example/Acme/login'],
    ['https://portal.example./acme/login#top', 'https://portal.example/acme/login'],
    ['  https://portal.example/acme/login  ', 'https://portal.example/acme/login'],
    ['https://раypal.example/acme/login', 'https://xn--ypal-43d9g.example/acme/login'],
    ['http://127.0.0.1:8080/acme/login', 'http://127.0.0.1:8080/acme/login'],
  ])('%s is kept and shown as %s', (given, kept) =>
    inWorld({}, async ({ home }) => {
      const { code, stdout, stderr } = await home.run(['configure', '--profile', 'p', '--signinUrl', given])
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
      expect(stderr).toContain(`: ${kept}\n`)
      expect(home.config().profiles.p?.signInUrl).toBe(kept)
    })(),
  )

  test.each([
    'http://portal.example/acme/login',
    'http://localhost:8080/acme/login',
    'https://user:hunter2-password@portal.example/acme/login',
    '\u001b[2Jhttps://portal.example',
  ])('%j is refused, and a password in it is not repeated', (url) =>
    inWorld({}, async ({ home }) => {
      const { code, stdout, stderr } = await home.run(['configure', '--signin-url', url])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).not.toContain('hunter2-password')
      expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    })(),
  )

  test(
    'two spellings of one URL share one sign-in',
    inWorld({}, async (world) => {
      const { home, portal } = world
      const other = portal.signInUrl.replace('http:', 'HTTP:')
      await home.run(['configure', '--profile', 'a', '--signin-url', `${other}#x`])
      expect((await home.run(['login', '--profile', 'a'])).code).toBe(0)
      expect((await home.run(['login', '--profile', 'b'])).code).toBe(0)
      expect(countCalls(world, 'POST /token')).toBe(1)
    }),
  )
})
