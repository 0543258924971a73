import { importsOf, targetOf } from './imports.ts'
import { folderOf, type SourceFile } from './source-files.ts'

/*
 * The rules of imports, from tables in `docs/architecture.md`: one of the modules (the folders of `src/`), one of their
 * sub-folders. Each row names a folder and what its files may open:
 *
 *   | module | may open |                     | folder | may open |
 *   | `kit`  | |                              | `http/proxy` | http/tls |
 *   | `http` | kit, files (types) |
 *
 * - Files of one folder may import each other. A folder may open what the folders around it may, their files, and the
 *   sub-folders below it. A sub-folder beside it has to be named.
 * - A folder with an `index.ts` is opened through that file only, by all who are outside of it; those inside never import it.
 * - `(types)`: only type imports. `every module`: all modules of rows above.
 * - Rows name only modules of rows above: arrows point one way.
 * - Entry points (files in `src/` itself) open every module, and no file opens them.
 */

/** Folders with what each may open, in the order of the page. */
export type ModuleTable = ReadonlyMap<string, Row>

interface Row {
  opens: readonly Opened[]
  /** The page says `every module`. */
  every: boolean
}

interface Opened {
  folder: string
  typesOnly: boolean
}

/** Reads the tables of a page whose second column is `may open`. @throws Error when there is none, or a folder has two rows */
export function readModuleTable(page: string): ModuleTable {
  const table = new Map<string, Row>()
  let inTable = false
  for (const line of page.split('\n')) {
    const [, name = '', opens = ''] = line.startsWith('|') ? line.split('|').map((cell) => cell.trim()) : []
    if (opens === 'may open') inTable = true
    else if (name === '') inTable = false
    else if (inTable && !name.startsWith('---')) {
      const folder = name.replaceAll('`', '')
      if (table.has(folder)) throw new Error(`${folder} has two rows`)
      table.set(folder, readRow(opens, [...table.keys()]))
    }
  }
  if (table.size === 0) throw new Error('The page has no table whose second column is "may open"')
  return table
}

function readRow(cell: string, above: readonly string[]): Row {
  if (cell === 'every module')
    return { opens: above.map((folder) => ({ folder, typesOnly: false })), every: true }
  const names = cell
    .replaceAll('`', '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  const opens = names.map((name) => ({
    folder: name.replace(/ \(types\)$/, ''),
    typesOnly: name.endsWith(' (types)'),
  }))
  return { opens, every: false }
}

/** What in the table itself is wrong: rows of folders that do not exist, modules without a row, arrows upward. */
export function checkModuleTable(table: ModuleTable, files: readonly SourceFile[]): string[] {
  const rows = [...table.keys()]
  const folders = new Set(files.flatMap(({ path }) => aroundOf(folderOf(path))))
  const modules = [...folders].filter((folder) => !folder.includes('/'))
  return [
    ...rows.filter((row) => !folders.has(row)).map((row) => `${row}: there is no such folder`),
    ...modules.filter((name) => !table.has(name)).map((name) => `${name}: the table has no row for it`),
    ...rows.flatMap((row) =>
      opensOf(table, row)
        .filter(({ folder }) => !row.includes('/') && !rows.slice(0, rows.indexOf(row)).includes(folder))
        .map(({ folder }) => `${row}: ${folder} is not above it in the table`),
    ),
  ]
}

/** Imports that the table does not allow, as `session/login.ts:3: …`. */
export function forbiddenImports(table: ModuleTable, files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path))
  return files.flatMap((file) =>
    importsOf(file).flatMap((each) => {
      const target = targetOf(file, each)
      if (target === undefined) return []
      const reason = target.startsWith('..')
        ? `${target} is not below src/`
        : judge(table, paths, { from: file.path, target, typeOnly: each.typeOnly })
      return reason === undefined ? [] : [`${file.path}:${each.line}: ${reason}`]
    }),
  )
}

/** Arrows of the table, as `doctor: jwt`, that no import needs; what `every module` allows is not looked at. */
export function unneededArrows(table: ModuleTable, files: readonly SourceFile[]): string[] {
  const needed = new Set(
    files.flatMap((file) =>
      importsOf(file).flatMap((each) => {
        const opened = folderOf(targetOf(file, each) ?? '')
        return aroundOf(folderOf(file.path)).map((folder) => `${folder}: ${opened}`)
      }),
    ),
  )
  return [...table].flatMap(([row, { opens, every }]) =>
    every ? [] : opens.map(({ folder }) => `${row}: ${folder}`).filter((arrow) => !needed.has(arrow)),
  )
}

interface Arrow {
  from: string
  target: string
  typeOnly: boolean
}

/** Why an import is not allowed; undefined when it is. */
function judge(table: ModuleTable, paths: ReadonlySet<string>, arrow: Arrow): string | undefined {
  const [own, opened] = [folderOf(arrow.from), folderOf(arrow.target)]
  if (own === opened) return undefined
  if (opened === '') return `${arrow.target} is an entry point of the package`
  if (aroundOf(own).includes(opened))
    return arrow.target === `${opened}/index.ts` ? `${arrow.target} is not for files inside it` : undefined
  const below = own !== '' && opened.startsWith(`${own}/`)
  const named = aroundOf(own)
    .flatMap((folder) => opensOf(table, folder))
    .filter(({ folder }) => folder === opened)
  if (!below && own !== '') {
    if (named.length === 0) return `${own} may not open ${opened}`
    if (!arrow.typeOnly && named.every(({ typesOnly }) => typesOnly))
      return `${own} may open ${opened} for types only`
  }
  // From outside a module only its index.ts; a sub-folder that has one is as closed to the folders around it.
  const closed = aroundOf(opened)
    .filter((folder) => !aroundOf(own).includes(folder))
    .find((folder) => paths.has(`${folder}/index.ts`))
  const entrance = closed === undefined ? undefined : `${closed}/index.ts`
  if (entrance === undefined && moduleOf(own) !== moduleOf(opened)) return `${opened} has no index.ts`
  return entrance === undefined || entrance === arrow.target
    ? undefined
    : `${opened} is opened through ${entrance}`
}

function opensOf(table: ModuleTable, folder: string): readonly Opened[] {
  return table.get(folder)?.opens ?? []
}

/** A folder and those around it, the innermost last: `cli` and `cli/commands`. */
function aroundOf(folder: string): string[] {
  const parts = folder.split('/')
  return folder === '' ? [] : parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}

const moduleOf = (folder: string) => folder.split('/')[0]
