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
