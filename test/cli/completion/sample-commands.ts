import type { CompletionCommand, CompletionOption } from '../../../src/cli/completion/completion-command.ts'

const profile: CompletionOption = {
  name: 'profile',
  summary: 'the profile to work on',
  takesValue: true,
  completes: 'profile',
}

/** A tree with one of everything that the scripts must know. */
export const sampleCommands: readonly CompletionCommand[] = [
  {
    name: 'login',
    summary: "sign in: it's `$(touch PWN)` \\here",
    options: [
      profile,
      {
        name: 'format',
        summary: 'how to print',
        takesValue: true,
        values: ['json', 'env', 'fish', 'powershell'],
      },
      { name: 'account-id', aliases: ['account_id'], summary: 'the account', takesValue: true },
      { name: 'force', summary: 'sign in again', takesValue: false },
    ],
  },
  {
    name: 'logout',
    summary: 'forget',
    options: [profile, { name: 'all', summary: 'all of them', takesValue: false }],
  },
  {
    name: 'profile',
    summary: 'profiles',
    options: [{ name: 'json', summary: 'as JSON', takesValue: false }],
    subcommands: [
      {
        name: 'list',
        summary: 'all profiles',
        options: [{ name: 'json', summary: 'as JSON', takesValue: false }],
      },
      { name: 'use', summary: 'make it the current one', options: [], argumentCompletes: 'profile' },
    ],
  },
  { name: 'completion', summary: 'this', options: [], arguments: ['bash', 'zsh', 'fish', 'powershell'] },
  {
    name: 'verify',
    summary: 'a token',
    options: [{ name: 'file', summary: 'its file', takesValue: true, completes: 'file' }],
  },
  { name: 'exec', summary: 'run', options: [profile] },
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
