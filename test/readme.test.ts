import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Command } from '../src/cli/command.ts'
import { commandNames, loadAllCommands, loadCommand } from '../src/cli/commands.ts'
import { exitCodeOf, exitCodes } from '../src/cli/exit-codes.ts'
import { parseInput } from '../src/cli/parse-input.ts'
import { shownText, storeChoices } from '../src/kit/index.ts'
import { version } from '../src/kit/version.ts'
import { formats } from '../src/output/index.ts'
import {
  anchorsOf,
  codeBlocks,
  firstCells,
  relativeLinks,
  type Section,
  sectionsOf,
  sesameCommands,
} from './support/markdown.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const filesIn = (directory: string, suffix: string) =>
  readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix))
    .map((name) => join(directory, name))

const manifest = JSON.parse(read('package.json'))
const docs = filesIn('docs', '.md')
const pages = ['README.md', 'README.zh-CN.md', ...docs, 'CONTRIBUTING.md', 'SECURITY.md']
const readme = read('README.md')
const reference = sectionsOf(read('docs/commands.md'))
const workflows = filesIn('.github/workflows', '.yml')

/** A command as it is called, `token get`, with what it takes. */
const commands = (await loadAllCommands()).flatMap((command) =>
  [command, ...(command.subcommands ?? [])].map((each) => ({
    path: each === command ? command.name : `${command.name} ${each.name}`,
    command: each,
  })),
)

/** The tables of a command may stand in several lists below one heading. */
const sectionOf = (path: string): Section | undefined =>
  reference.find(({ heading }) => heading === `sesame ${path}`)

/** As the program itself finds the command and reads its words. */
async function parse([name = '', ...words]: readonly string[]): Promise<void> {
  const command = await loadCommand(name)
  if (command === undefined) throw new Error(`There is no command ${name}.`)
  const argv = command.translate?.(words) ?? words
  const sub = command.subcommands?.find((each) => each.name === argv[0])
  const target: Command = sub ?? command
  const own = (sub === undefined ? argv : argv.slice(1)).filter((word) => word !== '--help')
  parseInput(target, name, own)
}

describe('command lines', () => {
  test('are found', () => {
    expect(pages.flatMap((page) => sesameCommands(read(page))).length).toBeGreaterThan(150)
  })

  test.each(pages)('%s: sesame understands them', async (page) => {
    const refused: string[] = []
    for (const words of sesameCommands(read(page)))
      await parse(words).catch((error) => refused.push(`sesame ${words.join(' ')}: ${error.message}`))
    expect(refused).toEqual([])
  })

  test.each([
    ['logn', '--profile', 'dev'],
    ['login', '--profiles', 'dev'],
    ['token', 'show'],
    ['configure', '--store', 'vault'],
    ['whoami', 'dev'],
  ])('sesame %s %s %s would be noticed', async (...words) => {
    await expect(parse(words.filter((word) => word !== undefined))).rejects.toThrow()
  })
})

describe('the README', () => {
  // As `wc -w` counts.
  test('has at most 1,200 words', () => expect(readme.trim().split(/\s+/).length).toBeLessThanOrEqual(1200))

  test('has every command in its table', () => {
    const listed = firstCells(readme).filter((cell) => cell.startsWith('sesame '))
    expect(listed.toSorted()).toEqual(commandNames.map((name) => `sesame ${name}`).toSorted())
  })
})

describe('the reference of commands', () => {
  test.each(commands)('sesame $path: its section has its options and no others', ({ path, command }) => {
    const text = sectionOf(path)?.text ?? ''
    const described = firstCells(text)
      .filter((cell) => cell.startsWith('--'))
      .map((cell) => cell.split(' ')[0])
    expect(described.toSorted()).toEqual(command.options.map(({ name }) => `--${name}`).toSorted())
    for (const { value, aliases = [], values = [], repeatable, name } of command.options) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`--${name}`)) ?? ''
      expect(/^\| `--[\w-]+ /.test(row), row).toBe(value !== undefined)
      for (const alias of aliases) expect(row).toContain(`\`--${alias}\``)
      if (name !== 'format') for (const each of values) expect(row).toContain(`\`${each}\``)
      if (repeatable) expect(row).toContain('may be repeated')
    }
  })

  test('has a section for each command and for no other', () => {
    const described = reference.map(({ heading }) => heading).filter((each) => each.startsWith('sesame '))
    expect(described.toSorted()).toEqual(commands.map(({ path }) => `sesame ${path}`).toSorted())
  })

  test('has every format and every variable', () => {
    const text = (heading: string) => reference.find((each) => each.heading === heading)?.text ?? ''
    expect(firstCells(text('Formats'))).toEqual(formats)
    const names = filesIn('src', '.ts').flatMap((path) => read(path).match(/\bSESAME_[A-Z_]*[A-Z]\b/g) ?? [])
    for (const name of new Set(names)) expect(text('Environment variables')).toContain(`\`${name}\``)
  })
})

