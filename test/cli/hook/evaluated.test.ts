import { describe, expect, test } from 'vitest'
import { runHookedShell, testedShells } from './hooked-shell.ts'

const show = 'echo "key=$ALIBABA_CLOUD_ACCESS_KEY_ID"'

/** A start-up file that lets `sesame` print something else than credentials. */
const printing = (text: string) => ({
  change: (snippet: string) => snippet,
  env: { PRINTED: text },
  before: 'printf \'%s\' "$PRINTED" >"$HOME/text"',
})

const settings: Record<(typeof testedShells)[number], string[]> = {
  bash: [
    'IFS=,',
    'IFS=',
    'IFS=-',
    "IFS=' h'",
    'unset IFS',
    'set -f',
    'set -eu',
    'shopt -s nullglob failglob',
    'set -o posix',
    'export CDPATH=/',
  ],
  zsh: [
    'IFS=,',
    'IFS=',
    'IFS=-',
    "IFS=' h'",
    'setopt sh_word_split',
    'setopt null_glob',
    'setopt no_glob',
    'set -eu',
    'setopt ksh_arrays',
    'export CDPATH=/',
  ],
  fish: ['set -g IFS ,', "set -g IFS ''", 'set -g IFS -', 'set -gx CDPATH /'],
}

describe.each(testedShells)('[case 153] %s: nothing but assignments is evaluated', (shell) => {
  test.each(settings[shell])('%s', (setting) => {
    const run = { shell, leftSeconds: 3600, answer: { code: 0 }, after: setting } as const
    const help = runHookedShell({ ...run, lines: ['sesame-login --profile x --help', show] })
    expect(help.calls).toEqual([['sesame', 'login', '--help']])
    expect(help.stdout, 'nothing was evaluated').toMatch(/key=STS\.old\n$/)
    const good = runHookedShell({ ...run, lines: ['sesame-login --force "a b"', show] })
    expect(good.calls[0]?.slice(-2)).toEqual(['--force', 'a b'])
    expect(good.stdout).toBe('key=STS.new\n')
  })

  test.each([
    ['a help page', 'Usage: sesame login\n\n$(touch PWN); touch PWN\n'],
    ['JSON', '{"mode":"StsToken","x":"`touch PWN`"}\n'],
    ['a command behind assignments', 'export A=1\ntouch PWN\n'],
    ['a command in front of them', 'touch PWN\nexport A=1\n'],
  ])('%s is printed and not run', (_, text) => {
    const lines = ['sesame-login --format json; echo "code $status$?"', show]
    const printed = shell === 'fish' ? text.replace('export A=1', "set -gx A '1';") : text
    const fish = lines.map((line) => line.replace('$status$?', '$status'))
    const others = lines.map((line) => line.replace('$status$?', '$?'))
    const run = { shell, leftSeconds: 3600, answer: { code: 0 }, ...printing(printed) } as const
    const done = runHookedShell({ ...run, lines: shell === 'fish' ? fish : others })
    expect(done.file('work/PWN')).toBeUndefined()
    expect(done.stdout).toBe(`${printed}code 0\nkey=STS.old\n`)
  })

  test('the hook itself takes no other text either, and does not say "expired"', () => {
    const run = { shell, leftSeconds: -1, answer: { code: 0 }, ...printing('touch PWN\n') } as const
    const done = runHookedShell({ ...run, lines: [show] })
    expect(done.file('work/PWN')).toBeUndefined()
    expect(done.said).toEqual([
      'sesame: credentials of dev are unset, since sesame cannot renew them (exit code 126); see why with: sesame doctor --profile dev',
    ])
  })
})

describe.each(testedShells)(
  '[case 149] %s: sesame cannot be started, with an old Node.js or at all',
  (shell) => {
    test.each([2, 126, 127])('exit code %i: the hook says so, once, and never "expired"', (code) => {
      const early = runHookedShell({ shell, leftSeconds: 200, answer: { code }, lines: [':', ':', show] })
      const line = `sesame: credentials of dev are not renewed, since sesame fails (exit code ${code}); see why with: sesame doctor --profile dev`
      // Where there is no program yet, the credentials that are there still do.
      expect(early.said).toEqual(code === 127 ? [] : [line])
      expect(early.stdout).toBe('key=STS.old\n')
      const late = runHookedShell({ shell, leftSeconds: -1, answer: { code }, lines: [':', show] })
      expect(late.said).toEqual([
        `sesame: credentials of dev are unset, since sesame cannot renew them (exit code ${code}); see why with: sesame doctor --profile dev`,
      ])
      expect(late.stdout).toBe('key=\n')
      expect(`${early.stderr}${late.stderr}`).not.toContain('expired')
    })
  },
)
