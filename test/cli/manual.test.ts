import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadAllCommands } from '../../src/cli/commands.ts'
import { environmentVariables } from '../../src/cli/environment-variables.ts'
import { exitCodeOf, exitCodes } from '../../src/cli/exit-codes.ts'
import { formatManual } from '../../src/cli/manual.ts'
import { releasedOn, version } from '../../src/kit/index.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { spawnSync } from '../support/run-sync.ts'
import { runSesame } from '../support/sesame.ts'

runCommandsHere()

const root = join(import.meta.dirname, '..', '..')
const work = mkdtempSync(join(tmpdir(), 'sesame-manual-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))
const commands = await loadAllCommands()
const manual = formatManual(commands)
const path = join(work, 'sesame.1')
writeFileSync(path, manual)

function run(program: string, ...words: string[]) {
  const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', MANWIDTH: '1000', MANPAGER: 'cat' }
  return spawnSync(program, words, { encoding: 'utf8', env })
}
const isThere = (program: string) => run(program, '--version').error === undefined

describe('the man page', () => {
  test('has every command with its options and examples', () => {
    const flat = manual.replaceAll('\\-', '-')
    for (const command of commands)
      for (const each of [command, ...(command.subcommands ?? [])]) {
        const name = each === command ? command.name : `${command.name} ${each.name}`
        const section = flat.split(`.SS "sesame ${name}"\n`)[1]?.split(/^\.S[SH] /m)[0] ?? ''
        for (const option of each.options) expect(section, name).toContain(`.BI "--${option.name}"`)
        expect(section.match(/^\.EX$/gm), name).toHaveLength(1)
      }
  })

  test('has the sections that a reader looks for, variables and exit codes complete', () => {
    expect([...manual.matchAll(/^\.SH (.*)$/gm)].map(([, title]) => title)).toEqual([
      ...[
        'NAME',
        'SYNOPSIS',
        'DESCRIPTION',
        'COMMANDS',
        'ENVIRONMENT',
        'FILES',
        'EXIT STATUS',
        'EXAMPLES',
        'SEE ALSO',
      ],
    ])
    expect(manual).toMatch(`.TH SESAME 1 ${releasedOn} "sesame ${version}" "User Commands"\n`)
    for (const name of environmentVariables.flatMap(({ names }) => names)) expect(manual).toContain(name)
    const status = manual.split('.SH EXIT STATUS')[1] ?? ''
    for (const code of new Set([...Object.values(exitCodes), ...Object.values(exitCodeOf)]))
      expect(status).toMatch(new RegExp(`^\\.B ".*\\b${code}\\b.*"$`, 'm'))
  })

  test.skipIf(!isThere('mandoc'))('mandoc finds nothing to say', () => {
    const { stdout, status } = run('mandoc', '-T', 'lint', '-W', 'style', path)
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
  })

  test.skipIf(!isThere('groff'))('groff finds nothing to say', () => {
    const { stderr, status } = run('groff', '-man', '-ww', '-Tutf8', path)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  })

  test.skipIf(!isThere('man'))('man shows what is typed as it is typed', () => {
    const { stdout, stderr, status } = run('man', '--warnings=w', '--no-hyphenation', '-l', path)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    const shown = stdout.replaceAll(/.\x08/g, '').replaceAll(/\x1b\[[\d;]*m/g, '')
    for (const example of commands
      .flatMap(({ examples = [] }) => examples)
      .flatMap((each) => each.split('\n')))
      expect(shown).toContain(example)
    for (const text of [
      'exec [-- COMMAND …] [OPTIONS]',
      '--account-id ACCOUNT',
      '~/.config/sesame/config.json',
    ])
      expect(shown).toContain(text)
  })
})

test('sesame help --man prints it, the build writes it, the package names it', async () => {
  const { stdout, stderr, code } = await runSesame(['help', '--man'], { home: work, cwd: work })
  expect({ stdout, stderr, code }).toEqual({ stdout: manual, stderr: '', code: 0 })
  expect((await runSesame(['help', '--man', 'login'], { home: work, cwd: work })).code).toBe(2)
  const { man } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  // A list: npm links no other.
  expect(man).toEqual(['dist/sesame.1'])
  expect(readFileSync(join(root, man[0]), 'utf8')).toBe(manual)
})
