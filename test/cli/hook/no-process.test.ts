import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { locate, runHookedShell, testedShells } from './hooked-shell.ts'

const strace = (home: string) => [
  locate('strace'),
  '-f',
  '-qq',
  '-e',
  'trace=execve,execveat,fork,vfork,clone,clone3',
  '-o',
  join(home, 'strace'),
]

/** Processes that were started: threads are none, and the first execve is the shell itself. */
function started(trace: string | undefined): string[] {
  const lines = (trace ?? '').split('\n').filter((line) => /\b(?:exec|fork|vfork|clone)/.test(line))
  return lines.slice(1).filter((line) => !line.includes('CLONE_THREAD') && !line.includes('resumed>'))
}

describe.each(testedShells)('%s', (shell) => {
  const lines = [':', ':', ':', ':']

  test.each([
    ['good', 3600],
    ['absent', undefined],
  ])('starts no process while the credentials are %s', (_, leftSeconds) => {
    const { file, calls, dates } = runHookedShell({ shell, leftSeconds, lines, runBy: strace })
    expect(file('strace')).toMatch(/execve\(/)
    expect(started(file('strace'))).toEqual([])
    expect({ calls, dates }).toEqual({ calls: [], dates: 0 })
  })

  test('which strace would have seen', () => {
    const { file } = runHookedShell({ shell, leftSeconds: 100, answer: { code: 6 }, lines, runBy: strace })
    expect(started(file('strace')).join('\n')).toContain('sesame')
  })
})

describe('a shell without a clock of its own', () => {
  const oldBash = (snippet: string) => snippet.replace('>= 402', '>= 999902')

  test('bash before 4.2 asks date once, and again when SECONDS was set back', () => {
    const bash = { shell: 'bash' as const, leftSeconds: 3600, change: oldBash }
    expect(runHookedShell({ ...bash, lines: [':', ':', ':'] }).dates).toBe(1)
    expect(runHookedShell({ ...bash, lines: [':', 'SECONDS=-5', ':'] }).dates).toBe(2)
    expect(runHookedShell({ ...bash, lines: ['unset SECONDS', ':'] }).stderr).not.toMatch(/_sesame|syntax/)
  })

  test('bash before 4.2 renews and unsets all the same', () => {
    const bash = { shell: 'bash' as const, change: oldBash, before: 'set -eu' }
    const near = runHookedShell({
      ...bash,
      leftSeconds: 100,
      answer: { code: 0 },
      lines: ['echo "$OSS_ACCESS_KEY_ID"'],
    })
    expect(near.stdout).toBe('STS.new\n')
    const expired = runHookedShell({ ...bash, leftSeconds: -1, lines: [`echo "\${OSS_ACCESS_KEY_ID-none}"`] })
    expect({ stdout: expired.stdout, said: expired.said.length }).toEqual({ stdout: 'none\n', said: 1 })
  })

  test('fish before 3.5 asks date before each prompt', () => {
    const change = (snippet: string) => snippet.replace('builtin -q path', 'false')
    const { dates, calls } = runHookedShell({ shell: 'fish', leftSeconds: 3600, change, lines: [':', ':'] })
    expect({ dates, calls }).toEqual({ dates: 3, calls: [] })
    expect(runHookedShell({ shell: 'fish', leftSeconds: 100, change, lines: [':'] }).calls).toHaveLength(1)
  })
})
