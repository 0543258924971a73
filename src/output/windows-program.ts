import { statSync } from 'node:fs'
import { join, win32 } from 'node:path'
import { copyEnvironment, type Environment, errorCode, t } from '../kit/index.ts'

/** How a program of Windows is started; `verbatim`: the words are written into the command line as they are. */
export type WindowsProgram =
  | { kind: 'start'; file: string; words: readonly string[]; verbatim: boolean }
  | { kind: 'not-found' }
  | { kind: 'not-runnable'; reason: string }

/**
 * Looks a program up as `cmd` does, along PATH and PATHEXT, but not in the current directory: a checkout of another author must not
 * choose which program gets the credentials. A command with a separator or a drive is a path. Batch files are run
 * by `cmd`, with words that it takes for nothing but words.
 */
export function findWindowsProgram(
  command: string,
  words: readonly string[],
  childEnv: Environment,
): WindowsProgram {
  const env = copyEnvironment(childEnv, 'win32')
  // Windows leaves dots and blanks at the end of a name away: `x.cmd.` is the batch file.
  const name = command.replace(/[. ]+$/, '') || command
  const found = lookUp(name, env)
  if (typeof found === 'object') return found
  const extension = win32.extname(found).toLowerCase()
  if (direct.includes(extension)) return { kind: 'start', file: found, words, verbatim: false }
  if (batch.includes(extension)) return startBatch(found, words, env)
  const runner = runners[extension]
  const reason =
    runner === undefined
      ? t('it is no program; name the one that opens it')
      : t('it is a script; name its interpreter: sesame exec -- {runner} …', { runner })
  return { kind: 'not-runnable', reason }
}

const direct = ['.exe', '.com']
const batch = ['.cmd', '.bat']
/** What runs a script that Windows itself would only open. */
const runners: Readonly<Record<string, string>> = {
  '.ps1': 'powershell -File SCRIPT',
  '.js': 'node SCRIPT',
  '.mjs': 'node SCRIPT',
  '.cjs': 'node SCRIPT',
  '.py': 'py SCRIPT',
  '.sh': 'bash SCRIPT',
  '.vbs': 'cscript //nologo SCRIPT',
  '.wsf': 'cscript //nologo SCRIPT',
}

/** The path of the file that a command means, or why there is none. */
function lookUp(name: string, env: Environment): string | WindowsProgram {
  const endings = (env.PATHEXT || '.COM;.EXE;.BAT;.CMD').toLowerCase().split(';')
  const isIn = (path: string) => candidates(path, endings).find((each) => kindOf(each) === 'file')
  if (/[\\/:]/.test(name)) {
    const found = isIn(name)
    if (found !== undefined) return found
    const kind = kindOf(name)
    if (kind === 'directory') return { kind: 'not-runnable', reason: t('it is a directory') }
    return kind === undefined
      ? { kind: 'not-found' }
      : { kind: 'not-runnable', reason: t('its name has no ending that Windows runs (PATHEXT)') }
  }
  const entries = (env.PATH ?? '').split(';').map((entry) => entry.replaceAll('"', ''))
  for (const entry of entries) {
    const found = win32.isAbsolute(entry) ? isIn(join(entry, name)) : undefined
    if (found !== undefined) return found
  }
  if (isIn(name) === undefined) return { kind: 'not-found' }
  const reason = t('only the current directory has it; if you mean that one: .\\{name}', { name })
  return { kind: 'not-runnable', reason }
}

/** A file without one of the endings is nothing that Windows runs: the `npm` beside `npm.cmd` is for other systems. */
function candidates(path: string, endings: readonly string[]): string[] {
  const own = win32.extname(path).toLowerCase()
  const known = [...endings, ...direct, ...batch, ...Object.keys(runners)]
  return [
    ...(own !== '' && known.includes(own) ? [path] : []),
    ...endings.filter((ending) => ending.startsWith('.')).map((ending) => path + ending),
  ]
}

/**
 * Between double quotes `cmd` takes everything for text but a quote, `%` and line ends; what has one of these could become a
 * command (CVE-2024-27980) and is refused. Extensions on, delayed expansion (`!`) and AutoRun off.
 */
function startBatch(path: string, words: readonly string[], env: Environment): WindowsProgram {
  const unsafe = [path, ...words].some((word) => /["%\r\n\0]/.test(word))
  if (unsafe) {
    const reason = t(
      'it is a batch file, and cmd could run what is behind a quote, % or line end as a command; name the program that it starts',
    )
    return { kind: 'not-runnable', reason }
  }
  // A backslash before the closing quote would make it part of the word for the program behind the batch file.
  const quoted = [path, ...words].map((word) => `"${word.replace(/\\+$/, '$&$&')}"`)
  return {
    kind: 'start',
    file: systemProgram('cmd.exe', env),
    words: ['/d', '/e:on', '/v:off', '/s', '/c', `"${quoted.join(' ')}"`],
    verbatim: true,
  }
}

/** A program of Windows itself, by its full path. */
export function systemProgram(name: string, env: Environment): string {
  return win32.join(env.SystemRoot || 'C:\\Windows', 'System32', name)
}

function kindOf(path: string): 'file' | 'directory' | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats && (stats.isDirectory() ? 'directory' : 'file')
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}
