import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importsOf, longestChains, packageOf, targetOf, valueImports } from './support/imports.ts'
import {
  checkModuleTable,
  forbiddenImports,
  readModuleTable,
  unneededArrows,
} from './support/module-table.ts'
import { readSourceFiles, type SourceFile } from './support/source-files.ts'
import {
  canParseUses,
  consoleUses,
  currentTimeUses,
  defaultExports,
  predictableRandomUses,
  processUses,
  swallowedErrors,
} from './support/source-rules.ts'

/** The only modules that touch the process: they hand what others need of it in. */
const processModules = ['cli', 'terminal', 'compose']

/** Packages that one module keeps to itself, or two that have nothing in common: a library, and the files of other tools. */
const packageHome: Record<string, string | readonly string[]> = {
  undici: 'http',
  debug: 'http',
  '@napi-rs/keyring': 'store',
  'openid-client': 'identity',
  jose: 'jwt',
  libsql: 'sst',
  '@redis/client': 'sst',
  yaml: ['sst', 'integrations'],
  'jsonc-parser': 'integrations',
}

/** What mocks may stand on beside Node: a real provider, and real keys. */
const mockPackages = ['oidc-provider', 'jose']

/** Folders that the page describes before they are there. */
const planned: string[] = []

const root = join(import.meta.dirname, '..')
const files = readSourceFiles(join(root, 'src'))
const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8')
const table = readModuleTable(page)
const moduleOf = ({ path }: SourceFile) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')
const outside = (...modules: string[]) => files.filter((file) => !modules.includes(moduleOf(file)))

test('the page has a row for each module, and arrows point one way', () => {
  expect(files.length).toBeGreaterThan(200)
  expect(checkModuleTable(table, files)).toEqual([])
})

test('every import is allowed by the tables of the page', () => {
  expect(forbiddenImports(table, files)).toEqual([])
})

test('every arrow of the tables is needed', () => {
  expect(unneededArrows(table, files)).toEqual([])
})

test('imports at run time form no cycle', () => {
  expect(longestChains(valueImports(files)).size).toBe(files.length)
})

test('a package is imported by one module only', () => {
  const homes = new Map(Object.entries(packageHome))
  const strays = files.flatMap((file) =>
    importsOf(file).flatMap((each) => {
      const name = packageOf(each)
      if (name === undefined || isBuiltin(name)) return []
      const home = homes.get(name) ?? moduleOf(file)
      homes.set(name, home)
      return [home].flat().includes(moduleOf(file))
        ? []
        : [`${file.path}:${each.line}: ${name} belongs to ${home}`]
    }),
  )
  expect(strays).toEqual([])
})

test('what is imported stands in the text', () => {
  const computed = files.flatMap((file) =>
    importsOf(file)
      .filter(({ specifier }) => specifier === undefined)
      .map(() => file.path),
  )
  // The keychain's binding is loaded by its path: it is resolved before, so that its absence is a value.
  expect(computed).toEqual(['store/keyring-binding.ts'])
})

test('only cli, terminal and compose touch the process', () => {
  const inner = outside(...processModules)
  expect(inner.flatMap(consoleUses)).toEqual([])
  // The bare pipe is made of Node's own bindings; an executable loads its keychain binding; Node warns of its SQLite while it is loaded.
  const known =
    /^(?:store\/.*: process\.binding|store\/keyring-binding\.ts:\d+: process\.dlopen|sst\/sqlite\/node-sqlite\.ts:\d+: process\.emitWarning)$/
  expect(inner.flatMap(processUses).filter((use) => !known.test(use))).toEqual([])
})

test('only kit/clock.ts and the composition roots read the current time', () => {
  const others = outside('compose').filter(({ path }) => path !== 'kit/clock.ts')
  expect(others.flatMap(currentTimeUses)).toEqual([])
})

test.each([
  ['predictable random numbers', predictableRandomUses],
  ['uses of URL.canParse', canParseUses],
  ['default exports', defaultExports],
  ['catches that swallow', swallowedErrors],
])('no %s', (_, find) => {
  expect(files.flatMap(find)).toEqual([])
})

test('files and folders that the page names exist', () => {
  const named = [...page.matchAll(/`((?:[\w-]+\/)*(?:[\w-]+\.ts|[\w-]+\/))`/g)].map(([, name = '']) => name)
  const paths = files.map(({ path }) => `/${path}`)
  const exists = (name: string) => {
    const end = name.endsWith('/') ? `/${name}` : `/${name}$`
    return existsSync(join(root, name)) || paths.some((path) => `${path}$`.includes(end))
  }
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((name) => !exists(name) && !planned.includes(name))).toEqual([])
})

test('the page names the package’s entry points', () => {
  const entryPoints = files.filter((file) => moduleOf(file) === '').map(({ path }) => path)
  expect(entryPoints.filter((path) => !page.includes(`\`${path}\``))).toEqual([])
})

test('every import of mocks/ is its own, Node’s or a real counterpart’s', () => {
  const strays = readSourceFiles(join(root, 'mocks')).flatMap((file) =>
    importsOf(file)
      .filter((each) => {
        const { specifier = '' } = each
        const inside = targetOf(file, each)?.startsWith('..') === false
        return !isBuiltin(specifier) && !inside && !mockPackages.includes(specifier)
      })
      .map(({ specifier, line }) => `mocks/${file.path}:${line}: ${specifier}`),
  )
  expect(strays).toEqual([])
})
