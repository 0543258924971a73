import { describe, expect, test } from 'vitest'
import { chooseFormat, formatOptions, shellFormatInArgv } from '../../src/cli/format-options.ts'
import { parseInput } from '../../src/cli/parse-input.ts'

const parse = (...argv: string[]) => parseInput({ options: formatOptions }, 'login', argv)

describe('the format', () => {
  test.each([
    [[], 'json'],
    [['--env'], 'env'],
    [['--format', 'fish'], 'fish'],
    [['--format=aws'], 'aws'],
    [['--env', '--format', 'env'], 'env'],
  ])('of %j is %s', (argv, format) => {
    expect(chooseFormat(parse(...argv))).toBe(format)
  })

  test('--env beside another one is ERR_USAGE', () => {
    expect(() => chooseFormat(parse('--env', '--format', 'json'))).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE' }),
    )
  })
})

test.each([
  [['--env'], 'env'],
  [['--env=yes'], 'env'],
  [['--nonsense', '--format', 'cmd', '--profile'], 'cmd'],
  [['--format=powershell'], 'powershell'],
  [['--format', 'json', '--env'], 'env'],
  [['--format', 'yaml', '--format', 'fish'], 'fish'],
  [['--format'], undefined],
  [['--format', 'json'], undefined],
  [['--environment'], undefined],
  [[], undefined],
])('[case 49] a user who typed %j is about to evaluate: %s', (argv, format) => {
  expect(shellFormatInArgv(argv)).toBe(format)
})
