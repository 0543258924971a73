import type { ESTree } from 'rolldown/utils'
import { textOf } from '../support/imports.ts'
import { lineOf, type Place, type SourceFile, type SyntaxNode, walk } from '../support/source-files.ts'
import { type FunctionNode, isFunction, parametersOf } from './functions.ts'

/*
 * A pass-through function imports another file of ours when it is called, calls one function of it with what it was given
 * itself, and does nothing else:
 *
 *   async (a, b) => (await import('./x.ts')).f(a, b)
 *   async (a) => { const { f } = await import('./x.ts'); return f(a) }
 *   (a) => import('./x.ts').then(({ f }) => f(a))
 *
 * The arguments are parameters, its own or those of a function around it. A function that adds an argument (a text, a member
 * of a parameter), or chooses between two files, does something.
 */

/** Where the pass-through functions of a file are, as `session/login.ts:27`. */
export function passThroughsOf(file: SourceFile): string[] {
  const found: string[] = []
  walk(file.program, (node, place) => {
    if (isFunction(node) && onlyPassesOn(node, givenTo(node, place)))
      found.push(`${file.path}:${lineOf(file, node)}`)
  })
  return found
}

/** The parameters of a function and of those around it. */
function givenTo(node: FunctionNode, { parent, above }: Place): string[] {
  const own = parametersOf(node).flatMap(namesIn)
  let outer: string[] = []
  for (let each: Place | undefined = { parent, member: '', above }; each !== undefined; each = each.above) {
    if (each.parent !== undefined && isFunction(each.parent))
      outer = [...outer, ...parametersOf(each.parent).flatMap(namesIn)]
  }
  return [...own, ...outer]
}

function onlyPassesOn(node: FunctionNode, given: readonly string[]): boolean {
  const [first, second, ...others] = statementsOf(node)
  if (first === undefined || others.length > 0) return false
  if (second !== undefined) {
    const [declared, ...more] = first.type === 'VariableDeclaration' ? first.declarations : []
    return (
      more.length === 0 &&
      isLoaded(declared?.init) &&
      passes(resultOf(second), given, declared === undefined ? [] : namesIn(declared.id))
    )
  }
  const value = resultOf(first)
  return passes(value, given, []) || passesWhenLoaded(value, given)
}

/** The statements of a function's body; of an arrow function without braces, its value. */
function statementsOf({ body }: FunctionNode): ESTree.Node[] {
  if (body === null) return []
  return body.type === 'BlockStatement' ? body.body : [body]
}

/** What a statement returns or evaluates, without `await`. */
function resultOf(node: ESTree.Node | null | undefined): ESTree.Node | undefined {
  switch (node?.type) {
    case 'ReturnStatement':
    case 'AwaitExpression':
      return resultOf(node.argument)
    case 'ExpressionStatement':
    case 'ChainExpression':
      return resultOf(node.expression)
    default:
      return node ?? undefined
  }
}

/** `await import('./x.ts')` */
function isLoaded(node: ESTree.Node | null | undefined): boolean {
  return node?.type === 'AwaitExpression' && isOwnImport(node.argument)
}

function isOwnImport(node: ESTree.Node): boolean {
  return node.type === 'ImportExpression' && textOf(node.source)?.startsWith('.') === true
}

/** A call of something loaded, or of a member of it, with what was given; `loaded` are the names of what was loaded. */
function passes(node: ESTree.Node | undefined, given: readonly string[], loaded: readonly string[]): boolean {
  if (node?.type !== 'CallExpression') return false
  const isOneOf = (names: readonly string[], each: ESTree.Node) =>
    each.type === 'Identifier' && names.includes(each.name)
  const { callee } = node
  return (
    node.arguments.every((each) => isOneOf(given, each.type === 'SpreadElement' ? each.argument : each)) &&
    (isOneOf(loaded, callee) ||
      (callee.type === 'MemberExpression' && (isLoaded(callee.object) || isOneOf(loaded, callee.object))))
  )
}

/** `import('./x.ts').then(({ f }) => f(a))` */
function passesWhenLoaded(node: ESTree.Node | undefined, given: readonly string[]): boolean {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false
  const { object, property } = node.callee
  if (!isOwnImport(object) || property.type !== 'Identifier' || property.name !== 'then') return false
  const use = node.arguments[0] as SyntaxNode | undefined
  if (use === undefined || !isFunction(use)) return false
  const [value, ...others] = statementsOf(use)
  return others.length === 0 && passes(resultOf(value), given, parametersOf(use).flatMap(namesIn))
}

/** The names that a parameter or a declaration binds. */
function namesIn(pattern: ESTree.Node): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name]
    case 'AssignmentPattern':
      return namesIn(pattern.left)
    case 'RestElement':
      return namesIn(pattern.argument)
    case 'TSParameterProperty':
      return namesIn(pattern.parameter)
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => namesIn(each.type === 'Property' ? each.value : each))
    case 'ArrayPattern':
      return pattern.elements.flatMap((each) => (each === null ? [] : namesIn(each)))
    default:
      return []
  }
}
