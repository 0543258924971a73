import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { windows } from '../files/index.ts'
import { printable, type ShellWords, shells, shellWord } from '../kit/index.ts'
import { type Config, configFileName, emptyConfig } from '../profiles/index.ts'
import type { SessionContext } from '../session/index.ts'
import { type Failure, type Finding, failureOf, ok, problem, warning } from './finding.ts'

/** The configuration as it was found; modes are those before it was read (reading repairs the file's). */
export interface ConfigFacts {
  path: string
  directory: string
  fileMode: number | undefined
  directoryMode: number | undefined
  read: { kind: 'config'; config: Config } | Failure
}

const configureCommand = 'sesame configure --signin-url https://…/login'

/** The configuration: can it be read, can others touch it, does the current profile exist. */
export function checkConfig(facts: ConfigFacts, words: ShellWords = shells.posix): Finding[] {
  const { path, directory, fileMode, directoryMode, read } = facts
  const shown = printable(path)
  if (read.kind === 'failed') {
    return [problem('config', read.message, read.hint ?? words.move(shown, `${shown}.bad`))]
  }
  if (fileMode === undefined) return [warning('config', `${shown} does not exist yet`, configureCommand)]
  const { config } = read
  const findings = [ok('config', `${shown} is valid, ${count(config.profiles.size, 'profile')}`)]
  if ((fileMode & 0o077) !== 0) {
    const message = `${shown} was open to other users (mode ${octal(fileMode)})`
    findings.push(warning('config', message, `chmod 600 ${shellWord(shown)}`))
  }
  if (directoryMode !== undefined && (directoryMode & 0o022) !== 0) {
    const message = `other users can write to ${printable(directory)} (mode ${octal(directoryMode)})`
    findings.push(problem('config', message, `chmod 700 ${shellWord(printable(directory))}`))
  }
  const { currentProfile: current } = config
  if (current !== undefined && !config.profiles.has(current)) {
    const message = `the current profile ${printable(current)} does not exist`
    findings.push(warning('config', message, `sesame login --profile ${shellWord(printable(current))}`))
  }
  return findings
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}

/** `0644` */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

/** Modes first: reading repairs that of the file. */
export function lookAtConfig(
  directory: string,
  { readConfig }: Pick<SessionContext, 'readConfig'>,
): ConfigFacts {
  const path = join(directory, configFileName)
  const facts = { path, directory, fileMode: modeOf(path), directoryMode: modeOf(directory) }
  try {
    return { ...facts, read: { kind: 'config', config: readConfig() } }
  } catch (error) {
    return { ...facts, read: failureOf(error) }
  }
}

/** What can be worked with: a configuration that cannot be read has been reported already. */
export function configOf({ read }: ConfigFacts): Config {
  return read.kind === 'config' ? read.config : emptyConfig
}

/** Permission bits, 0 on Windows; undefined when nothing is there. */
function modeOf(path: string): number | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats === undefined ? undefined : windows ? 0 : stats.mode & 0o777
}
