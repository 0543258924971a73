import { lineOf, type SourceFile, type SyntaxNode, walk } from '../support/source-files.ts'

/** A function, method, constructor or arrow function with a body. */
export interface FunctionSize {
  /** `http/fetch.ts:12` */
  where: string
  parameters: number
  /** From its first line, parameters included, to its last. */
  lines: number
}

/** Every function of a file, nested ones too. */
export function functionsOf(file: SourceFile): FunctionSize[] {
  const functions: FunctionSize[] = []
  walk(file.program, (node) => {
    if (!isFunction(node)) return
    const line = lineOf(file, node)
    functions.push({
      where: `${file.path}:${line}`,
      parameters: parametersOf(node).length,
      lines: lineOf(file, { start: node.end - 1 }) - line + 1,
    })
  })
  return functions
}

export type FunctionNode = Extract<
  SyntaxNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>

/** Whether a node is a function with a body; signatures of overloads are none. */
export function isFunction(node: SyntaxNode): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  )
}

/** Its parameters without `this`, which is a type only. */
export function parametersOf({ params }: FunctionNode): FunctionNode['params'] {
  return params.filter((each) => !(each.type === 'Identifier' && each.name === 'this'))
}
