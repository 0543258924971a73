import { describe, expect, test } from 'vitest'
import { hookSnippet } from '../../../src/cli/hook/hook-snippet.ts'
import { newSecret, oldSecret, runHookedShell, type TestedShell, testedShells } from './hooked-shell.ts'

const show = 'echo "profile=$SESAME_PROFILE key=$ALIBABA_CLOUD_ACCESS_KEY_ID"'
const status = (shell: TestedShell) => (shell === 'fish' ? 'echo "code $status"' : 'echo "code $?"')

const settings: Record<TestedShell, string[]> = {
  bash: [
    'IFS=0123456789',
    'IFS=',
    'set -f',
    'set -u',
    'shopt -s nullglob failglob',
    'set -o posix',
    'set -C',
    'set -a',
  ],
  zsh: [
    'IFS=0123456789',
    'IFS=',
    'set -u',
    'setopt ksh_arrays',
    'setopt sh_word_split',
    'setopt null_glob extended_glob',
    'setopt err_return',
    'setopt warn_create_global',
  ],
  fish: ['set -g IFS 0', "set -g IFS ''"],
}

describe.each(testedShells)('%s: use is for this shell', (shell) => {
  const run = { shell, leftSeconds: 3600, answer: { code: 0 } } as const
  const format = shell === 'fish' ? ['--format', 'fish'] : ['--env']

  test.each(['', ...settings[shell]])('its output is evaluated: %s', (after) => {
    const done = runHookedShell({
      ...run,
      after,
      lines: [`sesame --profile "a b" use -- 'prod 生产'`, status(shell), show],
    })
    expect(done.calls).toEqual([['sesame', '--profile', 'a b', 'use', ...format, '--', 'prod 生产']])
    expect(done.stdout).toBe('code 0\nprofile=dev key=STS.new\n')
    expect(done.stderr).not.toMatch(/_sesame|unbound|parameter not set/)
  })

  test.each([2, 130])('where it fails with %i nothing changes, and that is its exit code', (code) => {
    const done = runHookedShell({
      ...run,
      answer: { code },
      lines: [`sesame use nope; ${status(shell)}`, show],
    })
    expect(done.stdout).toBe(`code ${code}\nprofile=dev key=STS.old\n`)
  })

  test('only assignments are evaluated', () => {
    const done = runHookedShell({
      ...run,
      env: { PRINTED: 'touch PWN\n' },
      before: 'printf \'%s\' "$PRINTED" >"$HOME/text"',
      lines: ['sesame use dev', show],
    })
    expect(done.file('work/PWN')).toBeUndefined()
    expect(done.stdout).toBe('touch PWN\nprofile=dev key=STS.old\n')
  })

  test('a trace shows no secret, and goes on', () => {
    const trace = shell === 'fish' ? 'set -g fish_trace 1' : 'set -x'
    const { stdout, stderr } = runHookedShell({
      ...run,
      after: trace,
      lines: ['sesame use dev', 'echo traced'],
    })
    expect(stdout).toContain('traced')
    expect(stderr).toMatch(/echo traced/)
    for (const secret of [newSecret, oldSecret]) expect(stderr).not.toContain(secret)
  })

  test('an alias of another name uses it; `command sesame` does not', () => {
    const lines = ['s use dev', 'command sesame use dev', 'command sesame login --this-shell']
    const done = runHookedShell({ ...run, after: 'alias s=sesame', lines })
    expect(done.calls).toEqual([
      ['sesame', 'use', ...format, 'dev'],
      ['sesame', 'use', 'dev'],
      ['sesame', 'login', '--this-shell'],
    ])
  })

  test('an alias of this name stays what it is, and the snippet can be loaded again', () => {
    // In fish an alias is a function, and the last one counts.
    const alias = "alias sesame='command sesame --profile x'"
    const after = `source "$HOME/hook"\n${shell === 'fish' ? alias : ''}`
    const again = { ...run, before: alias, after }
    const done = runHookedShell({ ...again, lines: ['sesame use dev'] })
    expect(done.stderr).not.toMatch(/error|parse/)
    expect(done.calls.at(-1)?.slice(0, 4)).toEqual(['sesame', '--profile', 'x', 'use'])
  })
})

describe.each(testedShells)('%s: everything else goes to the program as it is', (shell) => {
  const run = { shell, leftSeconds: 3600, answer: { code: 0 } } as const

  test.each([
    [['exec', '--', 'sh', '-c', 'a  b', '', '*', "it's", '--env', 'use']],
    [['login', '--format', 'json']],
    [['login', '--format=fish', '--profile', 'x']],
    [['login', '--env']],
    [['use', '--help']],
    [['use', 'dev', '--env']],
    [['--help']],
    [['--profile', 'login', 'whoami']],
    [['--profile', 'use']],
    [['profile', 'use', 'dev']],
    [[]],
  ])('%j', (words) => {
    const quoted = words.map((word) => `"${word}"`).join(' ')
    const done = runHookedShell({ ...run, lines: [`sesame ${quoted} >/dev/null`, show] })
    expect(done.calls).toEqual([['sesame', ...words]])
    expect(done.stdout).toBe('profile=dev key=STS.old\n')
  })

  test('a login into a pipe, a substitution or a file', () => {
    const captured = shell === 'fish' ? 'set text (sesame login)' : 'text=$(sesame login)'
    const reader = shell === 'fish' ? 'while read x; end' : 'while read -r x; do :; done'
    const lines = [`sesame login --profile x | ${reader}`, captured, 'sesame login >out', show]
    const done = runHookedShell({ ...run, lines })
    expect(done.calls).toEqual([
      ['sesame', 'login', '--profile', 'x'],
      ['sesame', 'login'],
      ['sesame', 'login'],
    ])
    expect(done.stdout).toBe('profile=dev key=STS.old\n')
  })

  test('exit code and standard input', () => {
    const lines = [`echo typed | sesame credentials >/dev/null; ${status(shell)}`]
    const done = runHookedShell({ ...run, answer: { code: 7 }, lines })
    expect(done.stdout).toBe('code 7\n')
    expect(done.file('stdin')).toBe('typed')
  })
})

describe('[case 153] set -e', () => {
  test.each(['bash', 'zsh'] as const)(
    '%s: a command that fails ends the shell as it would without the hook',
    (shell) => {
      const lines = ['echo before', 'sesame whoami >/dev/null', 'echo after']
      const done = runHookedShell({ shell, answer: { code: 5 }, after: 'set -e', lines })
      expect(done.stdout).toBe('before\n')
      const tested = [
        'if sesame whoami >/dev/null; then :; else echo "else $?"; fi',
        'sesame use x || echo "or $?"',
      ]
      expect(runHookedShell({ shell, answer: { code: 5 }, after: 'set -e', lines: tested }).stdout).toBe(
        'else 5\nor 5\n',
      )
    },
  )
})

describe('powershell', () => {
  const snippet = hookSnippet('powershell')

  test('use and login are evaluated; what is piped, redirected or formatted is passed on', () => {
    expect(snippet).toContain('function global:sesame {')
    expect(snippet).toContain('$output = & $program @before @options @after | Out-String')
    expect(snippet).toContain(
      'if ($MyInvocation.ExpectingInput) { $input | & $program @words } else { & $program @words }',
    )
    expect(snippet).toContain('[Console]::IsOutputRedirected')
    expect(snippet).toContain('$MyInvocation.PipelinePosition -lt $MyInvocation.PipelineLength')
  })

  test('the program is found past the function of its name', () => {
    expect(snippet).toContain('Get-Command -Name sesame -CommandType Application, ExternalScript')
  })
})
