import { describe, expect, test } from 'vitest'
import { runHookedShell, type TestedShell } from './hooked-shell.ts'

/** Every way through the hook: nothing to do, good, renewed, reported, unset. */
const ways = [
  { answer: { code: 0 } },
  { leftSeconds: 3600, answer: { code: 0 } },
  { leftSeconds: 100, answer: { code: 0 } },
  { leftSeconds: 100, answer: { code: 3 } },
  { leftSeconds: -1, answer: { code: 3 } },
]

describe.each(ways)('the status of the last command, with %o', (way) => {
  // The way is taken before the first line; each later prompt looks again.
  test('bash keeps $?, PIPESTATUS, $_ and BASH_REMATCH', () => {
    const lines = [
      '(exit 3) | (exit 4) | (exit 5)',
      `echo "\${PIPESTATUS[*]}"`,
      '(exit 7)',
      'echo "$?"',
      '[[ abc =~ b ]]',
      'echo "$BASH_REMATCH"',
      ': last',
      'echo "$_"',
    ]
    expect(runHookedShell({ shell: 'bash', ...way, lines }).stdout).toBe('3 4 5\n7\nb\nlast\n')
  })

  test('zsh keeps $? and pipestatus', () => {
    const lines = ['(exit 3) | (exit 4) | (exit 5)', 'echo "$pipestatus"', '(exit 7)', 'echo "$?"']
    expect(runHookedShell({ shell: 'zsh', ...way, lines }).stdout).toBe('3 4 5\n7\n')
  })
})

describe('bash: what is in PROMPT_COMMAND already', () => {
  const seen = `seen="$? \${PIPESTATUS[*]}"`
  const lines = ['(exit 3) | (exit 4)', 'echo "$seen"']
  const own = (before: string, after = '') =>
    runHookedShell({ shell: 'bash', leftSeconds: 100, answer: { code: 6 }, before, after, lines })

  test.each([
    ['a command', `PROMPT_COMMAND='${seen}'`],
    ['a command with a semicolon', `PROMPT_COMMAND='${seen}; '`],
    ['a comment at its end', `PROMPT_COMMAND='${seen} # done'`],
    ['several lines', `PROMPT_COMMAND='${seen}\n:\n'`],
    ['a list', `PROMPT_COMMAND=('${seen}' ':')`],
    ['a list of one', `PROMPT_COMMAND=('${seen}')`],
  ])('%s runs as before', (_, before) => {
    const { stdout, stderr, calls } = own(before)
    expect({ stdout, calls: calls.length }).toEqual({ stdout: '4 3 4\n', calls: 1 })
    expect(stderr).not.toContain('syntax')
  })

  test('one that comes later finds the status too', () => {
    const { stdout, calls } = own('', `PROMPT_COMMAND="$PROMPT_COMMAND; seen=\\$?"`)
    expect({ stdout, calls: calls.length }).toEqual({ stdout: '4\n', calls: 1 })
  })

  test('the prompt itself shows the status', () => {
    const { stderr } = own('', "PS1='<$?>'")
    expect(stderr).toContain('<4>')
  })
})

test('zsh: other functions before a prompt run as before, with the status', () => {
  const before = 'mine() { seen="$? $pipestatus" }; precmd_functions=(mine)'
  const after = 'theirs() { also=$? }; precmd_functions+=(theirs)'
  const lines = ['(exit 3) | (exit 4)', 'echo "$seen, $also"', 'echo $precmd_functions']
  const { stdout } = runHookedShell({
    shell: 'zsh',
    leftSeconds: 100,
    answer: { code: 6 },
    before,
    after,
    lines,
  })
  expect(stdout).toBe('4 3 4, 4\nmine _sesame_hook theirs\n')
})

describe('loaded twice, it looks once', () => {
  const again: [TestedShell, string, string][] = [
    ['bash', 'source "$HOME/hook"', '_sesame_hook_next=0'],
    ['bash', 'PROMPT_COMMAND=("$PROMPT_COMMAND" :); source "$HOME/hook"', '_sesame_hook_next=0'],
    ['zsh', 'source "$HOME/hook"', '_sesame_hook_next=0'],
    ['fish', 'source "$HOME/hook"', 'set -g _sesame_hook_next 0'],
  ]
  test.each(again)('%s: %s', (shell, after, skip) => {
    // Each attempt takes the wait away again, so that a second look would be a second attempt.
    const change = (snippet: string) =>
      snippet.replace(
        /^_sesame_hook_clock\(\) \{|^ {2}_sesame_hook_clock\(\) \{|function _sesame_hook_clock$/gm,
        (line) => `${line}\n${skip}\n`,
      )
    const { calls } = runHookedShell({
      shell,
      leftSeconds: 100,
      answer: { code: 6 },
      after,
      change,
      lines: [':', ':'],
    })
    expect(calls).toHaveLength(3)
  })
})
