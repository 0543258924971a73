import type { Environment } from './environment.ts'
import { shellWord } from './shell-quote.ts'

/** Commands that are printed for a user to paste, in the words of one shell. */
export interface ShellWords {
  /** A literal word, such as a path. */
  word(text: string): string
  set(values: Readonly<Record<string, string>>): string
  unset(names: readonly string[]): string
  /** Makes this shell take the credentials that `sesame login` prints; `options` begins with a blank. */
  evaluateLogin(options: string): string
  move(from: string, to: string): string
  removeFile(path: string): string
  removeDirectory(path: string): string
  /** A command with a variable of its own, where the shell has that; else with the variable set before. */
  runWith(name: string, value: string, command: string): string
  /** The second command after the success of the first. */
  inOrder(first: string, second: string): string
}

/** Values are ours, or a placeholder for one that the user has: nothing in them is quoted beyond what the shell needs. */
const posix: ShellWords = {
  word: shellWord,
  set: (values) => `export ${assignments(values, (name, value) => `${name}=${value}`).join(' ')}`,
  unset: (names) => `unset ${names.join(' ')}`,
  evaluateLogin: (options) => `eval "$(sesame login${options} --env)"`,
  move: (from, to) => `mv ${shellWord(from)} ${shellWord(to)}`,
  removeFile: (path) => `rm ${shellWord(path)}`,
  removeDirectory: (path) => `rm -r ${shellWord(path)}`,
  runWith: (name, value, command) => `${name}=${value} ${command}`,
  inOrder: (first, second) => `${first} && ${second}`,
}

/** Backslashes and quotes are the two that have a meaning within its single quotes. */
const inFish = (text: string) =>
  shellWord(text).includes("'") ? `'${text.replace(/[\\']/g, '\\$&')}'` : shellWord(text)

const fish: ShellWords = {
  ...posix,
  word: inFish,
  set: (values) => assignments(values, (name, value) => `set -gx ${name} ${value}`).join('; '),
  unset: (names) => `set -e ${names.join(' ')}`,
  evaluateLogin: (options) => `sesame login${options} --format fish | source`,
  move: (from, to) => `mv ${inFish(from)} ${inFish(to)}`,
  removeFile: (path) => `rm ${inFish(path)}`,
  removeDirectory: (path) => `rm -r ${inFish(path)}`,
}

/** A quote within single quotes is doubled there, the typographic ones as well. */
const inPowershell = (text: string) =>
  shellWord(text) === text ? text : `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`

const powershell: ShellWords = {
  word: inPowershell,
  set: (values) => assignments(values, (name, value) => `$Env:${name} = '${value}'`).join('; '),
  unset: (names) => `Remove-Item ${names.map((name) => `Env:${name}`).join(', ')}`,
  evaluateLogin: (options) => `sesame login${options} --format powershell | Out-String | Invoke-Expression`,
  move: (from, to) => `Move-Item -LiteralPath ${inPowershell(from)} ${inPowershell(to)}`,
  removeFile: (path) => `Remove-Item -LiteralPath ${inPowershell(path)}`,
  runWith: (name, value, command) => `$Env:${name} = '${value}'; ${command}`,
  removeDirectory: (path) => `Remove-Item -Recurse -LiteralPath ${inPowershell(path)}`,
  // Windows PowerShell 5.1 has no &&.
  inOrder: (first, second) => `${first}; if ($?) { ${second} }`,
}

/** No name of a file has a quote on Windows. */
const inCmd = (text: string) => (shellWord(text) === text ? text : `"${text.replaceAll('"', '""')}"`)

const cmd: ShellWords = {
  word: inCmd,
  set: (values) => assignments(values, (name, value) => `set "${name}=${value}"`).join(' & '),
  unset: (names) => names.map((name) => `set "${name}="`).join(' & '),
  evaluateLogin: (options) => `for /f "delims=" %i in ('sesame login${options} --format cmd') do @%i`,
  move: (from, to) => `move ${inCmd(from)} ${inCmd(to)}`,
  removeFile: (path) => `del ${inCmd(path)}`,
  runWith: (name, value, command) => `set "${name}=${value}" & ${command}`,
  removeDirectory: (path) => `rmdir /s ${inCmd(path)}`,
  inOrder: (first, second) => `${first} && ${second}`,
}

export const shells = { posix, fish, powershell, cmd }

/**
 * The words of the shell that this process was started from, as far as its environment shows. PowerShell adds the user's own
 * directory to PSModulePath, cmd exports PROMPT, Git Bash and MSYS2 have MSYSTEM. What shows nothing is PowerShell on
 * Windows, and elsewhere a POSIX shell, unless SHELL, the user's own one, is fish.
 */
export function shellWordsOf(env: Environment, platform: NodeJS.Platform): ShellWords {
  if (env.POWERSHELL_DISTRIBUTION_CHANNEL) return powershell
  if (platform !== 'win32' || env.MSYSTEM)
    return /(?:^|[\\/])fish(?:\.exe)?$/.test(env.SHELL ?? '') ? fish : posix
  const home = env.USERPROFILE?.toLowerCase()
  const modules = env.PSModulePath?.toLowerCase().split(';') ?? []
  const inPowershellNow = home !== undefined && modules.some((entry) => entry.startsWith(`${home}\\`))
  return env.PROMPT && !inPowershellNow ? cmd : powershell
}

function assignments(
  values: Readonly<Record<string, string>>,
  assign: (name: string, value: string) => string,
): string[] {
  return Object.entries(values).map(([name, value]) => assign(name, value))
}
