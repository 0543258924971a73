import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { windows } from '../files/index.ts'
import { type Config, configFileName, emptyConfig } from '../profiles/index.ts'
import type { SessionContext } from '../session/index.ts'
import type { ConfigFacts } from './check-config.ts'
import { failureOf } from './finding.ts'

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
