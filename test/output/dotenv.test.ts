import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dotenvLine } from '../../src/output/dotenv.ts'
import { formatCredentials } from '../../src/output/index.ts'
import { spawnSync } from '../support/run-sync.ts'
import { hostileText, numbered, safeWord, valuesOf } from './hostile-text.ts'
import { sampleCredentials, sampleEnvironment, staleEnvironment } from './sample-credentials.ts'
import { posixShells, runInShell } from './shells.ts'

/** The variables that Node reads out of a dotenv file. */
function readByNode(text: string): Record<string, string> {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-dotenv-'))
  try {
    const file = join(directory, '.env')
    writeFileSync(file, text)
    const printEnvironment = 'process.stdout.write(JSON.stringify(process.env))'
    const run = spawnSync(process.execPath, [`--env-file=${file}`, '-e', printEnvironment], { env: {} })
    return JSON.parse(run.stdout.toString())
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

describe('dotenv', () => {
  test('NAME=value without quotes and without export', () => {
    expect(dotenvLine('A', 'aZ0_./+=:@%,-')).toBe('A=aZ0_./+=:@%,-\n')
  })

  test('letters of any script are carried', () => {
    expect(dotenvLine('SESAME_PROFILE', '开发-é')).toBe('SESAME_PROFILE=开发-é\n')
    expect(readByNode(dotenvLine('SESAME_PROFILE', '开发-é'))).toEqual({ SESAME_PROFILE: '开发-é' })
  })

  test('whatever some reader would take otherwise is refused, without showing it (P)', () => {
    fc.assert(
      fc.property(hostileText, (value) => {
        fc.pre(!/^[\p{L}\p{N}_./+=:@%,-]+$/u.test(value))
        expect(() => dotenvLine('SESAME_PROFILE', value)).toThrow(
          expect.objectContaining({
            code: 'ERR_UNSAFE_OUTPUT',
            message: 'The format dotenv cannot carry the value of SESAME_PROFILE.',
          }),
        )
      }),
    )
  })

  test('Node reads every value it carries (P)', () => {
    fc.assert(
      fc.property(fc.array(safeWord, { minLength: 100 }), (words) => {
        const values = words.filter((word) => !/(?:^|:)=/.test(word))
        const text = numbered(values)
          .map(([name, value]) => dotenvLine(name, value))
          .join('')
        expect(valuesOf(readByNode(text), values.length)).toEqual(values)
      }),
      { numRuns: 3 },
    )
  })

  test.each(posixShells)('[case 52] $name can source it', ({ shell, prelude }) => {
    const printed = formatCredentials('dotenv', sampleCredentials(), { profile: 'dev' })
    const script = `${prelude}set -a; . "$HOME/printed"; env -0`
    const run = runInShell({ shell, script, printed, env: staleEnvironment })
    expect(run.environment).toMatchObject(sampleEnvironment)
    expect(readByNode(printed)).toMatchObject(sampleEnvironment)
  })
})
