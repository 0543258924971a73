import { join } from 'node:path'
import { ensurePrivateDirectory, writePrivateFile } from '../files/index.ts'
import type { Config } from './config.ts'
import { configSchemaOf } from './config-schema.ts'
import { configFileName, configVersion } from './read-config.ts'

const schemaFileName = 'config.schema.json'

/** Writes the configuration, atomically and 0600, with its schema beside it. @throws SesameError ERR_FILE */
export function writeConfig(directory: string, config: Config, warn: (line: string) => void): void {
  ensurePrivateDirectory(directory, warn)
  writePrivateFile(join(directory, schemaFileName), `${JSON.stringify(configSchemaOf(), null, 2)}\n`)
  writePrivateFile(join(directory, configFileName), serializeConfig(config))
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
