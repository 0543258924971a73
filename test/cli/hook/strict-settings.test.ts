import { describe, expect, test } from 'vitest'
import { hookSnippet } from '../../../src/cli/hook/hook-snippet.ts'
import { credentialVariableNames } from '../../../src/output/index.ts'
import { newSecret, oldSecret, runHookedShell, testedShells } from './hooked-shell.ts'

const secrets = new RegExp(`${newSecret}|${oldSecret}`.replaceAll('+', '\\+'))
const failing = [
  { leftSeconds: 3600, answer: { code: 0 } },
  { leftSeconds: 100, answer: { code: 3 } },
  { leftSeconds: 20, answer: { code: 6 } },
  { leftSeconds: -1, answer: { code: 3 } },
  { leftSeconds: -1, answer: { code: 0 } },
  { answer: { code: 3 } },
]

describe.each(['bash', 'zsh'] as const)('%s with strict settings', (shell) => {
  test.each(failing)('set -eu, before and after the hook is loaded: %o', (input) => {
    for (const when of ['before', 'after']) {
      const lines = [':', '! true', 'echo "alive $?"']
      const { stdout, stderr } = runHookedShell({ shell, ...input, [when]: 'set -eu', lines })
      expect(stdout).toBe('alive 1\n')
      expect(stderr).not.toMatch(/unbound|parameter not set/)
    }
  })

  test.each(['alias printf=false', 'IFS=0123456789', 'set -C', 'set -a', 'set -f'])('%s', (setting) => {
    const lines = ['echo "$ALIBABA_CLOUD_ACCESS_KEY_ID"']
    const hook = { shell, leftSeconds: 100, answer: { code: 0 }, lines }
    const { stdout, calls } = runHookedShell({ ...hook, after: setting })
    expect({ stdout, calls: calls.length }).toEqual({ stdout: 'STS.new\n', calls: 1 })
  })
})

describe('zsh options of all kinds', () => {
  const options =
    'ksh_arrays sh_word_split null_glob extended_glob no_unset err_return warn_create_global octal_zeroes'
  test.each(options.split(' '))('%s', (option) => {
    const lines = ['echo "$ALIBABA_CLOUD_ACCESS_KEY_ID"']
    for (const when of ['before', 'after']) {
      const hook = { shell: 'zsh' as const, leftSeconds: 100, answer: { code: 0 }, lines }
      const { stdout, stderr, calls } = runHookedShell({ ...hook, [when]: `setopt ${option}` })
      expect({ stdout, calls: calls.length }).toEqual({ stdout: 'STS.new\n', calls: 1 })
      expect(stderr).not.toMatch(/_sesame/)
    }
  })
})

describe.each(testedShells)('%s keeps secrets to itself', (shell) => {
  const hook = { shell, leftSeconds: 100, answer: { code: 0 } }

  test('a trace shows none', () => {
    const trace = shell === 'fish' ? 'set -g fish_trace 1' : 'set -x'
    const { stderr, calls } = runHookedShell({ ...hook, after: trace, lines: ['echo traced'] })
    expect(calls).toHaveLength(1)
    expect(stderr).toContain('traced')
    expect(stderr).not.toMatch(secrets)
  })

  test('no variable but the usual ones holds one', () => {
    const { stdout } = runHookedShell({ ...hook, lines: [':', 'set'] })
    const holders = stdout.split('\n').filter((line) => secrets.test(line))
    expect(holders.length).toBeGreaterThan(3)
    for (const line of holders) expect(credentialVariableNames).toContain(line.split(/[= ]/)[0])
  })
})

test('no snippet writes to a file, opens a browser or asks', () => {
  for (const shell of [...testedShells, 'powershell'] as const) {
    const text = hookSnippet(shell)
    expect(text).not.toMatch(/>\s*(?!&2|\/dev\/null|\$null)[\w"$/]+\S*$/m)
    expect(text).not.toMatch(/\b(?:read -|Read-Host|xdg-open|open )/)
  }
})
