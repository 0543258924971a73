import { beforeAll, describe, expect, test } from 'vitest'
import { completionScripts } from '../../../src/cli/completion/scripts.ts'
import { profileNames } from './sample-commands.ts'
import { areInstalled, buildFakeSesame, runSession } from './shell-session.ts'

const completion = completionScripts.fish

beforeAll(buildFakeSesame)

/** What fish offers for a command line: candidates with their descriptions. */
function complete(line: string, change: { broken?: boolean; files?: string[] } = {}): [string, string?][] {
  const session = runSession({
    program: 'fish',
    args: ['--no-config', '-c', 'source "$HOME/completion"; complete -C $argv[1]', line],
    completion,
    profiles: profileNames,
    ...change,
  })
  expect(session.stderr).toBe('')
  expect(session.files).toEqual(change.files ?? [])
  return session.output
    .split('\n')
    .slice(0, -1)
    .map((found) => found.split('\t') as [string, string?])
}

function names(line: string, change: { broken?: boolean; files?: string[] } = {}): string[] {
  return complete(line, change)
    .map(([name]) => name)
    .sort()
}

describe.skipIf(!areInstalled('fish'))('fish: what is offered', () => {
  test('commands with their summaries', () => {
    expect(complete('sesame lo')).toEqual([
      ['login', "sign in: it's `$(touch PWN)` \\here"],
      ['logout', 'forget'],
    ])
    expect(names('sesame ')).toEqual(['completion', 'exec', 'login', 'logout', 'profile', 'verify'])
  })

  test('subcommands and fixed arguments, only once', () => {
    expect(names('sesame profile ')).toEqual(['list', 'use'])
    expect(names('sesame profile --json l')).toEqual(['list'])
    expect(names('sesame completion ')).toEqual(['bash', 'fish', 'powershell', 'zsh'])
    expect(names('sesame completion zsh ')).toEqual([])
  })

  test('options of the command at hand', () => {
    expect(names('sesame login --')).toEqual(['--account-id', '--force', '--format', '--profile'])
    expect(names('sesame profile list --')).toEqual(['--json'])
    expect(names('sesame profile use --')).toEqual([])
  })

  test('values of options, behind a blank and behind =', () => {
    expect(names('sesame login --format ')).toEqual(['env', 'fish', 'json', 'powershell'])
    expect(names('sesame login --format=p')).toEqual(['--format=powershell'])
    expect(names('sesame login --account-id ')).toEqual([])
  })

  test('the value of an option, in any of its spellings, is no argument', () => {
    expect(names('sesame login --account_id profile --fo')).toEqual(['--force', '--format'])
    expect(names('sesame login --profile logout --fo')).toEqual(['--force', '--format'])
  })

  test('profile names, never run', () => {
    expect(names('sesame login --profile d')).toEqual(['dev'])
    expect(names('sesame profile use my')).toEqual(['my dev'])
    expect(names('sesame login --profile ')).toEqual([...profileNames].sort())
    expect(names('sesame login --profile=my')).toEqual(['--profile=my dev'])
    expect(names('sesame profile use dev ')).toEqual([])
  })

  test('files where a file is wanted and behind --, and nowhere else', () => {
    const files = ['token.jwt']
    expect(names('sesame verify --file ', { files })).toEqual(files)
    expect(names('sesame exec -- tok', { files })).toEqual(files)
    expect(names('sesame login tok', { files })).toEqual([])
  })

  test('nothing, quietly, when the names cannot be had', () => {
    expect(complete('sesame login --profile ', { broken: true })).toEqual([])
  })
})
