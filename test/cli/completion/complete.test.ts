import { expect, test } from 'vitest'
import { complete, formatCompletion } from '../../../src/cli/completion/complete.ts'
import { completionScripts } from '../../../src/cli/completion/scripts.ts'
import { profileNames, sampleCommands } from './sample-commands.ts'

const at = (...words: string[]) => complete(words, sampleCommands, () => profileNames)
const names = (...words: string[]) => at(...words).words.map(({ name }) => name)

test('commands with their summaries, subcommands and fixed arguments, only once', () => {
  expect(at('').words[0]).toEqual({ name: 'login', summary: "sign in: it's `$(touch PWN)` \\here" })
  expect(names('lo')).toEqual(['login', 'logout', 'profile', 'completion', 'verify', 'exec'])
  expect(names('profile', '')).toEqual(['list', 'use'])
  expect(names('profile', '--json', '')).toEqual(['list', 'use'])
  expect(names('completion', '')).toEqual(['bash', 'zsh', 'fish', 'powershell'])
  expect(names('completion', 'zsh', '')).toEqual([])
  expect(names('completion', 'zsh', 'x')).toEqual([])
  expect(names('nonsense', '')).toEqual([])
})

test('options of the command at hand, without those given already', () => {
  const login = ['--profile', '--format', '--account-id', '--force']
  expect(names('login', '-')).toEqual(login)
  expect(names('login', '')).toEqual(login)
  expect(names('login', 'x')).toEqual([])
  expect(names('login', '--format', 'env', '--profile=dev', '--')).toEqual(['--account-id', '--force'])
  expect(names('profile', 'list', '--')).toEqual(['--json'])
})

test('[case 232] options before the command', () => {
  expect(names('--')).toEqual(['--profile', '--help'])
  expect(names('--profile', '')).toEqual(profileNames)
  expect(names('--profile=')).toEqual(profileNames.map((name) => `--profile=${name}`))
  expect(names('--profile', 'dev', 'lo')).toEqual(names('lo'))
  expect(names('--profile=dev', '--help', '')).toEqual(names(''))
  expect(names('--profile', 'dev', 'login', '--fo')).toEqual(['--format', '--account-id', '--force'])
  expect(names('--profile', 'dev', 'profile', '')).toEqual(['list', 'use'])
  expect(names('--profile', 'dev', 'nonsense', '')).toEqual([])
})

test('values of options, behind a blank and behind an equals sign, in every spelling', () => {
  expect(names('login', '--format', '')).toEqual(['json', 'env', 'fish', 'powershell'])
  expect(names('login', '--format=')).toEqual(
    ['json', 'env', 'fish', 'powershell'].map((v) => `--format=${v}`),
  )
  expect(names('login', '--account-id', '')).toEqual([])
  expect(names('login', '--force=')).toEqual([])
  expect(names('login', '--account_id', 'profile', '--fo')).toContain('--force')
  expect(names('login', '--profile', 'logout', '--fo')).toContain('--force')
  expect(names('login', '--profile', '--', '--fo')).toContain('--force')
})

test('names of profiles', () => {
  expect(names('login', '--profile', '')).toEqual(profileNames)
  expect(names('profile', 'use', '')).toEqual(profileNames)
  expect(names('login', '--profile=')).toEqual(profileNames.map((name) => `--profile=${name}`))
  expect(names('profile', 'use', 'dev', '')).toEqual([])
})

test('files, and the command line of another program', () => {
  expect(at('verify', '--file', '')).toEqual({ words: [], files: true })
  expect(at('verify', '--file=t')).toEqual({ words: [], files: true })
  expect(at('exec', '--profile', 'dev', '--', 'a', '')).toEqual({ words: [], files: false, commandFrom: 4 })
})

test('a line for each word, behind one that says what else may stand there', () => {
  expect(formatCompletion(at('profile', 'l'))).toBe(
    'words\nlist\tall profiles\nuse\tmake it the current one\n',
  )
  expect(formatCompletion(at('verify', '--file', ''))).toBe('files\n')
  expect(formatCompletion(at('exec', '--', ''))).toBe('command 2\n')
})

test.each(Object.entries(completionScripts))(
  '%s: the script runs nothing from its input',
  (_shell, script) => {
    expect(script).toMatch(/[^\n]\n$/)
    expect(script).toContain('__complete')
    expect(script.replace(/^#.*$/gm, '')).not.toMatch(/\beval\b|Invoke-Expression/)
  },
)
