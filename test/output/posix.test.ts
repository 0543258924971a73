import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCredentials, formatFailure, formatUnset } from '../../src/output/index.ts'
import { posix } from '../../src/output/posix.ts'
import { hostileText, numbered, safeWord, valuesOf } from './hostile-text.ts'
import {
  credentialsIn,
  sampleCredentials,
  sampleEnvironment,
  staleEnvironment,
} from './sample-credentials.ts'
import { isInstalled, posixShells, runInShell } from './shells.ts'

const sample = formatCredentials('env', sampleCredentials(), { profile: 'dev' })

function assignments(values: readonly string[]): string {
  return numbered(values)
    .map(([name, value]) => posix.assign(name, value))
    .join('')
}

test('safe values stay bare, everything else is quoted', () => {
  expect(posix.assign('A', 'aZ0_./+=:@%,-')).toBe('export A=aZ0_./+=:@%,-\n')
  expect(posix.assign('A', 'my dev')).toBe("export A='my dev'\n")
  expect(posix.assign('A', "o'brien")).toBe("export A='o'\\''brien'\n")
  expect(posix.assign('A', "''")).toBe("export A=\\'\\'\n")
})

test('what zsh would take for the path of a program is quoted', () => {
  expect(posix.assign('A', '=ls')).toBe("export A='=ls'\n")
  expect(posix.assign('A', 'x:=ls')).toBe("export A='x:=ls'\n")
})

test('the lines are the ones that acs-sso users have in their scripts', () => {
  expect(sample.split('\n')[0]).toBe('export ALIBABA_CLOUD_ACCESS_KEY_ID=STS.NTxxSampleId')
  expect(sample).toMatch(/^(?:export [A-Z_]+=[^\n' ]+\n){21}$/)
})

describe.each(posixShells)('$name', ({ shell, prelude }) => {
  test.each(['C.UTF-8', 'C'])(
    '[case 48] any value arrives byte for byte and runs nothing (P, locale %s)',
    (locale) => {
      fc.assert(
        fc.property(fc.array(hostileText, { minLength: 80, maxLength: 120 }), (values) => {
          const run = runInShell({
            shell,
            script: `${prelude}eval "$(sesame)" && env -0`,
            printed: assignments(values),
            env: { LC_ALL: locale },
          })
          expect(run.stderr).toBe('')
          expect(valuesOf(run.environment, values.length)).toEqual(values)
          expect(run.files).toEqual([])
        }),
        { numRuns: 10 },
      )
    },
  )

  test.each(['`sesame`', 'eval $(sesame)', 'eval `sesame`'])(
    '%s sets values of the safe alphabet (P)',
    (use) => {
      fc.assert(
        fc.property(fc.array(safeWord, { minLength: 50, maxLength: 100 }), (words) => {
          const values = words.filter((word) => !/(?:^|:)=/.test(word))
          const run = runInShell({
            shell,
            script: `${prelude}${use} && env -0`,
            printed: assignments(values),
          })
          expect(run.stderr).toBe('')
          expect(valuesOf(run.environment, values.length)).toEqual(values)
          expect(run.files).toEqual([])
        }),
        { numRuns: 4 },
      )
    },
  )

  test.each(['eval "$(sesame)"', '`sesame`'])('[case 52] %s replaces every key of another profile', (use) => {
    const run = runInShell({
      shell,
      script: `${prelude}${use}; env -0`,
      printed: sample,
      env: staleEnvironment,
    })
    expect(credentialsIn(run.environment)).toEqual(sampleEnvironment)
  })

  test('a profile name that needs quotes breaks only itself in the unquoted form', () => {
    const printed = formatCredentials('env', sampleCredentials(), { profile: 'my dev' })
    const quoted = runInShell({ shell, script: `${prelude}eval "$(sesame)"; env -0`, printed })
    expect(credentialsIn(quoted.environment)).toEqual({ ...sampleEnvironment, SESAME_PROFILE: 'my dev' })
    const unquoted = runInShell({ shell, script: `${prelude}\`sesame\`; echo survived`, printed })
    expect(unquoted.stderr).toContain("dev'")
    expect(unquoted.files).toEqual([])
  })

  test.each(['eval "$(sesame)"', 'eval $(sesame)'])(
    '[case 49] after a failure %s is false and no key stays behind',
    (use) => {
      const run = runInShell({
        shell,
        script: `${prelude}${use}; printf 'STATUS=%s\\0' "$?"; env -0`,
        printed: formatFailure('env'),
        env: { ...staleEnvironment, KEPT: 'yes' },
      })
      expect(run.stderr).toBe('')
      expect(run.environment).toMatchObject({ STATUS: '1', KEPT: 'yes' })
      expect(credentialsIn(run.environment)).toEqual({})
    },
  )

  test('a failure ends a script under set -e, and can be answered with ||', () => {
    const printed = formatFailure('env')
    const ended = runInShell({ shell, script: `${prelude}set -e; eval "$(sesame)"; echo on`, printed })
    expect(ended).toMatchObject({ status: 1, stdout: '' })
    const answered = runInShell({
      shell,
      script: `${prelude}set -eu; eval "$(sesame)" || echo answered`,
      printed,
    })
    expect(answered).toMatchObject({ status: 0, stdout: 'answered\n', stderr: '' })
  })

  test('after a failure the unquoted form is false as well, and leaves no key', () => {
    const printed = formatFailure('env')
    expect(runInShell({ shell, script: `${prelude}\`sesame\``, printed }).status).not.toBe(0)
    const run = runInShell({
      shell: [...shell, '-i'],
      script: `${prelude}\`sesame\`\nprintf 'STATUS=%s\\0' "$?"; env -0`,
      printed,
      env: staleEnvironment,
    })
    // A wrong name given to unset ends dash and zsh where they run a script: even then nothing is left.
    expect(run.status === 0 ? run.environment.STATUS : run.status).not.toBe('0')
    expect(credentialsIn(run.environment)).toEqual({})
  })

  test('an interactive shell outlives a failure in every form', () => {
    const run = runInShell({
      shell: [...shell, '-i'],
      script: `${prelude}eval "$(sesame)"\necho first\neval "$(sesame)"\necho second`,
      printed: formatFailure('env'),
    })
    expect(run.stdout).toBe('first\nsecond\n')
  })

  test('[case 51] unset clears every variable that env sets, and succeeds', () => {
    const run = runInShell({
      shell,
      script: `${prelude}set -eu; eval "$(sesame)"; eval "$(sesame)"; env -0`,
      printed: formatUnset('env'),
      env: { ...sampleEnvironment, KEPT: 'yes' },
    })
    expect(run.status).toBe(0)
    expect(run.environment.KEPT).toBe('yes')
    expect(credentialsIn(run.environment)).toEqual({})
  })
})

test.skipIf(!isInstalled('tcsh'))(
  '[case 48] tcsh understands no export: nothing is set and nothing else runs',
  () => {
    const printed = formatCredentials('env', sampleCredentials(), { profile: "';touch PWN;`touch PWN`" })
    const run = runInShell({ shell: ['tcsh', '-f'], script: 'eval "`sesame`"; env', printed })
    expect(run.stderr).toContain('export: Command not found')
    expect(run.stdout).not.toContain('STS.NTxxSampleId')
    expect(run.files).toEqual([])
  },
)
