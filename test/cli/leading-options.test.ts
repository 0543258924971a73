import { expect, test } from 'vitest'
import { loadAllCommands } from '../../src/cli/commands.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { inWorld } from '../support/world.ts'

runCommandsHere()

const commands = (await loadAllCommands()).flatMap((each) => [
  { path: [each.name], options: each.options },
  ...(each.subcommands ?? []).map((sub) => ({ path: [each.name, sub.name], options: sub.options })),
])
const withProfile = commands.filter(({ options }) => options.some(({ name }) => name === 'profile'))

test(
  '[case 232] --profile and --help before the command are read as behind it, for all commands',
  inWorld({}, async ({ home }) => {
    const run = async (...words: string[]) => {
      const { code, stdout, stderr } = await home.run(words)
      return { code, stdout, stderr }
    }
    for (const { path } of commands) {
      const page = await run(...path, '--help')
      expect({ path, code: page.code, stderr: page.stderr }).toEqual({ path, code: 0, stderr: '' })
      for (const words of [
        ['--help', ...path],
        ['-h', '--profile', 'dev', ...path],
        ['--profile=dev', '--help', ...path],
        ['--profile', 'dev', ...path, '--help'],
      ])
        expect({ words, ...(await run(...words)) }).toEqual({ words, ...page })
    }
    expect(withProfile.length).toBeGreaterThan(15)
    for (const { path } of withProfile) {
      if (['exec', 'serve'].includes(path[0] ?? '')) continue
      for (const value of [['--profile', '../x'], ['--profile='], ['--profile', '-x']])
        expect(await run(...value, ...path)).toEqual(await run(...path, ...value))
    }
  }),
)

test(
  '[case 232] a login with the profile before it, from the portal and from the store',
  inWorld({}, async ({ home, portal }) => {
    const first = await home.run(['--profile', 'dev', 'login'])
    expect(first).toMatchObject({ code: 0 })
    expect(home.config().currentProfile).toBe('dev')
    const before = portal.requests.length
    expect((await home.run(['--profile=dev', 'credentials', '--format', 'json'])).stdout).toBe(first.stdout)
    expect((await home.run(['--profile', 'dev', 'login', '--env'])).stdout).toContain('SESAME_PROFILE=dev')
    expect(portal.requests).toHaveLength(before)
    expect(await home.run(['--profile', 'prod', 'credentials'])).toMatchObject({ code: 3, stdout: '' })
    expect((await home.run(['--profile', 'dev', 'profile', 'show'])).stdout).toMatch(/^Profile +dev /)
  }),
)

test(
  '[case 232] commands without a profile do the same with an alias that names one',
  inWorld({}, async ({ home }) => {
    for (const words of [
      ['version'],
      ['help', 'login'],
      ['hook', 'bash'],
      ['completion', 'zsh'],
      ['profile', 'list'],
      ['lock'],
    ]) {
      const { code, stdout } = await home.run(words)
      expect(await home.run(['--profile', 'dev', ...words])).toMatchObject({ code, stdout })
    }
    expect(await home.run(['--profile', 'dev', '--version'])).toMatchObject({ code: 0 })
  }),
)

test.each([
  [['--profile', 'dev'], 'Missing command.'],
  [['--profile'], 'Missing command.'],
  [['--profile', 'dev', '--force', 'login'], '"--force" is not a command of sesame.'],
  [['--profile', 'dev', 'logn'], '"logn" is not a command of sesame.'],
  [['--profile', 'a', '--profile', 'b', 'login'], '--profile is given twice.'],
  [['--profile', 'a', 'login', '--profile', 'a'], '--profile is given twice.'],
] as const)('[case 232] %j is exit 2', async (words, message) =>
  inWorld({}, async ({ home }) => {
    const { code, stdout, stderr } = await home.run(words)
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({
      code: 2,
      stdout: '',
      first: `sesame: ${message}`,
    })
  })(),
)

test(
  '[case 232] completion knows the command behind them',
  inWorld({}, async ({ home }) => {
    const complete = async (...words: string[]) =>
      (await home.run(['__complete', String(words.length), ...words])).stdout
    expect(await complete('--profile', 'dev', 'token', '')).toBe(await complete('token', ''))
    expect(await complete('--profile', 'dev', '')).toBe(await complete(''))
    expect(await complete('--help', 'login', '--flow', '')).toBe(await complete('login', '--flow', ''))
    expect(await complete('--')).toContain('--profile\t')
  }),
)