test('every store has a row on the page about stores', () => {
  expect(firstCells(read('docs/stores.md'))).toEqual(expect.arrayContaining([...storeChoices]))
})

test('every exit code is in the table of the README and has advice', () => {
  const advice = sectionsOf(read('docs/troubleshooting.md')).map(({ heading }) => heading)
  for (const code of new Set([...Object.values(exitCodes), ...Object.values(exitCodeOf)])) {
    expect(readme).toMatch(new RegExp(`^\\| (?:\\d+, )*${code}\\b`, 'm'))
    if (code !== exitCodes.done) {
      expect(advice.filter((each) => new RegExp(`^Exit codes? .*\\b${code}\\b`).test(each))).toHaveLength(1)
    }
  }
})

describe('pages', () => {
  const written = [...pages, 'CHANGELOG.md', 'mocks/README.md', ...filesIn('.github', '.md')]

  test.each(written)('%s: its links lead somewhere', (page) => {
    const broken = relativeLinks(read(page)).filter((target) => {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : join(dirname(page), path)
      if (!existsSync(join(root, file))) return true
      return anchor !== undefined && !anchorsOf(read(file)).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  test('each is in the table of contents, those in Chinese in their own', () => {
    const linked = (folder: string) =>
      relativeLinks(read(`${folder}/README.md`)).map((target) => join(folder, target))
    const contents = { english: linked('docs'), chinese: linked('docs/zh-CN') }
    for (const page of docs) {
      const { english, chinese } = contents
      if (!page.endsWith('/README.md'))
        expect(dirname(page) === 'docs/zh-CN' ? chinese : english).toContain(page)
    }
    expect(contents.english).toContain('docs/zh-CN/README.md')
  })

  const forUsers = docs.filter(
    (page) =>
      ['docs', 'docs/zh-CN'].includes(dirname(page)) && !/(?:architecture|security-cases)\.md$/.test(page),
  )
  test.each(forUsers)('%s begins with a command', (page) => {
    const beginning = read(page).split(/^## /m, 1)[0] ?? ''
    expect(codeBlocks(beginning).map(({ language }) => language)).toContain('sh')
  })

  test.each(pages)('%s imports what the libraries export', async (page) => {
    for (const { language, text } of codeBlocks(read(page))) {
      if (language !== 'js') continue
      for (const [, names = '', , library = ''] of text.matchAll(
        /import \{([^}]+)\} from '(sesame-sso(\/\w+)?)'/g,
      )) {
        const { types } = manifest.exports[`.${library}`]
        const entry = await import(join(root, 'src', relative('dist/types', types).replace('.d.ts', '.ts')))
        expect(Object.keys(entry)).toEqual(expect.arrayContaining(names.trim().split(/,\s*/)))
      }
    }
  })

  test.each([...written, ...workflows])('%s names scripts and test files that exist', (page) => {
    const text = read(page)
    for (const [, script = ''] of text.matchAll(/\bnpm run ([\w:-]+)/g))
      expect(Object.keys(manifest.scripts)).toContain(script)
    for (const [, words = ''] of text.matchAll(/\bvitest run((?: [\w./-]+)+)/g))
      for (const path of words.trim().split(' '))
        if (!path.startsWith('-')) expect(existsSync(join(root, path)), path).toBe(true)
  })
})

describe('security cases', () => {
  const numbersIn = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, n]) => n))
  const explained = numbersIn(read('docs/security-cases.md'), /^### Case (\d+):/gm)
  const tested = numbersIn(filesIn('test', '.ts').map(read).join('\n'), /\[case (\d+)\]/g)

  test('each case that a test names is explained, and each that is explained has a test', () => {
    expect([...tested].toSorted()).toEqual([...explained].toSorted())
  })

  test('[case 122] the help says that a service name is no audience', () => {
    const named = commands.flatMap(({ path, command }) =>
      path.startsWith('sst ') ? command.options.filter(({ name }) => name === 'service') : [],
    )
    expect(named.length).toBeGreaterThan(0)
    for (const { summary } of named) expect(shownText(summary)).toMatch(/\b(?:no|not an) audience\b/)
  })
})

test('the version is that of the package', () => expect(version).toBe(manifest.version))

test('the lockfile names every platform’s packages, and no download address', () => {
  const lock = JSON.parse(read('package-lock.json'))
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
