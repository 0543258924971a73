import { expect, test } from 'vitest'
import { importsOf, longestChains, packageOf, targetOf, valueImports } from './imports.ts'
import { parseSource } from './source-files.ts'

const importsIn = (text: string) =>
  importsOf(parseSource('session/login.ts', text)).map(({ specifier, typeOnly, lazy }) => [
    specifier,
    typeOnly ? 'type' : lazy ? 'lazy' : 'value',
  ])

test.each([
  ["import { a } from './a.ts'", './a.ts', 'value'],
  ["import a, { type B } from './a.ts'", './a.ts', 'value'],
  ["import * as a from './a.ts'", './a.ts', 'value'],
  ["import './a.ts'", './a.ts', 'value'],
  ["export { a } from './a.ts'", './a.ts', 'value'],
  ["export * from './a.ts'", './a.ts', 'value'],
  ["import {\n  a, // from './b.ts'\n} from './a.ts'", './a.ts', 'value'],
  ["import type { A } from './a.ts'", './a.ts', 'type'],
  ["import { type A, type B } from './a.ts'", './a.ts', 'type'],
  ["export type { A } from './a.ts'", './a.ts', 'type'],
  ["export type * from './a.ts'", './a.ts', 'type'],
  ["type A = import('./a.ts').A", './a.ts', 'type'],
  ["let a: typeof import('./a.ts')", './a.ts', 'type'],
  ["const f = () => import('./a.ts')", './a.ts', 'lazy'],
  ['const f = () => import(`./a.ts`)', './a.ts', 'lazy'],
  ["const f = () => require('undici')", 'undici', 'lazy'],
  ['const f = (name: string) => import(name)', undefined, 'lazy'],
])('reads the import of %j', (text, specifier, kind) => {
  expect(importsIn(text)).toEqual([[specifier, kind]])
})

test('finds no imports in comments and texts', () => {
  expect(importsIn("// import { a } from './a.ts'\nconst text = \"import('./b.ts')\"")).toEqual([])
})

test('knows the lines, the files and the packages that imports name', () => {
  const file = parseSource(
    'session/oidc/tokens.ts',
    "import { a } from '../login.ts'\n\nimport b from '@redis/client/dist/b.js'\nimport 'node:fs'",
  )
  const imports = importsOf(file)
  expect(imports.map(({ line }) => line)).toEqual([1, 3, 4])
  expect(imports.map((each) => targetOf(file, each))).toEqual(['session/login.ts', undefined, undefined])
  expect(imports.map(packageOf)).toEqual([undefined, '@redis/client', 'node:fs'])
})

test('a text that is no TypeScript is an error', () => {
  expect(() => parseSource('a.ts', 'import { from')).toThrow('a.ts: ')
})

test('finds the longest chain of what is loaded before a file runs', () => {
  const files = [
    parseSource('a.ts', "import './m/index.ts'\nimport type { E } from './e.ts'"),
    parseSource('m/index.ts', "export { b } from './b.ts'"),
    parseSource('m/b.ts', "import { c } from '../c.ts'"),
    parseSource('c.ts', "export const c = () => import('./e.ts')"),
    parseSource('e.ts', "import { c } from './c.ts'\nexport type E = 1"),
  ]
  const chains = longestChains(valueImports(files), (path) => (path.endsWith('index.ts') ? 0 : 1))
  expect(chains.get('a.ts')).toEqual({ length: 3, files: ['a.ts', 'm/index.ts', 'm/b.ts', 'c.ts'] })
  expect(chains.get('e.ts')?.length).toBe(2)
})

test('a cycle of imports is an error that names it', () => {
  const graph = new Map([
    ['a.ts', ['b.ts']],
    ['b.ts', ['a.ts']],
  ])
  expect(() => longestChains(graph)).toThrow('a.ts -> b.ts -> a.ts')
})
