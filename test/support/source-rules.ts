import type { ESTree } from 'rolldown/utils'
import { type GlobalUse, usesOfGlobal } from './global-uses.ts'
import { textOf } from './imports.ts'
import { lineOf, type SourceFile, type SyntaxNode, walk } from './source-files.ts'

/** What any module may know of its process: facts about machine, runtime and user, which nothing in the program changes. */
const processFacts = [
  ...['arch', 'geteuid', 'getBuiltinModule', 'getuid', 'hrtime', 'kill', 'pid', 'platform', 'versions'],
]

/** Uses of standard streams, arguments, environment, signals and the end of the process, or of `process` as a value. */
export function processUses(file: SourceFile): string[] {
  return usesOfGlobal(file, 'process')
    .filter(({ member }) => member === undefined || !processFacts.includes(member))
    .map((use) => describe(file, use))
}

/** Uses of `console`. */
export function consoleUses(file: SourceFile): string[] {
  return usesOfGlobal(file, 'console').map((use) => describe(file, use))
}

/** Places that read the current time: `Date.now()`, `new Date()`, `Date()`, or `Date` as a value, which could do either. */
export function currentTimeUses(file: SourceFile): string[] {
  return usesOfGlobal(file, 'Date')
    .filter(({ member, node, place: { parent, member: held } }) => {
      if (member !== undefined) return !['parse', 'UTC', 'prototype'].includes(member)
      if (parent?.type === 'NewExpression' && parent.callee === node) return parent.arguments.length === 0
      return !(parent?.type === 'BinaryExpression' && parent.operator === 'instanceof' && held === 'right')
    })
    .map((use) => describe(file, use))
}

/** Places that draw numbers that can be predicted. */
export function predictableRandomUses(file: SourceFile): string[] {
  return usesOfGlobal(file, 'Math')
    .filter(({ member }) => member === undefined || member === 'random')
    .map((use) => describe(file, use))
}

/** `URL.canParse`, which Node 20 gets wrong in a process that runs long enough: `parseUrl` of kit does not. */
export function canParseUses(file: SourceFile): string[] {
  return usesOfGlobal(file, 'URL')
    .filter(({ member }) => member === 'canParse')
    .map((use) => describe(file, use))
}

/** Default exports, which have no name that a search finds. */
export function defaultExports(file: SourceFile): string[] {
  return find(file, (node) => {
    if (node.type === 'ExportDefaultDeclaration') return 'export default'
    const exported =
      node.type === 'ExportSpecifier' || node.type === 'ExportAllDeclaration' ? node.exported : null
    const name = exported?.type === 'Identifier' ? exported.name : textOf(exported ?? undefined)
    return name === 'default' ? 'export as default' : undefined
  })
}

/** Handlers that drop an error without a statement: an empty `catch`, `.catch(() => {})`, `.catch(() => undefined)`. */
export function swallowedErrors(file: SourceFile): string[] {
  return find(file, (node) => {
    if (node.type === 'CatchClause' && node.body.body.length === 0) return 'an empty catch'
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined
    const { property } = node.callee
    const method = property.type === 'Identifier' ? property.name : textOf(property)
    const [handler] = node.arguments
    return method === 'catch' && handler !== undefined && doesNothing(handler)
      ? 'a handler of .catch() that does nothing'
      : undefined
  })
}

function doesNothing(handler: ESTree.Node): boolean {
  if (handler.type !== 'ArrowFunctionExpression' && handler.type !== 'FunctionExpression') return false
  const { body } = handler
  if (body === null) return false
  if (body.type !== 'BlockStatement') return isNothing(body)
  const [only, ...others] = body.body
  if (only === undefined) return true
  return (
    others.length === 0 &&
    only.type === 'ReturnStatement' &&
    (only.argument === null || isNothing(only.argument))
  )
}

function isNothing(node: ESTree.Node): boolean {
  return (
    (node.type === 'Identifier' && node.name === 'undefined') ||
    (node.type === 'Literal' && node.value === null && node.raw === 'null') ||
    (node.type === 'UnaryExpression' && node.operator === 'void')
  )
}

function find(file: SourceFile, judge: (node: SyntaxNode) => string | undefined): string[] {
  const found: string[] = []
  walk(file.program, (node) => {
    const what = judge(node)
    if (what !== undefined) found.push(`${file.path}:${lineOf(file, node)}: ${what}`)
  })
  return found
}

function describe(file: SourceFile, { name, member, node }: GlobalUse): string {
  return `${file.path}:${lineOf(file, node)}: ${member === undefined ? `${name} as a value` : `${name}.${member}`}`
}
