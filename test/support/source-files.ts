import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { type ESTree, parseSync } from 'rolldown/utils'

/** A TypeScript file, parsed. */
export interface SourceFile {
  /** Relative to the root that was read, with slashes on every platform: `http/fetch.ts`. */
  path: string
  text: string
  program: ESTree.Program
}

/** A node of the syntax tree, with whatever members its type has. */
export type SyntaxNode = ESTree.Node & Record<string, unknown>

/** What a node hangs on: its parent, and the parent's member that holds it. */
export interface Place {
  parent: SyntaxNode | undefined
  member: string
  /** The place of the parent. */
  above: Place | undefined
}

/** Every TypeScript file below a directory. */
export function readSourceFiles(root: string): SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll(sep, '/'))
    .filter((name) => /\.m?ts$/.test(name))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')))
}

/** @throws Error when the text is no TypeScript */
export function parseSource(path: string, text: string): SourceFile {
  // Without nodes for parentheses: `(process).env` is `process.env`.
  const { program, errors } = parseSync(path, text, { preserveParens: false })
  if (errors.length > 0) throw new Error(`${path}: ${errors.map(({ message }) => message).join('; ')}`)
  return { path, text, program }
}

/** Visits every node below `root`, parents before children, in the order of the text. */
export function walk(root: ESTree.Node, visit: (node: SyntaxNode, place: Place) => void): void {
  const step = (node: SyntaxNode, place: Place) => {
    visit(node, place)
    for (const [member, value] of Object.entries(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) step(child, { parent: node, member, above: place })
      }
    }
  }
  step(root as SyntaxNode, { parent: undefined, member: '', above: undefined })
}

/** The line, from 1, in which a node begins. */
export function lineOf({ text }: SourceFile, { start }: { start: number }): number {
  return text.slice(0, start).split('\n').length
}

/** The folder of a path: `http/redaction` of `http/redaction/text.ts`, empty for a file of the root. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
