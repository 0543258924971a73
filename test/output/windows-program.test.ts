import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultShell } from '../../src/output/default-shell.ts'
import { runChild } from '../../src/output/run-child.ts'
import { findWindowsProgram } from '../../src/output/windows-program.ts'

/*
 * The rules of Windows, with files of this system: `;` between the entries of Path, names without case, endings that decide. What
 * Windows itself does with the command line is written down as that line.
 */

let directory: string
let cwd: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'windows-'))
  cwd = process.cwd()
})
afterEach(() => {
  process.chdir(cwd)
  rmSync(directory, { recursive: true, force: true })
})

function file(...names: string[]): string {
  const path = join(directory, ...names)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, '')
  chmodSync(path, 0o755)
  return path
}

const env = (...entries: string[]) => ({
  Path: entries.map((entry) => join(directory, entry)).join(';'),
  PathExt: '.COM;.EXE;.BAT;.CMD;.JS',
  SYSTEMROOT: 'D:\\Windows',
})
const find = (command: string, words: string[] = [], on: Record<string, string> = env('a', 'b')) =>
  findWindowsProgram(command, words, on)
const cmd = 'D:\\Windows\\System32\\cmd.exe'

describe('[case 184] where a program of Windows is', () => {
  test('along Path and PATHEXT, the first directory first', () => {
    const npm = file('a', 'npm.cmd')
    file('a', 'npm')
    file('b', 'npm.exe')
    expect(find('npm')).toMatchObject({ kind: 'start', file: cmd, verbatim: true })
    expect(find('npm', ['run'])).toMatchObject({
      words: ['/d', '/e:on', '/v:off', '/s', '/c', `""${npm}" "run""`],
    })
    const exe = file('b', 'terraform.exe')
    expect(find('terraform', ['plan', 'a b'])).toEqual({
      kind: 'start',
      file: exe,
      words: ['plan', 'a b'],
      verbatim: false,
    })
    expect(find('terraform.exe')).toMatchObject({ file: exe })
  })

  test('without PATHEXT, programs and batch files', () => {
    const bat = file('a', 'x.bat')
    expect(find('x', [], { PATH: join(directory, 'a') })).toMatchObject({
      file: 'C:\\Windows\\System32\\cmd.exe',
      words: expect.arrayContaining([`""${bat}""`]),
    })
  })

  test('never the current directory, by name; by path it is what is meant', () => {
    file('here', 'evil.exe')
    process.chdir(join(directory, 'here'))
    for (const entries of [env('a'), { Path: '.' }, { Path: ';' }, {}])
      expect(find('evil', [], entries as Record<string, string>)).toMatchObject({
        kind: 'not-runnable',
        reason: expect.stringContaining('.\\evil'),
      })
    expect(find('./evil')).toMatchObject({ kind: 'start', file: './evil.exe' })
  })

  test('what is nothing, a directory, or no program', () => {
    mkdirSync(join(directory, 'folder'))
    const text = file('a', 'notes')
    expect(find('nothing')).toEqual({ kind: 'not-found' })
    expect(find(join(directory, 'nothing.exe'))).toEqual({ kind: 'not-found' })
    expect(find(join(directory, 'folder'))).toEqual({ kind: 'not-runnable', reason: 'it is a directory' })
    expect(find('notes')).toEqual({ kind: 'not-found' })
    expect(find(text)).toMatchObject({ kind: 'not-runnable', reason: expect.stringContaining('PATHEXT') })
  })

  test.each([
    ['deploy.ps1', 'powershell -File'],
    ['tool.js', 'node'],
    ['tool.py', 'py'],
    ['setup.sh', 'bash'],
  ])('a script names what runs it: %s', (name, runner) => {
    const path = file('a', name)
    expect(find(path)).toMatchObject({
      kind: 'not-runnable',
      reason: expect.stringContaining(`sesame exec -- ${runner}`),
    })
  })
})

