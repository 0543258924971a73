import { basename, dirname, join } from 'node:path'
import { namesIn } from '../files/index.ts'
import { standaloneTarget } from '../kit/index.ts'

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
