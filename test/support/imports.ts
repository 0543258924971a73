import { posix } from 'node:path'
import type { ESTree } from 'rolldown/utils'
import { folderOf, lineOf, type SourceFile, type SyntaxNode, walk } from './source-files.ts'

/** One place where a file names another module: `import … from`, `export … from`, `import()`, `require()` or `import('…').Type`. */
export interface Import {
  /** As written; undefined when it is not a literal. */
  specifier: string | undefined
  line: number
  /** Nothing of it is left at run time. */
  typeOnly: boolean
  /** Loaded when that line runs, not before the file. */
  lazy: boolean
}

/** All imports of a file, in the order of the text. */
export function importsOf(file: SourceFile): Import[] {
  const imports: Import[] = []
  walk(file.program, (node) => {
    const found = readImport(node)
    if (found !== undefined) imports.push({ ...found, line: lineOf(file, node) })
  })
  return imports
}

/** The file below the same root that a relative import names; undefined for packages and Node's own modules. */
export function targetOf({ path }: SourceFile, { specifier }: Import): string | undefined {
  return specifier?.startsWith('.') ? posix.join(folderOf(path), specifier) : undefined
}

/** The package that an import names: `@redis/client` of `@redis/client/dist/x.js`; undefined for relative ones. */
export function packageOf({ specifier }: Import): string | undefined {
  if (specifier === undefined || specifier.startsWith('.')) return undefined
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function readImport(node: SyntaxNode): Omit<Import, 'line'> | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return {
        specifier: node.source.value,
        // `import {} from` and `import 'x'` load the module for what it does.
        typeOnly: node.importKind === 'type' || onlyTypes(node.specifiers),
        lazy: false,
      }
    case 'ExportNamedDeclaration':
      if (node.source === null) return undefined
      return {
        specifier: node.source.value,
        typeOnly: node.exportKind === 'type' || onlyTypes(node.specifiers),
        lazy: false,
      }
    case 'ExportAllDeclaration':
      return { specifier: node.source.value, typeOnly: node.exportKind === 'type', lazy: false }
    case 'TSImportType':
      return { specifier: node.source.value, typeOnly: true, lazy: false }
    case 'TSImportEqualsDeclaration':
      if (node.moduleReference.type !== 'TSExternalModuleReference') return undefined
      return {
        specifier: node.moduleReference.expression.value,
        typeOnly: node.importKind === 'type',
        lazy: false,
      }
    case 'ImportExpression':
      return { specifier: textOf(node.source), typeOnly: false, lazy: true }
    case 'CallExpression':
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'require') return undefined
      return { specifier: textOf(node.arguments[0]), typeOnly: false, lazy: true }
    default:
      return undefined
  }
}

function onlyTypes(specifiers: readonly SpecifierLike[]): boolean {
  return (
    specifiers.length > 0 &&
    specifiers.every(
      (each) =>
        ('importKind' in each && each.importKind === 'type') ||
        ('exportKind' in each && each.exportKind === 'type'),
    )
  )
}

type SpecifierLike = ESTree.ImportDeclarationSpecifier | ESTree.ExportSpecifier

/** The value of a string literal, or of a template without expressions. */
export function textOf(node: ESTree.Node | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined
  return undefined
}

/** The files of the same tree that each file loads before it runs: neither types nor lazy imports. */
export function valueImports(files: readonly SourceFile[]): Map<string, string[]> {
  return new Map(
    files.map((file) => {
      const targets = importsOf(file)
        .filter(({ typeOnly, lazy }) => !typeOnly && !lazy)
        .flatMap((each) => targetOf(file, each) ?? [])
      return [file.path, [...new Set(targets)]]
    }),
  )
}

/** The longest way down from each file, itself first. @throws Error when imports form a cycle */
export function longestChains(
  graph: ReadonlyMap<string, readonly string[]>,
  weight: (path: string) => number = () => 1,
): Map<string, Chain> {
  const chains = new Map<string, Chain>()
  const below = (path: string, above: readonly string[]): Chain => {
    const known = chains.get(path)
    if (known !== undefined) return known
    if (above.includes(path)) throw new Error(`A cycle of imports: ${[...above, path].join(' -> ')}`)
    const longest = (graph.get(path) ?? [])
      .map((each) => below(each, [...above, path]))
      .reduce((a, b) => (b.length > a.length ? b : a), { length: 0, files: [] as readonly string[] })
    const chain = { length: longest.length + weight(path), files: [path, ...longest.files] }
    chains.set(path, chain)
    return chain
  }
  for (const path of graph.keys()) below(path, [])
  return chains
}

export interface Chain {
  length: number
  files: readonly string[]
}