describe('[case 184] batch files', () => {
  test.each(['a"b', '"', '%PATH%', '100%', 'a\r\nb', 'a\nb', '" & calc & "', '%CMDCMDLINE:~-1%&calc'])(
    'a word that cmd could run is refused: %j',
    (word) => {
      file('a', 'npm.cmd')
      for (const spelling of ['npm', 'npm.cmd', 'NPM.CMD'.toLowerCase(), 'npm.cmd. .'])
        expect(find(spelling, ['x', word])).toMatchObject({ kind: 'not-runnable' })
      // No shell looks at the words of a program.
      file('b', 'tool.exe')
      expect(find('tool', [word])).toMatchObject({ kind: 'start', words: [word], verbatim: false })
    },
  )

  test('every other word stands between quotes, as one word', () => {
    const path = file('a', 'npm.cmd')
    const words = [
      'a b',
      'a&b',
      '|',
      '<x>',
      '^1.0',
      '(x)',
      '!y!',
      '',
      'C:\\dir\\',
      '-x=1,2;3',
      "it's",
      '中文',
    ]
    const line = find('npm', words)
    const expected = [path, ...words].map((word) => `"${word === 'C:\\dir\\' ? 'C:\\dir\\\\' : word}"`)
    expect(line).toMatchObject({ words: ['/d', '/e:on', '/v:off', '/s', '/c', `"${expected.join(' ')}"`] })
  })

  test('its own path, too', () => {
    file('100%', 'x.cmd')
    expect(find('x', [], env('100%'))).toMatchObject({ kind: 'not-runnable' })
  })
})

describe('[case 184] how it ends', () => {
  const signals = { on: () => undefined, off: () => undefined }
  const run = (command: string, on: Record<string, string> = env('a')) =>
    runChild({ command, arguments: [], env: on, signals, platform: 'win32' })

  test('127 for what is not there, 126 for what cannot run, each with its reason', async () => {
    file('a', 'broken.exe')
    mkdirSync(join(directory, 'folder'))
    expect(await run('nothing')).toEqual({ kind: 'not-found', exitCode: 127 })
    expect(await run(join(directory, 'folder'))).toMatchObject({ kind: 'not-runnable', exitCode: 126 })
  })

  test('what the system calls UNKNOWN is no program', async () => {
    const { spawn } = process.getBuiltinModule('node:child_process')
    const child = process.getBuiltinModule('node:child_process') as { spawn: unknown }
    file('a', 'broken.exe')
    child.spawn = () => {
      throw Object.assign(new Error('spawn UNKNOWN'), { code: 'UNKNOWN', syscall: 'spawn' })
    }
    try {
      expect(await run('broken')).toEqual({
        kind: 'not-runnable',
        exitCode: 126,
        reason: 'it is no program for this system',
      })
    } finally {
      child.spawn = spawn
    }
  })
})

describe('[case 184] the shell of another world', () => {
  test('Windows: cmd, unless SHELL is a program here', () => {
    const bash = file('git', 'bash.exe')
    expect(defaultShell({}, 'win32')).toEqual({ command: 'C:\\Windows\\System32\\cmd.exe' })
    expect(defaultShell({ COMSPEC: 'C:\\x\\cmd.exe' }, 'win32')).toEqual({ command: 'C:\\x\\cmd.exe' })
    expect(defaultShell({ SHELL: bash }, 'win32')).toEqual({ command: bash })
    expect(defaultShell({ SHELL: bash.replace('.exe', '') }, 'win32')).toMatchObject({
      command: bash.replace('.exe', ''),
    })
    expect(defaultShell({ SHELL: '/usr/bin/bash', ...env('git') }, 'win32')).toEqual({ command: bash })
    expect(defaultShell({ SHELL: '/usr/bin/zsh', ...env('git') }, 'win32')).toEqual({
      command: cmd,
      instead: '/usr/bin/zsh',
    })
  })

  test('elsewhere: sh, when SHELL is gone, a directory or no program', () => {
    const plain = file('plain')
    chmodSync(plain, 0o644)
    for (const SHELL of ['/no/such/zsh', directory, plain, 'C:\\Windows\\System32\\cmd.exe'])
      expect(defaultShell({ SHELL }, 'linux')).toEqual({ command: '/bin/sh', instead: SHELL })
    expect(defaultShell({ SHELL: '/bin/sh' }, 'linux')).toEqual({ command: '/bin/sh' })
    expect(defaultShell({ SHELL: 'sh', PATH: '/usr/bin:/bin' }, 'linux')).toEqual({ command: 'sh' })
    expect(defaultShell({}, 'darwin')).toEqual({ command: '/bin/sh' })
  })
})
