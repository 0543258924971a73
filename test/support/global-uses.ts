import type { ESTree } from 'rolldown/utils'
import { textOf } from './imports.ts'
import { type Place, type SourceFile, type SyntaxNode, walk } from './source-files.ts'

/** One place where a file uses a global object such as `process`. */
export interface GlobalUse {
  name: string
  /** The member that is taken of it; undefined where it is used as a value, whose members cannot be followed. */
  member: string | undefined
  node: SyntaxNode
  place: Place
}

const globalObjects = ['globalThis', 'global']

/**
 * Uses of a global object, however it is reached: by name, as a member of `globalThis`, destructured, or imported from
 * the module of its name (`node:process`). A value that is handed on, an alias say, is a use without a member. A binding
 * of the same name counts as one, too: nothing here should be called `process` that is not the process.
 */
export function usesOfGlobal(file: SourceFile, name: string): GlobalUse[] {
  const aliases = new Set([name])
  const uses: GlobalUse[] = []
  const add = (member: string | undefined, node: SyntaxNode, place: Place) =>
    uses.push({ name, member, node, place })
  walk(file.program, (node, place) => {
    if (!namesModule(node, name)) return
    const imported = importedFrom(node)
    if (imported === undefined) add(undefined, node, place)
    for (const { member, local } of imported ?? []) {
      if (member === undefined) aliases.add(local)
      else add(member, node, place)
    }
  })
  walk(file.program, (node, place) => {
    if (node.type !== 'Identifier' || !isValue(place)) return
    if (aliases.has(node.name)) {
      for (const { member } of takenOf(node, place)) add(member, node, place)
    } else if (globalObjects.includes(node.name)) {
      for (const taken of takenOf(node, place)) {
        if (taken.member === undefined) add(undefined, node, place)
        else if (taken.member === name) for (const { member } of taken.next()) add(member, node, place)
      }
    }
  })
  return uses
}

interface Taken {
  member: string | undefined
  /** What is taken of that member. */
  next(): Taken[]
}

const asValue: Taken = { member: undefined, next: () => [] }

/** What is taken of the object that an expression yields. */
function takenOf(node: SyntaxNode, { parent, member, above }: Place): Taken[] {
  if (parent === undefined || above === undefined) return [asValue]
  switch (parent.type) {
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'ChainExpression':
      return takenOf(parent, above)
    case 'MemberExpression': {
      if (parent.object !== node) return [asValue]
      const key = parent.computed ? textOf(parent.property) : nameOf(parent.property)
      return key === undefined ? [asValue] : [{ member: key, next: () => takenOf(parent, above) }]
    }
    case 'VariableDeclarator':
      return member === 'init' ? takenBy(parent.id) : [asValue]
    case 'AssignmentPattern':
    case 'AssignmentExpression':
      return member === 'right' ? takenBy(parent.left) : [asValue]
    case 'UnaryExpression':
      return parent.operator === 'typeof' ? [] : [asValue]
    default:
      return [asValue]
  }
}

/** What a pattern takes of the object that it destructures. */
function takenBy(pattern: ESTree.Node): Taken[] {
  if (pattern.type === 'AssignmentPattern') return takenBy(pattern.left)
  if (pattern.type !== 'ObjectPattern') return [asValue]
  return pattern.properties.map((each) => {
    if (each.type !== 'Property') return asValue
    const key = each.computed ? textOf(each.key) : (nameOf(each.key) ?? textOf(each.key))
    return key === undefined ? asValue : { member: key, next: () => takenBy(each.value) }
  })
}

/** Whether an identifier stands for a value, not for a key, a label or a type. */
function isValue({ parent, member }: Place): boolean {
  if (parent === undefined) return true
  switch (parent.type) {
    case 'MemberExpression':
      return member === 'object' || parent.computed
    case 'Property':
      // Of `{ process }` the value is looked at; in a pattern that takes it of `globalThis`, that one is.
      return member === 'value' || parent.computed
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
    case 'TSEnumMember':
      return (
        member === 'value' || member === 'initializer' || ('computed' in parent && parent.computed === true)
      )
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'ExportAllDeclaration':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return false
    case 'ExportSpecifier':
      return member === 'local'
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'TSExportAssignment':
      return member === 'expression'
    case 'TSParameterProperty':
      return true
    default:
      return !parent.type.startsWith('TS')
  }
}

/** Whether a node loads the module that exports the global: any form of import, `require()`, `process.getBuiltinModule()`. */
function namesModule(node: SyntaxNode, name: string): boolean {
  const isIt = (source: ESTree.Node | null | undefined) =>
    [name, `node:${name}`].includes(textOf(source ?? undefined) ?? '')
  switch (node.type) {
    case 'ImportDeclaration':
      return node.importKind !== 'type' && isIt(node.source)
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.exportKind !== 'type' && isIt(node.source)
    case 'ImportExpression':
      return isIt(node.source)
    case 'CallExpression': {
      const { callee } = node
      const called = callee.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee)
      return ['require', 'getBuiltinModule'].includes(called ?? '') && isIt(node.arguments[0])
    }
    default:
      return false
  }
}

/** The names that an import declaration binds, each with the member it stands for; undefined for other forms. */
function importedFrom(node: SyntaxNode): { local: string; member: string | undefined }[] | undefined {
  if (node.type !== 'ImportDeclaration') return undefined
  return node.specifiers.map((each) => {
    const imported =
      each.type === 'ImportSpecifier' ? (nameOf(each.imported) ?? textOf(each.imported)) : undefined
    return { local: each.local.name, member: imported === 'default' ? undefined : imported }
  })
}

function nameOf(node: ESTree.Node): string | undefined {
  return node.type === 'Identifier' ? node.name : undefined
}
