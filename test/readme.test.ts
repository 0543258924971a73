import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commandNames, loadCommand } from '../src/cli/commands.ts'
import { exitCodeOf, exitCodes } from '../src/cli/exit-codes.ts'
import { parseInput } from '../src/cli/parse-input.ts'
import { version } from '../src/kit/version.ts'
import { formats } from '../src/output/index.ts'
import { storeChoices } from '../src/profiles/index.ts'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Command lines of `sesame` in code blocks and in the table of commands. */
const commandLines = [...readme.matchAll(/(?:^|[\s("`$])sesame ([a-z][^\n`|)#<]*)/gm)]
  .map(([, words = '']) => words.replace(/["'].*$/, '').trim())
  .filter((line) => commandNames.includes(line.split(' ')[0] ?? ''))

describe('README', () => {
  test('has command lines to check', () => expect(commandLines.length).toBeGreaterThan(8))

  test.each(commandLines)('sesame %s is understood', async (line) => {
    const [name = '', ...words] = line.replace(/\bSTORE$/, 'auto').split(/\s+/)
    const command = await loadCommand(name)
    const sub = command?.subcommands?.find((each) => each.name === words[0])
    const target = sub ?? command
    if (target === undefined) throw new Error(`no command ${name}`)
    expect(() => parseInput(target, name, sub === undefined ? words : words.slice(1))).not.toThrow()
  })

  test('names every command, format and store', () => {
    for (const name of commandNames) expect(readme).toContain(`\`sesame ${name}\``)
    for (const word of [...formats, ...storeChoices]) expect(readme).toContain(`\`${word}\``)
  })

  test('names every exit code', () => {
    for (const code of new Set([...Object.values(exitCodes), ...Object.values(exitCodeOf)])) {
      expect(readme).toMatch(new RegExp(`^\\| (?:\\d+, )*${code}\\b`, 'm'))
    }
  })

  test('names scripts that exist', () => {
    for (const [, script = ''] of readme.matchAll(/npm run ([a-z]+)/g))
      expect(Object.keys(manifest.scripts)).toContain(script)
  })
})

test('the version is that of the package', () => expect(version).toBe(manifest.version))

test('the lockfile names every platform’s packages, and no download address', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const packages: Record<string, { optionalDependencies?: Record<string, string>; resolved?: string }> =
    lock.packages
  for (const [path, entry] of Object.entries(packages)) {
    expect(entry.resolved, path).toBeUndefined()
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      const found = packages[`${path}/node_modules/${name}`] ?? packages[`node_modules/${name}`]
      expect(found, `${name} of ${path}`).toBeDefined()
    }
  }
})
