import type { ESTree } from 'rolldown/utils'
import { lineOf, type SourceFile, type SyntaxNode, walk } from './source-files.ts'

/** Messages and hints of errors that stand in the code as they are shown, so that no catalogue can translate them. */
export function bareErrorTexts(file: SourceFile): string[] {
  const constants = constantsOf(file)
  const found: string[] = []
  walk(file.program, (node) => {
    if (node.type !== 'NewExpression') return
    if (!isNamed(node.callee, 'SesameError') && !isNamed(node.callee, 'TokenInvalidError')) return
    const [, message, options] = node.arguments
    for (const text of [message, hintOf(options)]) {
      const bare = text && bareTextIn(text, constants)
      if (bare) found.push(`${file.path}:${lineOf(file, bare)}: ${file.text.slice(bare.start, bare.end)}`)
    }
  })
  return found
}

/** Calls of `t` that run while their file is loaded, before the language is known. */
export function textsAtLoad(file: SourceFile): string[] {
  const found: string[] = []
  walk(file.program, (node, place) => {
    if (node.type !== 'CallExpression' || !isNamed(node.callee, 't')) return
    for (let each: typeof place | undefined = place; each?.parent; each = each.above)
      if (runsLater(each.parent, each.member)) return
    found.push(`${file.path}:${lineOf(file, node)}: ${file.text.slice(node.start, node.end)}`)
  })
  return found
}

/** A field of an instance is as late as a function: it runs when the instance is made. */
function runsLater({ type, static: ofClass }: SyntaxNode, member: string): boolean {
  if (type === 'PropertyDefinition') return member === 'value' && ofClass !== true
  return /Function/.test(type) && member !== 'id'
}

function hintOf(options: ESTree.Node | undefined): ESTree.Node | undefined {
  // The hint of a TokenInvalidError is an argument of its own.
  if (options?.type !== 'ObjectExpression') return options
  for (const each of options.properties)
    if (each.type === 'Property' && isNamed(each.key, 'hint')) return each.value
  return undefined
}

/** A command line that is to be typed is the same in every language. */
function isText(words: string): boolean {
  return /[a-z]/i.test(words) && !words.startsWith('sesame ')
}

/** The first literal or template that may become the value of the expression. */
function bareTextIn(node: ESTree.Node, constants: ReadonlyMap<string, ESTree.Node>): ESTree.Node | undefined {
  const first = (...nodes: ESTree.Node[]) =>
    nodes.map((each) => bareTextIn(each, constants)).find((each) => each !== undefined)
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' && isText(node.value) ? node : undefined
    case 'TemplateLiteral':
      return node.quasis.some(({ value }) => /[a-z]/i.test(value.cooked ?? '')) ? node : undefined
    case 'ConditionalExpression':
      return first(node.consequent, node.alternate)
    case 'LogicalExpression':
    case 'BinaryExpression':
      return first(node.left, node.right)
    case 'MemberExpression':
      return first(node.object)
    case 'ObjectExpression':
      return first(...node.properties.flatMap((each) => (each.type === 'Property' ? [each.value] : [])))
    case 'Identifier': {
      const value = constants.get(node.name)
      return value && bareTextIn(value, new Map())
    }
    default:
      return undefined
  }
}

/** What the constants of the file are, by name; a name of several constants is left out. */
function constantsOf({ program }: SourceFile): Map<string, ESTree.Node> {
  const constants = new Map<string, ESTree.Node>()
  const several = new Set<string>()
  walk(program, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || node.init === null) return
    if (constants.has(node.id.name)) several.add(node.id.name)
    constants.set(node.id.name, withoutTypes(node.init))
  })
  for (const name of several) constants.delete(name)
  return constants
}

function withoutTypes(node: ESTree.Node): ESTree.Node {
  return node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression'
    ? withoutTypes(node.expression)
    : node
}

function isNamed(node: ESTree.Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name
}
