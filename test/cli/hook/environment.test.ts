import { describe, expect, test } from 'vitest'
import { hookSnippet } from '../../../src/cli/hook/hook-snippet.ts'
import { runHookedShell, testedShells } from './hooked-shell.ts'

const command = 'x[$(touch "$HOME/pwned")]'
const words = (shell: (typeof testedShells)[number]) => [
  ...new Set(hookSnippet(shell).match(/\b_sesame_hook_\w+/g) ?? []),
]

describe.each(testedShells)('[case 120] %s', (shell) => {
  test('runs nothing that stands in a variable of the hook when the shell starts', () => {
    const names = words(shell)
    expect(names.length).toBeGreaterThan(4)
    for (const old of [false, true]) {
      const { file, calls } = runHookedShell({
        shell,
        lines: [':', ':', ':'],
        leftSeconds: 100,
        env: Object.fromEntries(names.map((name) => [name, command])),
        // What bash before 4.2 does.
        ...(old && shell === 'bash' && { change: (text: string) => text.replace('>= 402', '>= 999') }),
      })
      expect(file('pwned')).toBeUndefined()
      // It is in charge all the same: what expires soon is renewed.
      expect(calls.length).toBeGreaterThan(0)
    }
  })
})
