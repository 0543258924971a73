import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sdk, terraform } from '../../src/integrations/recipes.ts'
import { type Recipe, wrapperScript } from '../../src/integrations/wrapper-script.ts'
import { spawnSync } from '../support/run-sync.ts'

/** Runs a wrapper script under a shell, and returns the words that sesame got. */
function wordsUnder(shell: string, recipe: Recipe, words: readonly string[], env: Record<string, string>) {
  const home = mkdtempSync(join(tmpdir(), 'sesame-wrapper-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  const bin = join(home, "it's a bin, with *")
  mkdirSync(bin)
  const sesame = join(bin, 'sesame')
  const record = join(home, 'words')
  writeFileSync(sesame, `#!/bin/sh\nprintf '%s\\0' "$@" >'${record}'\n`)
  chmodSync(sesame, 0o755)
  const script = join(home, 'wrapper.sh')
  writeFileSync(script, wrapperScript(recipe, { profile: 'my dev', sesame: [sesame] }, 'linux'))
  const { status, stdout, stderr } = spawnSync(shell, [script, ...words], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', ...env },
  })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  return readFileSync(record, 'utf8').split('\0').slice(0, -1)
}

const given = ['plan', '-var', 'a=b c', '', '*', "it's", '$HOME', '--help', 'x,y']

describe.each(['bash', 'dash', 'zsh', 'ksh'])('[case 153] a wrapper script under %s', (shell) => {
  test.each([{}, { IFS: ',' }, { IFS: '' }, { IFS: '-' }, { CDPATH: '/' }, { ENV: '/nonexistent' }])(
    'hands every word on as it is: %j',
    (env) => {
      expect(wordsUnder(shell, terraform, given, env)).toEqual([
        ...['exec', '--profile', 'my dev', '--', 'terraform'],
        ...given,
      ])
      expect(wordsUnder(shell, sdk, given, env)).toEqual([
        'exec',
        '--profile',
        'my dev',
        '--server',
        '--',
        ...given,
      ])
    },
  )
})
