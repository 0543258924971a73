import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commandLine, ownCommand } from '../../src/integrations/process-command.ts'

/** How the official SDK takes a process_command apart. */
const { splitProcessCommand } = createRequire(import.meta.url)(
  '@alicloud/credentials/dist/src/utils/command.js',
) as { splitProcessCommand(command: string, windows: boolean): string[] }

describe('commandLine', () => {
  test('P: the SDK gets back the very words, whatever is in them', () => {
    const word = fc.string({ unit: 'binary', minLength: 1 })
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(splitProcessCommand(commandLine(words, 'linux'), false)).toEqual(words)
      }),
    )
  })

  test('P: on Windows too, for what a path or a profile name can hold', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9 _.@:()'\\-]*[A-Za-z0-9]$/)
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(splitProcessCommand(commandLine(words, 'win32'), true)).toEqual(words)
      }),
    )
  })

  test('plain words stay plain: older releases know no quotes', () => {
    const words = ['/opt/node-20/bin/node', '/opt/x_y/sesame.cjs', 'credentials', '--profile', 'a.b@c+d']
    expect(commandLine(words, 'linux')).toBe(words.join(' '))
    expect(commandLine(['C:\\x\\node.exe', 'a b'], 'win32')).toBe('C:\\x\\node.exe "a b"')
  })
})

describe('ownCommand', () => {
  let directory: string
  let scriptPath: string
  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'sesame-own-')))
    scriptPath = join(directory, 'sesame.cjs')
    writeFileSync(scriptPath, '')
    chmodSync(scriptPath, 0o755)
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const place = (name: string, target: string) => {
    const bin = join(directory, name)
    mkdirSync(bin, { recursive: true })
    symlinkSync(target, join(bin, 'sesame'))
    return bin
  }
  const own = (path: string, platform: NodeJS.Platform = 'linux') =>
    ownCommand({ platform, path, execPath: '/opt/node', scriptPath })
  test('a standalone executable is started by itself: by its name where the PATH leads to it', () => {
    const bin = place('bin', scriptPath)
    const by = (path: string, platform: NodeJS.Platform = 'linux') =>
      ownCommand({ platform, path, execPath: scriptPath, scriptPath: undefined })
    expect(by(bin)).toEqual(['sesame'])
    expect(by('')).toEqual([scriptPath])
    expect(by(bin, 'win32')).toEqual([scriptPath])
    expect(by([place('other', process.execPath), bin].join(delimiter))).toEqual([scriptPath])
  })

  test('[case 223] node goes by its name where its path needs quotes and the PATH leads to the same one', () => {
    const blank = join(directory, 'my programs')
    mkdirSync(blank)
    const execPath = join(blank, 'node')
    writeFileSync(execPath, '')
    chmodSync(execPath, 0o755)
    const bin = join(directory, 'bin')
    mkdirSync(bin)
    symlinkSync(execPath, join(bin, 'node'))
    const by = (path: string, given = execPath) =>
      ownCommand({ platform: 'linux', path, execPath: given, scriptPath })
    expect(by(bin)).toEqual(['node', scriptPath])
    expect(commandLine(by(bin), 'linux')).not.toMatch(/['"]/)
    // Another node comes first, or none at all.
    const other = join(directory, 'other')
    mkdirSync(other)
    writeFileSync(join(other, 'node'), '')
    chmodSync(join(other, 'node'), 0o755)
    expect(by([other, bin].join(delimiter))).toEqual([execPath, scriptPath])
    expect(by('')).toEqual([execPath, scriptPath])
    // A full path outlasts a change of the PATH: it stays where nothing speaks against it.
    expect(by(bin, join(bin, 'node'))).toEqual([join(bin, 'node'), scriptPath])
  })

  const byFullPath = () => ['/opt/node', scriptPath]

  test('is its name where the PATH leads to it, also past what is not there', () => {
    const bin = place('bin', scriptPath)
    expect(own(['/nonexistent', '', 'relative', bin].join(delimiter))).toEqual(['sesame'])
  })

  test('is the full path where the PATH leads nowhere, elsewhere first, or only for a moment', () => {
    const bin = place('bin', scriptPath)
    const other = place('other', '/bin/true')
    expect(own('')).toEqual(byFullPath())
    expect(own([other, bin].join(delimiter))).toEqual(byFullPath())
    expect(own(place('node_modules/.bin', scriptPath))).toEqual(byFullPath())
    expect(own(place('dangling', '/nonexistent'))).toEqual(byFullPath())
    chmodSync(scriptPath, 0o644)
    expect(own(bin)).toEqual(byFullPath())
  })

  test('on Windows is always the full path: SDKs cannot start batch files', () => {
    expect(own(place('bin', scriptPath), 'win32')).toEqual(byFullPath())
  })
})
