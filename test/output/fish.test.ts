import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fish } from '../../src/output/fish.ts'
import { formatCredentials, formatFailure, formatUnset } from '../../src/output/index.ts'
import { hostileText, numbered, valuesOf } from './hostile-text.ts'
import {
  credentialsIn,
  sampleCredentials,
  sampleEnvironment,
  staleEnvironment,
} from './sample-credentials.ts'
import { isInstalled, runInShell } from './shells.ts'

const shell = ['fish', '--no-config']

test('a line is one statement that also survives being joined', () => {
  expect(fish.assign('A', `it's \\`)).toBe("set -gx A 'it\\'s \\\\';\n")
})

describe.skipIf(!isInstalled('fish')).each(['sesame | source', 'eval (sesame)'])('fish: %s', (use) => {
  test.each(['C.UTF-8', 'C'])(
    '[case 48] any value arrives byte for byte and runs nothing (P, locale %s)',
    (locale) => {
      fc.assert(
        fc.property(fc.array(hostileText, { minLength: 80, maxLength: 120 }), (values) => {
          const printed = numbered(values)
            .map(([name, value]) => fish.assign(name, value))
            .join('')
          const run = runInShell({ shell, script: `${use}; and env -0`, printed, env: { LC_ALL: locale } })
          expect(run.stderr).toBe('')
          expect(valuesOf(run.environment, values.length)).toEqual(values)
          expect(run.files).toEqual([])
        }),
        { numRuns: 5 },
      )
    },
  )

  test('[case 52] every key of another profile is replaced', () => {
    const printed = formatCredentials('fish', sampleCredentials(), { profile: 'dev' })
    const run = runInShell({ shell, script: `${use}; env -0`, printed, env: staleEnvironment })
    expect(credentialsIn(run.environment)).toEqual(sampleEnvironment)
  })

  test('[case 49] after a failure the status is 1 and no key stays behind', () => {
    const run = runInShell({
      shell,
      script: `${use}; printf 'STATUS=%s\\0' $status; env -0`,
      printed: formatFailure('fish'),
      env: { ALIBABA_CLOUD_ACCESS_KEY_ID: 'stale', SESAME_PROFILE: 'stale', KEPT: 'yes' },
    })
    expect(run.stderr).toBe('')
    expect(run.environment).toMatchObject({ STATUS: '1', KEPT: 'yes' })
    expect(credentialsIn(run.environment)).toEqual({})
  })

  test('[case 51] unset clears every variable that the format sets, and succeeds', () => {
    const run = runInShell({
      shell,
      script: `${use}; and ${use}; and env -0`,
      printed: formatUnset('fish'),
      env: { ...sampleEnvironment, KEPT: 'yes' },
    })
    expect(run.environment.KEPT).toBe('yes')
    expect(credentialsIn(run.environment)).toEqual({})
  })
})
