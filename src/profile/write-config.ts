import { join } from 'node:path'
import { ensurePrivateDirectory } from '../private-directory.ts'
import { writePrivateFile } from '../private-file.ts'
import type { Config } from './config.ts'
import { configSchema } from './config-schema.ts'
import { configFileName, configVersion, readConfig } from './read-config.ts'

const schemaFileName = 'config.schema.json'

/** What writing the configuration needs from outside: where it lies, one lock for all writers, a voice. */
export interface ConfigWriter {
  directory: string
  withLock: <T>(run: () => Promise<T>) => Promise<T>
  warn: (line: string) => void
}

/**
 * Changes the configuration: reads it again under the lock, applies `change`, writes it atomically (0600).
 * Many logins end at the same time; each must find the others' profiles again.
 */
export function updateConfig(writer: ConfigWriter, change: (config: Config) => Config): Promise<Config> {
  return writer.withLock(async () => {
    const before = readConfig(writer.directory, writer.warn)
    const after = change(before)
    if (after === before) return before
    ensurePrivateDirectory(writer.directory, writer.warn)
    writePrivateFile(join(writer.directory, schemaFileName), `${JSON.stringify(configSchema, null, 2)}\n`)
    writePrivateFile(join(writer.directory, configFileName), serializeConfig(after))
    return after
  })
}

/** The text of `config.json`, with the schema that editors use for completion and checks. */
export function serializeConfig(config: Config): string {
  const { profiles, ...rest } = config
  const file = {
    $schema: `./${schemaFileName}`,
    version: configVersion,
    ...rest,
    profiles: Object.fromEntries(profiles),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}
