import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** A program in the background whose text can be waited for. */
export interface Driven {
  child: ChildProcess
  /** All that it and its child wrote to stdout and stderr, or that the terminal showed. */
  text(): string
  /** Resolves once the text matches. */
  shows(pattern: RegExp): Promise<RegExpMatchArray>
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** `run-child-driver.ts` as one plain JavaScript file, which starts as fast as the real program does. */
export async function buildDriver(): Promise<{ path: string; directory: string; remove(): void }> {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-driver-'))
  const path = join(directory, 'driver.mjs')
  const bundle = await rolldown({
    input: join(import.meta.dirname, 'run-child-driver.ts'),
    platform: 'node',
    treeshake: { moduleSideEffects: [{ test: /\/src\//, sideEffects: false }] },
  })
  await bundle.write({ file: path, format: 'esm' })
  await bundle.close()
  return { path, directory, remove: () => rmSync(directory, { recursive: true, force: true }) }
}

/** Starts a program without a terminal, in a session of its own, so that no terminal of the tests counts. */
export function drive(
  program: string,
  words: readonly string[],
  { env = {}, descriptors = 0 }: { env?: Record<string, string>; descriptors?: number } = {},
): Driven {
  const child = spawn(program, words, {
    detached: true,
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', TERM: 'dumb', ...env },
    stdio: ['pipe', 'pipe', 'pipe', ...Array.from({ length: descriptors }, () => 'pipe' as const)],
  })
  let text = ''
  let over = false
  const watchers = new Set<() => void>()
  const look = () => {
    for (const watcher of watchers) watcher()
  }
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part
      look()
    })
  child.stdin?.on('error', () => {
    // It may end without reading.
  })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      over = true
      look()
      resolve({ code, signal })
    })
  })
  return {
    child,
    text: () => text,
    ended,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = pattern.exec(text)
          if (match === null && !over) return
          watchers.delete(check)
          if (match === null) reject(new Error(`${pattern} never came:\n${text}`))
          else resolve(match)
        }
        watchers.add(check)
        check()
      }),
  }
}
