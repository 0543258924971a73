import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseInput } from '../src/cli/parse-input.ts'
import { checkConfig } from '../src/doctor/config.ts'
import { checkEnvironment } from '../src/doctor/environment.ts'
import type { Finding } from '../src/doctor/finding.ts'
import { checkLeftovers } from '../src/doctor/leftovers.ts'
import { checkEndpoints } from '../src/identity/oidc/check-endpoints.ts'
import { loginCommand as handoverLogin } from '../src/integrations/process-command.ts'
import { isSesameError } from '../src/kit/errors.ts'
import { checkConfigured } from '../src/profiles/check-settings.ts'
import { loginCommand } from '../src/session/sign-in-errors.ts'
import { spawnSync } from './support/run-sync.ts'

const issuer = 'https://id.example.com'

function failureOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isSesameError(error)) return `${error.message}\n${error.hint ?? ''}`
    throw error
  }
  throw new Error('not refused')
}

const fixes = (findings: readonly Finding[]) => findings.map(({ fix = '' }) => fix)
const aliyunProfile = (name: string) => ({
  name,
  mode: 'AK',
  secrets: ['access_key_secret'],
  isBlank: false,
  usable: true,
  runsSesame: false,
})
const leftovers = { acsSso: undefined, aliyun: undefined, plaintextStore: undefined, unreadable: [] }

/** Whatever prints a command with a word from outside: the printed texts, and the command that is in them. */
const printers: [string, RegExp, (word: string) => string[]][] = [
  ['login', /sesame login .*/, (word) => [loginCommand(word), handoverLogin(word)]],
  [
    'trusted hosts of the configuration',
    /sesame configure .*/,
    (word) => {
      const metadata = { issuer, token_endpoint: 'https://other.example/x', jwks_uri: `${issuer}/jwks` }
      return [failureOf(() => checkEndpoints(metadata, issuer, [word]))]
    },
  ],
  [
    'a word before --',
    /sesame exec -- .*(?= …)/,
    (word) => {
      if (word.startsWith('-')) return []
      const syntax = { options: [], takesCommandLine: true }
      return [failureOf(() => parseInput(syntax, 'exec', [word])).split('\n')[0] ?? '']
    },
  ],
  [
    'a profile that cannot be used',
    /sesame configure .*(?= …)/,
    (name) => [
      failureOf(() =>
        checkConfigured({ name, profile: { kind: 'oidc', issuer, clientId: 'a\tb' } as never }),
      ).split('\n')[1] ?? '',
    ],
  ],
  [
    'leftovers',
    /(?:aliyun|sesame|rm|chmod|mv) .*/,
    (word) => [
      ...fixes(
        checkLeftovers({
          ...leftovers,
          aliyun: {
            path: word,
            mode: 0o644,
            profiles: [aliyunProfile(word), { ...aliyunProfile(word), runsSesame: true }],
          },
          aliyunCopies: [{ path: word, mode: 0o600, profiles: [aliyunProfile(word)] }],
          keyFiles: [{ path: word, mode: 0o644, of: 'the SDKs' }],
          plaintextStore: { path: word, items: 1, openToOthers: 1, inUse: false, shared: false },
          unreadable: [{ path: word, reason: 'x' }],
        }),
      ),
    ],
  ],
  [
    'the configuration',
    /(?:mv|chmod|sesame) .*/,
    (word) => {
      const place = { path: word, directory: word, fileMode: 0o644, isPrivate: true, directoryMode: 0o777 }
      const config = { profiles: new Map(), currentProfile: word } as never
      const broken = { kind: 'failed' as const, message: 'x', hint: undefined }
      return fixes([
        ...checkConfig({ ...place, read: broken }),
        ...checkConfig({ ...place, read: { kind: 'config', config } }),
      ]).filter(Boolean)
    },
  ],
  [
    'the shell',
    /(?<=eval "\$\()sesame login .*(?=\)"$)/,
    (word) =>
      fixes(
        checkEnvironment(
          { SESAME_PROFILE: word, SESAME_EXPIRATION: '2020-01-01T00:00:00Z' },
          'linux',
          new Date('2026-11-21T08:00:00Z'),
        ),
      ),
  ],
]

const hostile = [
  '$({touch,pwned}).id.example',
  "it's",
  '`id`',
  '"; id; "',
  "'; id; '",
  'a && id',
  'a b',
  '$HOME/x',
  '~root',
  '*',
  '{a,b}',
  '!!',
  '# x',
  '\\',
  'x > y',
  '-rf',
]

/**
 * Runs commands in a bash in which each of them only shows its words. What it shows, per command; anything that a shell would
 * have done beside (another command, a substitution, an expansion) changes it.
 */
function wordsOf(commands: readonly string[]): string[][] {
  const names = ['sesame', 'aliyun', 'rm', 'chmod', 'ls', 'mv']
  const show = names.map((name) => `${name}() { printf '%s\\0' ${name} "$@"; }`).join('\n')
  const script = commands.map((command) => `${command}\nprintf '\\0'`).join('\n')
  const run = spawnSync('/bin/bash', ['--norc', '-s'], {
    input: `PATH=/nonexistent\nset -u\n${show}\n${script}\n`,
    encoding: 'utf8',
    env: { HOME: '/home/of-nobody' },
  })
  expect(run.stderr).toBe('')
  return run.stdout
    .split('\0\0')
    .slice(0, -1)
    .map((each) => each.split('\0'))
}

describe('[case 102] commands that are printed are literal words to a shell', () => {
  test.each(printers)('%s', (_what, command, print) => {
    const random = fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), {
      numRuns: 60,
      seed: 7,
    })
    const words = [...hostile, ...random].filter(
      (word) => word.isWellFormed() && !/[\p{C}\p{Z}]/u.test(word.replaceAll(' ', '')),
    )
    const printed = words.flatMap((word) =>
      print(word).map((text) => ({ word, command: command.exec(text)?.[0] ?? `no command in: ${text}` })),
    )
    expect(printed.length).toBeGreaterThan(words.length / 2)
    const seen = wordsOf(printed.map((each) => each.command))
    expect(seen).toHaveLength(printed.length)
    for (const [i, { word }] of printed.entries())
      expect(
        seen[i]?.some((each) => each.includes(word)),
        `${word}: ${seen[i]}`,
      ).toBe(true)
  })
})
