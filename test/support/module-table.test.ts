import { expect, test } from 'vitest'
import { checkModuleTable, forbiddenImports, readModuleTable, unneededArrows } from './module-table.ts'
import { parseSource } from './source-files.ts'

const page = `
# Architecture

| module | may open | what it is |
| --- | --- | --- |
| \`kit\` | | shared words |
| \`identity\` | kit | who signs in |
| \`session\` | kit, identity (types) | the use cases |
| \`compose\` | every module | the roots |
| \`cli\` | \`kit\`, session, compose | the program |

| folder | may open |
| --- | --- |
| \`identity/oidc\` | identity/flows |

| command | reads |
| --- | --- |
| \`login\` | kit |
`
const table = readModuleTable(page)

/** A tree with every module, and one more line in one file. */
function treeWith(path: string, line: string) {
  const texts = new Map([
    ['index.ts', "export { f } from './compose/index.ts'"],
    ['kit/index.ts', ''],
    ['kit/clock.ts', ''],
    ['identity/index.ts', "import '../kit/index.ts'\nexport * from './oidc/index.ts'"],
    ['identity/pkce.ts', ''],
    ['identity/cloudsso/portal.ts', ''],
    ['identity/oidc/index.ts', "import '../flows/code.ts'"],
    ['identity/oidc/tokens.ts', ''],
    ['identity/flows/code.ts', ''],
    ['session/index.ts', "import '../kit/index.ts'\nimport type { A } from '../identity/index.ts'"],
    ['session/login.ts', ''],
    ['compose/index.ts', "import '../session/index.ts'"],
    [
      'cli/bin.ts',
      "import '../kit/index.ts'\nimport '../session/index.ts'\nconst f = () => import('../compose/index.ts')",
    ],
  ])
  texts.set(path, `${texts.get(path) ?? ''}\n${line}`)
  return [...texts].map(([name, text]) => parseSource(name, text))
}

test('reads the tables with a column "may open", and no others', () => {
  const opens = (folder: string) => table.get(folder)?.opens.map(({ folder }) => folder)
  expect([...table.keys()]).toEqual(['kit', 'identity', 'session', 'compose', 'cli', 'identity/oidc'])
  expect(opens('kit')).toEqual([])
  expect(opens('compose')).toEqual(['kit', 'identity', 'session'])
  expect(opens('cli')).toEqual(['kit', 'session', 'compose'])
  expect(table.get('session')?.opens[1]).toEqual({ folder: 'identity', typesOnly: true })
})

test('a page without a table, and a table with two rows of one name, are errors', () => {
  expect(() => readModuleTable('# Architecture')).toThrow('no table')
  expect(() => readModuleTable(`${page}\n| folder | may open |\n| --- | --- |\n| \`kit\` | |`)).toThrow(
    'two rows',
  )
})

test('a tree that follows the table is accepted', () => {
  const files = treeWith('kit/log.ts', "import './clock.ts'")
  expect(checkModuleTable(table, files)).toEqual([])
  expect(forbiddenImports(table, files)).toEqual([])
  expect(unneededArrows(table, files)).toEqual([])
})

test.each([
  ['session/login.ts', "import '../identity/pkce.ts'", 'session may open identity for types only'],
  [
    'session/login.ts',
    "const f = () => import('../identity/index.ts')",
    'session may open identity for types only',
  ],
  [
    'session/login.ts',
    "import type { A } from '../identity/pkce.ts'",
    'identity is opened through identity/index.ts',
  ],
  ['cli/bin.ts', "import '../identity/index.ts'", 'cli may not open identity'],
  ['cli/bin.ts', "import type { A } from '../identity/index.ts'", 'cli may not open identity'],
  ['kit/clock.ts', "import '../session/index.ts'", 'kit may not open session'],
])('a module opens what its row names, through the index: %s %j', (path, line, reason) => {
  expect(forbiddenImports(table, treeWith(path, line))).toEqual([expect.stringContaining(`${path}:`)])
  expect(forbiddenImports(table, treeWith(path, line))[0]).toContain(reason)
})

test.each([
  ['session/login.ts', "import { f } from '../compose/index.ts'", 'session may not open compose'],
  ['session/login.ts', "import type { F } from '../compose/index.ts'", 'session may not open compose'],
  [
    'identity/oidc/tokens.ts',
    "const f = () => import('../../compose/index.ts')",
    'identity/oidc may not open compose',
  ],
  ['session/login.ts', "import { f } from '../index.ts'", 'index.ts is an entry point of the package'],
  ['cli/bin.ts', "import { f } from '../index.ts'", 'index.ts is an entry point of the package'],
])('no module opens a composition root or an entry point: %s %j', (path, line, reason) => {
  expect(forbiddenImports(table, treeWith(path, line))[0]).toContain(reason)
})

test.each([
  [
    'identity/cloudsso/portal.ts',
    "import '../flows/code.ts'",
    'identity/cloudsso may not open identity/flows',
  ],
  [
    'identity/cloudsso/portal.ts',
    "import '../oidc/index.ts'",
    'identity/cloudsso may not open identity/oidc',
  ],
  ['identity/pkce.ts', "import './oidc/tokens.ts'", 'identity/oidc is opened through identity/oidc/index.ts'],
  ['identity/oidc/tokens.ts', "import '../index.ts'", 'identity/index.ts is not for files inside it'],
  ['identity/oidc/tokens.ts', "import '../../session/login.ts'", 'identity/oidc may not open session'],
  ['session/login.ts', "import '../identity/oidc/index.ts'", 'session may not open identity/oidc'],
  ['session/login.ts', "import '../../test/x.ts'", '../test/x.ts is not below src/'],
])('sub-folders are held to the table, too: %s %j', (path, line, reason) => {
  expect(forbiddenImports(table, treeWith(path, line))[0]).toContain(reason)
})

test.each([
  ['identity/oidc/tokens.ts', "import '../flows/code.ts'"],
  ['identity/oidc/tokens.ts', "import '../pkce.ts'"],
  ['identity/oidc/tokens.ts', "import '../../kit/index.ts'"],
  ['identity/pkce.ts', "import './flows/code.ts'"],
])('a sub-folder opens what is around it and what is named: %s %j', (path, line) => {
  expect(forbiddenImports(table, treeWith(path, line))).toEqual([])
})

test('arrows that no import needs are found', () => {
  const files = treeWith('kit/log.ts', '').filter(({ path }) => path !== 'identity/oidc/index.ts')
  expect(unneededArrows(table, files)).toEqual(['identity/oidc: identity/flows'])
})

test('rows without a folder, folders without a row and arrows upward are found', () => {
  const upward = readModuleTable(page.replace('| `kit` | |', '| `kit` | cli |'))
  expect(checkModuleTable(upward, treeWith('kit/log.ts', ''))).toEqual([
    'kit: cli is not above it in the table',
  ])
  const files = treeWith('sts/index.ts', '').filter(({ path }) => !path.startsWith('identity/oidc/'))
  expect(checkModuleTable(table, files)).toEqual([
    'identity/oidc: there is no such folder',
    'sts: the table has no row for it',
  ])
})
