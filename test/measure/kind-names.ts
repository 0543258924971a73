import type { ESTree } from 'rolldown/utils'
import { textOf } from '../support/imports.ts'
import { folderOf, lineOf, type SourceFile, type SyntaxNode, walk } from '../support/source-files.ts'

const kinds = ['cloudsso', 'oidc', 'idaas', 'role']
const comparisons = ['===', '!==', '==', '!=', 'in']

/**
 * Where a file asks for a kind of profile by its name, as `session/login.ts:12`: `=== 'oidc'`, `case 'idaas'`,
 * `['oidc', 'role'].includes(kind)`, `'role' in …`. Keys and values of objects (the table of settings) do not count.
 */
export function kindComparisonsOf(file: SourceFile): string[] {
  const found: string[] = []
  walk(file.program, (node) => {
    if (comparesKind(node)) found.push(`${file.path}:${lineOf(file, node)}`)
  })
  return found
}

/** The folders in which `path:line` places are. */
export function foldersOf(places: readonly string[]): string[] {
  return [...new Set(places.map(folderOf))].sort()
}

function comparesKind(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'BinaryExpression':
      return comparisons.includes(node.operator) && (isKind(node.left) || isKind(node.right))
    case 'SwitchCase':
      return isKind(node.test)
    case 'CallExpression': {
      if (node.callee.type !== 'MemberExpression') return false
      const { object } = node.callee
      const list = object.type === 'NewExpression' ? object.arguments[0] : object
      return list?.type === 'ArrayExpression' && list.elements.some(isKind)
    }
    default:
      return false
  }
}

function isKind(node: ESTree.Node | null): boolean {
  return kinds.includes(textOf(node ?? undefined) ?? '')
}
