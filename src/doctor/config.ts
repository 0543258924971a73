import { type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { inWords, statsOf, windows } from '../files/index.ts'
import { printable, type ShellWords, shells, shellWord, t } from '../kit/index.ts'
import {
  type Config,
  checkConfigWritable,
  checkStateWritable,
  configFileName,
  emptyConfig,
  type Place,
} from '../profiles/index.ts'
import type { SessionContext } from '../session/index.ts'
import { type Failure, type Finding, failureOf, octal, ok, problem, warning } from './finding.ts'
import { byClosing } from './remedy.ts'

/** The configuration as it was found; modes are those before it was read (reading repairs the file's). */
export interface ConfigFacts {
  path: string
  directory: string
  fileMode: number | undefined
  /** A regular file of ours, not a link or a file of root's: those may be open to others. */
  isPrivate: boolean
  directoryMode: number | undefined
  read: { kind: 'config'; config: Config } | Failure
  /** Why it can only be read; undefined where it can be changed. */
  onlyRead?: string | undefined
}

const configureCommand = 'sesame configure --signin-url https://…/login'

/** The configuration: can it be read, can others touch it, does the current profile exist. */
export function checkConfig(facts: ConfigFacts, words: ShellWords = shells.posix): Finding[] {
  const { path, directory, fileMode, directoryMode, read } = facts
  const shown = printable(path)
  if (read.kind === 'failed') {
    return [problem('config', read.message, read.hint ?? words.move(shown, `${shown}.bad`))]
  }
  if (fileMode === undefined)
    return [warning('config', t('{path} does not exist yet', { path: shown }), configureCommand)]
  const { config } = read
  const findings = [ok('config', saysValid(shown, config.profiles.size, facts.onlyRead))]
  if (facts.isPrivate && (fileMode & 0o077) !== 0) {
    const message = t('{path} was open to other users (mode {mode})', { path: shown, mode: octal(fileMode) })
    findings.push(warning('config', message, `chmod 600 ${shellWord(shown)}`))
  }
  if (directoryMode !== undefined && (directoryMode & 0o022) !== 0) {
    const message = t('other users can write to {path} (mode {mode})', {
      path: printable(directory),
      mode: octal(directoryMode),
    })
    const fix = `chmod 700 ${shellWord(printable(directory))}`
    findings.push(problem('config', message, fix, byClosing(directory, directoryMode)))
  }
  const { currentProfile: current } = config
  if (current !== undefined && !config.profiles.has(current)) {
    const message = t('the current profile {name} does not exist', { name: printable(current) })
    findings.push(warning('config', message, `sesame login --profile ${shellWord(printable(current))}`))
  }
  return findings
}

function saysValid(path: string, count: number, onlyRead: string | undefined): string {
  const valid =
    count === 1
      ? t('{path} is valid, 1 profile', { path })
      : t('{path} is valid, {count} profiles', { path, count })
  return onlyRead === undefined
    ? valid
    : t('{valid}; it can only be read: {reason}', { valid, reason: onlyRead })
}

/** Modes first: reading repairs that of the file. */
export function lookAtConfig(
  directory: string,
  { readConfig }: Pick<SessionContext, 'readConfig'>,
): ConfigFacts {
  const path = join(directory, configFileName)
  const facts = {
    path,
    directory,
    fileMode: undefined,
    directoryMode: undefined,
    isPrivate: false,
    onlyRead: objectionTo(directory),
  }
  try {
    const modes = {
      fileMode: modeOf(path),
      isPrivate: isOurFile(path),
      directoryMode: modeOf(directory, followed),
    }
    return { ...facts, ...modes, read: { kind: 'config', config: readConfig() } }
  } catch (error) {
    return { ...facts, read: failureOf(error) }
  }
}

/** Why the configuration cannot be changed. */
function objectionTo(directory: string): string | undefined {
  try {
    checkConfigWritable(directory)
    return undefined
  } catch (error) {
    return failureOf(error).message
  }
}

/** Whether what must be remembered can be: found out before a sign-in, and here. */
export function checkState(place: Place): Finding {
  const shown = printable(place.state)
  try {
    checkStateWritable(place, () => undefined)
    return ok('state', t('{path} can be written', { path: shown }))
  } catch (error) {
    const { message, hint } = failureOf(error)
    return problem('state', message, hint ?? t('Set SESAME_STATE_DIR to a directory of your own.'))
  }
}

/** What can be worked with: a configuration that cannot be read has been reported already. */
export function configOf({ read }: ConfigFacts): Config {
  return read.kind === 'config' ? read.config : emptyConfig
}

/** What lies at the end of all links. @throws SesameError ERR_FILE */
function followed(path: string): Stats | undefined {
  return inWords('look at', path, () => statSync(path, { throwIfNoEntry: false }))
}

function isOurFile(path: string): boolean {
  const stats = statsOf(path)
  return stats?.isFile() === true && (windows || stats.uid === process.getuid?.())
}

/** Permission bits, 0 on Windows; undefined when nothing is there. */
function modeOf(path: string, look: typeof statsOf = statsOf): number | undefined {
  const stats = look(path)
  return stats === undefined ? undefined : windows ? 0 : stats.mode & 0o777
}
