import { basename, dirname, join } from 'node:path'
import { namesIn } from '../files/index.ts'
import { standaloneTarget } from '../kit/index.ts'

/** How this program is started from another. */
export interface OwnProgram {
  /** The program to run: Node, or the standalone executable. */
  execPath: string
  /** The script that it runs; a standalone executable is whole. */
  scriptPath: string | undefined
}

/** Where this program lies, whichever build it is. The script of an executable has a path that exists in that process alone. */
export function ownProgram(): OwnProgram {
  const scriptPath = standaloneTarget === undefined ? process.argv[1] : undefined
  return { execPath: process.execPath, scriptPath }
}

/** The words that start this very program once more, as it was started. */
export function sameProgram(): [string, ...string[]] {
  const { execPath, scriptPath } = ownProgram()
  return scriptPath === undefined ? [execPath] : [execPath, ...process.execArgv, scriptPath]
}

/** What starts a script of ours in another process, given with `-e`; undefined where nothing does. */
export function scriptRunner(): string[] | undefined {
  if (standaloneTarget !== undefined) return undefined
  return [process.execPath, ...preloads(process.execArgv)]
}

/** What Node was started with that decides which modules are found (Yarn's Plug'n'Play). */
function preloads(words: readonly string[]): string[] {
  const names = /^(-r|--require|--import)$/
  return words.filter(
    (word, i) => names.test(word) || /^--(require|import)=/.test(word) || names.test(words[i - 1] ?? ''),
  )
}

let loaded = false

/**
 * Loads the parts of the built program that are not loaded yet, so that it goes on when the package is replaced or removed while it
 * runs. For commands that wait: a server, a sign-in, a prompt. From source there is nothing to load.
 */
export function loadRest(): void {
  // An executable has all its parts in itself, and its file stays readable while it runs.
  if (loaded || standaloneTarget !== undefined) return
  loaded = true
  const { createRequire } = process.getBuiltinModule('node:module')
  const { fileURLToPath } = process.getBuiltinModule('node:url')
  const here = dirname(fileURLToPath(import.meta.url))
  // This file is bundled into the program, or into one of its chunks.
  const root = basename(here) === 'chunks' ? dirname(here) : here
  const chunks = join(root, 'chunks')
  // Node finds a file that is gone only by the words by which it was found before: those of a chunk, and of the program.
  const [byChunk, byProgram] = [createRequire(join(chunks, 'any')), createRequire(join(root, 'any'))]
  for (const name of namesIn(chunks) ?? []) {
    byChunk(`./${name}`)
    byProgram(`./chunks/${name}`)
  }
}
