import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/cli/command.ts'
import { loadAllCommands } from '../../src/cli/commands.ts'
import { parseInput } from '../../src/cli/parse-input.ts'
import { isSesameError } from '../../src/kit/errors.ts'

const commands = await loadAllCommands()
const all: [string, Command][] = commands.flatMap((command) => [
  [command.name, command] as [string, Command],
  ...(command.subcommands ?? []).map((sub): [string, Command] => [`${command.name} ${sub.name}`, sub]),
])
const login = commands.find(({ name }) => name === 'login') as Command
const parse = (...argv: string[]) => parseInput(login, 'login', argv)

describe('words', () => {
  test('options in both spellings, with the value apart or behind =', () => {
    const input = parse('--profile', 'dev', '--account_id=1', '--env', '--access_config', 'admin')
    expect(input.text('profile')).toBe('dev')
    expect(input.text('account-id')).toBe('1')
    expect(input.text('access-config')).toBe('admin')
    expect([input.has('env'), input.has('force'), input.text('env')]).toEqual([true, false, undefined])
  })

  test.each([
    [['--nonsense']],
    [['-p', 'dev']],
    [['--profile']],
    [['--profile=']],
    [['--profile', '--force']],
    [['--profile', 'a', '--profile', 'b']],
    [['--account-id', 'a', '--account_id', 'b']],
    [['--env=yes']],
    [['--no-env']],
    [['--format', 'yaml']],
    [['word']],
    [['--', '--force']],
    [['']],
    [['--']].map(() => ['--', 'x']),
  ])('%j is ERR_USAGE', (argv) => {
    expect(() => parse(...argv.flat())).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }))
  })
})

/** Words as people, scripts and attackers type them. */
const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    ...['--', '-', '=', '--=', '---', '-x', '-xyz', '--env', '--force', '--profile', '--format', 'json'],
  ),
  fc.constantFrom(
    ...['--__proto__', '--constructor=x', '--hasOwnProperty', '__proto__', '--profile=__proto__'],
  ),
  fc
    .tuple(fc.constantFrom('--profile=', '--format=', '--', '--account-id='), fc.string())
    .map((two) => two.join('')),
  fc.constantFrom('\u0000', 'a\u0000b', '--a\u0000=b', '\ufffd\ufffd', '\u001b[2J', 'x'.repeat(100_000)),
)

test('[case 88] any words at all are understood, or ERR_USAGE with a short printable message', () => {
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.array(word, { maxLength: 8 }), ([path, command], argv) => {
      try {
        const input = parseInput(command, path, argv)
        const most = command.takesCommandLine ? Number.POSITIVE_INFINITY : (command.maxPositionals ?? 0)
        expect(input.positionals.length).toBeLessThanOrEqual(most)
        for (const { name } of command.options) expect(input.text(name)).not.toBe('')
        expect(input.text('__proto__')).toBeUndefined()
      } catch (error) {
        if (!isSesameError(error, 'ERR_USAGE')) throw error
        for (const line of [error.message, error.hint ?? '']) {
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
          expect(line.length).toBeLessThan(300)
        }
      }
    }),
    { numRuns: 2000 },
  )
  expect(({} as Record<string, unknown>).x).toBeUndefined()
})

test('[case 88] a megabyte is refused quickly', () => {
  const huge = 'y'.repeat(1_000_000)
  const started = performance.now()
  for (const argv of [
    [huge],
    [`--${huge}`],
    [`--profile=${huge}`, huge],
    [`--format=${huge}`],
    Array(50_000).fill('--x'),
  ])
    expect(() => parse(...argv)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }))
  expect(performance.now() - started).toBeLessThan(30_000)
})

describe('[case 92] the options of every command', () => {
  test.each(all)('%s: none takes a secret', (_, command) => {
    for (const { name, aliases = [], value } of command.options) {
      for (const spelling of [name, ...aliases]) {
        expect(spelling).toMatch(/^[A-Za-z][A-Za-z0-9_-]+$/)
        // A switch such as --app-secret-stdin names where a secret comes from; it does not take one.
        if (value !== undefined)
          expect(spelling).not.toMatch(
            /secret|token|password|passwd|passphrase|credential|private|(^|[-_])(pin|otp|code)$/i,
          )
      }
    }
  })

  test.each(all)('%s: no two have one spelling', (_, command) => {
    const spellings = command.options.flatMap(({ name, aliases = [] }) => [name, ...aliases])
    expect(new Set(spellings).size).toBe(spellings.length)
  })
})
