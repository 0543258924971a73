import type { OptionSpec } from '../../../src/cli/command.ts'
import type { CompletedCommand } from '../../../src/cli/completion/complete.ts'

const profile: OptionSpec = {
  name: 'profile',
  summary: () => 'the profile to work on',
  value: 'VALUE',
  completes: 'profile',
}

/** A tree with one of everything that completion must know. */
export const sampleCommands: readonly CompletedCommand[] = [
  {
    name: 'login',
    summary: () => "sign in: it's `$(touch PWN)` \\here",
    options: [
      profile,
      {
        name: 'format',
        summary: () => 'how to print',
        value: 'VALUE',
        values: ['json', 'env', 'fish', 'powershell'],
      },
      { name: 'account-id', aliases: ['account_id'], summary: () => 'the account', value: 'VALUE' },
      { name: 'force', summary: () => 'sign in again' },
    ],
  },
  {
    name: 'logout',
    summary: () => 'forget',
    options: [profile, { name: 'all', summary: () => 'all of them' }],
  },
  {
    name: 'profile',
    summary: () => 'profiles',
    options: [{ name: 'json', summary: () => 'as JSON' }],
    subcommands: [
      {
        name: 'list',
        summary: () => 'all profiles',
        options: [{ name: 'json', summary: () => 'as JSON' }],
      },
      { name: 'use', summary: () => 'make it the current one', options: [], argumentCompletes: 'profile' },
    ],
  },
  {
    name: 'completion',
    summary: () => 'this',
    options: [],
    arguments: ['bash', 'zsh', 'fish', 'powershell'],
  },
  {
    name: 'verify',
    summary: () => 'a token',
    options: [{ name: 'file', summary: () => 'its file', value: 'VALUE', completes: 'file' }],
  },
  { name: 'exec', summary: () => 'run', options: [profile] },
]

/** Names that only a careful script puts onto a command line unharmed. */
export const profileNames = [
  'dev',
  'my dev',
  'prod@corp.example',
  '开发',
  "o'brien",
  '$(touch PWN)',
  '`touch PWN`',
  ';touch PWN',
  '*',
  'x"y',
  'z\\w',
  'q&touch PWN',
]
