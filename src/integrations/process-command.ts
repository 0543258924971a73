import { accessSync, constants, realpathSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { realPath } from '../files/index.ts'
import { errorCode, shellWord, singleQuoted } from '../kit/index.ts'

export interface OwnCommandOptions {
  platform: NodeJS.Platform
  /** The PATH to look in. */
  path: string | undefined
  /** The Node that runs this, or the standalone executable. */
  execPath: string
  /** The script it runs; undefined for a standalone executable. */
  scriptPath: string | undefined
}

/**
 * The words that start this program from another: `sesame` where the PATH leads to it (that survives an update of Node
 * or of sesame), else Node and the script by their full paths; Node by its name, if its path needs quotes and the PATH leads
 * to the same one. On Windows never `sesame`: what lies on the PATH there is a batch file, which SDKs cannot start without a shell.
 * A standalone executable needs no Node: it is `sesame`, or its full path.
 */
export function ownCommand({ platform, path = '', execPath, scriptPath }: OwnCommandOptions): string[] {
  if (scriptPath === undefined) {
    const isSame = platform !== 'win32' && firstOnPath('sesame', path) === executableAt(execPath)
    return [isSame ? 'sesame' : execPath]
  }
  const script = realPath(scriptPath) ?? scriptPath
  if (platform !== 'win32' && firstOnPath('sesame', path) === script) return ['sesame']
  if (quote(execPath, platform) === execPath) return [execPath, script]
  const node = platform === 'win32' ? 'node.exe' : 'node'
  const isSame = firstOnPath(node, path) === executableAt(execPath)
  return [isSame ? 'node' : execPath, script]
}

/** The real path of the first program of that name on the PATH. */
function firstOnPath(name: string, path: string): string | undefined {
  return (
    path
      .split(delimiter)
      // `npx` and package scripts put such directories on the PATH for as long as they run.
      .filter((each) => isAbsolute(each) && !/node_modules\/\.bin\/?$/.test(each))
      .map((directory) => executableAt(join(directory, name)))
      .find((found) => found !== undefined)
  )
}

/** A command line for tools that split it as a POSIX shell does, and run it without one. On Windows `\` is a plain character. */
export function commandLine(words: readonly string[], platform: NodeJS.Platform): string {
  return words.map((word) => quote(word, platform)).join(' ')
}

/** What the user types to sign in. */
export function loginCommand(profile: string): string {
  return `sesame login --profile ${shellWord(profile)}`
}

function quote(word: string, platform: NodeJS.Platform): string {
  // Older releases split at blanks and know no quotes, so there are none where none are needed.
  if (/^[\w@%+=:,./-]+$/.test(word) || (platform === 'win32' && /^[\w@%+=:,./\\-]+$/.test(word))) return word
  return platform === 'win32' ? `"${word}"` : singleQuoted(word)
}

/** The real path of a program that can be run; undefined when nothing of the kind is there. */
function executableAt(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK)
    return realpathSync(path)
  } catch (error) {
    // Whatever keeps it from being looked at keeps it from being run.
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}
