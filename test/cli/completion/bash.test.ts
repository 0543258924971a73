import { beforeAll, describe, expect, test } from 'vitest'
import { completionScripts } from '../../../src/cli/completion/scripts.ts'
import { profileNames } from './sample-commands.ts'
import { areInstalled, buildFakeSesame, runSession, type Session, typeInto } from './shell-session.ts'

const completion = completionScripts.bash

beforeAll(buildFakeSesame)

/** What bash offers for words, the last being the one under the cursor; split as readline splits them. */
function complete(
  words: readonly string[],
  { setting = '', ...change }: { line?: string; broken?: boolean; setting?: string } = {},
): string[] & { session?: Session } {
  const line = change.line ?? words.join(' ')
  const session = runSession({
    program: 'bash',
    args: [
      '--norc',
      '-c',
      `COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
      . "$HOME/completion"
      COMP_LINE=$1 COMP_POINT=\${#1} COMP_CWORD=$(($# - 2)); shift
      COMP_WORDS=("$@")
      ${setting}
      _sesame 2>&1
      ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      line,
      ...words,
    ],
    completion,
    profiles: profileNames,
    ...change,
  })
  expect(session.stderr.replace(/.*compopt: not currently executing.*\n/g, '')).toBe('')
  expect(session.files).toEqual([])
  return session.output.split('\n').slice(0, -1)
}

describe.skipIf(!areInstalled('bash'))('bash: what is offered', () => {
  test('commands, and those that begin with the word', () => {
    expect(complete(['sesame', ''])).toEqual(['login', 'logout', 'profile', 'completion', 'verify', 'exec'])
    expect(complete(['sesame', 'log'])).toEqual(['login', 'logout'])
    expect(complete(['sesame', 'nothing-like-it'])).toEqual([])
  })

  test.each([
    'IFS=,',
    'IFS=',
    'IFS=log',
    'set -f',
    'set -eu',
    'shopt -s nullglob',
    'shopt -s failglob',
    'CDPATH=/',
  ])('[case 153] whatever is set: %s', (setting) => {
    expect(complete(['sesame', 'log'], { setting })).toEqual(['login', 'logout'])
    expect(complete(['sesame', 'profile', ''], { setting })).toEqual(['list', 'use'])
    expect(complete(['sesame', 'login', '--format', 'e'], { setting })).toEqual(
      complete(['sesame', 'login', '--format', 'e']),
    )
    expect(complete(['sesame', 'login', '--profile', ''], { setting })).toEqual(
      complete(['sesame', 'login', '--profile', '']),
    )
  })

  test('subcommands and fixed arguments, only once', () => {
    expect(complete(['sesame', 'profile', ''])).toEqual(['list', 'use'])
    expect(complete(['sesame', 'profile', '--json', 'l'])).toEqual(['list'])
    expect(complete(['sesame', 'completion', ''])).toEqual(['bash', 'zsh', 'fish', 'powershell'])
    expect(complete(['sesame', 'completion', 'zsh', ''])).toEqual([])
  })

  test('options, without those given already', () => {
    expect(complete(['sesame', 'login', '--'])).toEqual(['--profile', '--format', '--account-id', '--force'])
    expect(complete(['sesame', 'login', '--format', 'env', '--f'])).toEqual(['--force'])
    expect(complete(['sesame', 'login', ''])).toContain('--force')
    expect(complete(['sesame', 'profile', 'list', '--'])).toEqual(['--json'])
  })

  test('values of options, behind a blank and behind =', () => {
    expect(complete(['sesame', 'login', '--format', ''])).toEqual(['json', 'env', 'fish', 'powershell'])
    expect(complete(['sesame', 'login', '--format', '=', 'p'], { line: 'sesame login --format=p' })).toEqual([
      'powershell',
    ])
    expect(complete(['sesame', 'login', '--format', '='], { line: 'sesame login --format=' })).toContain(
      'json',
    )
    expect(complete(['sesame', 'login', '--account-id', ''])).toEqual([])
  })

  test('the value of an option, in any of its spellings, is no argument', () => {
    expect(complete(['sesame', 'login', '--account_id', 'profile', '--fo'])).toEqual(['--format', '--force'])
    expect(complete(['sesame', 'login', '--profile', 'logout', '--fo'])).toEqual(['--format', '--force'])
  })

  test('profile names, quoted and never run', () => {
    expect(complete(['sesame', 'login', '--profile', 'd'])).toEqual(['dev'])
    expect(complete(['sesame', 'profile', 'use', 'my'])).toEqual(['my\\ dev'])
    expect(complete(['sesame', 'logout', '--profile', '$'])).toEqual(['\\$\\(touch\\ PWN\\)'])
    expect(complete(['sesame', 'logout', '--profile', ''])).toHaveLength(profileNames.length)
  })

  test('a name with @, of which bash splits the beginning off', () => {
    const line = 'sesame login --profile prod@co'
    expect(complete(['sesame', 'login', '--profile', 'prod', '@', 'co'], { line })).toEqual(['@corp.example'])
  })

  test('nothing, quietly, when the names cannot be had', () => {
    expect(complete(['sesame', 'login', '--profile', ''], { broken: true })).toEqual([])
  })
})

describe.skipIf(!areInstalled('bash', 'script'))('bash: what a person gets who types', () => {
  const type = (keys: string, profiles = profileNames) =>
    typeInto('bash --norc --noprofile -i', `eval "$(cat "$HOME/completion")"\n${keys}`, {
      completion,
      profiles,
    })

  const lines: [keys: string, expected: string[]][] = [
    ['sesame logi\t--form\tpo\t\n', ['login', '--format', 'powershell']],
    ['sesame login --format=po\t\n', ['login', '--format=powershell']],
    ['sesame login --profile my\t\n', ['login', '--profile', 'my dev']],
    ["sesame login --profile 'my\t\n", ['login', '--profile', 'my dev']],
    ['sesame login --profile "my\t\n', ['login', '--profile', 'my dev']],
    ['sesame login --profile my\\ \t\n', ['login', '--profile', 'my dev']],
    ['sesame login --profile=my\t\n', ['login', '--profile=my dev']],
    ['sesame login --profile prod\t\n', ['login', '--profile', 'prod@corp.example']],
    ['sesame login --profile prod@c\t\n', ['login', '--profile', 'prod@corp.example']],
    ['sesame login --profile=prod@c\t\n', ['login', '--profile=prod@corp.example']],
    ['sesame login --profile 开\t\n', ['login', '--profile', '开发']],
    ['sesame profile use o\t\n', ['profile', 'use', "o'brien"]],
    ['sesame profile use \\$\t\n', ['profile', 'use', '$(touch PWN)']],
    ['sesame profile use \\;\t\n', ['profile', 'use', ';touch PWN']],
    ['sesame profile use \\`\t\n', ['profile', 'use', '`touch PWN`']],
    ['sesame profile use q\t\n', ['profile', 'use', 'q&touch PWN']],
    ['sesame profile use "x\t\n', ['profile', 'use', 'x"y']],
    ['sesame profile use x\t\n', ['profile', 'use', 'x"y']],
    ['sesame profile use z\t\n', ['profile', 'use', 'z\\w']],
    ['true; sesame logo\t\n', ['logout']],
  ]

  test('every line ends up as it was meant, and no name is run', () => {
    const session = type(lines.map(([keys]) => keys).join(''))
    expect(session.runs).toEqual(lines.map(([, expected]) => expected))
    expect(session.files).toEqual([])
  })
})
