import { dirname, join } from 'node:path'
import { ensurePrivateDirectory, writePrivateFile } from '../files/index.ts'
import { SesameError, storeChoices, t, type Warn } from '../kit/index.ts'
import type { Config } from './config.ts'
import { checkConfigWritable, maxConfigBytes } from './config-file.ts'
import { configVersion } from './read-config.ts'
import {
  type Kind,
  kindNames,
  membersOfKind,
  type Setting,
  type SettingsTable,
  settingTypes,
} from './setting.ts'
import { settings } from './settings.ts'

const schemaFileName = 'config.schema.json'

/**
 * Writes the configuration, atomically and 0600, with its schema beside it. A link of ours is followed, so that it stays one.
 * @throws SesameError ERR_FILE
 */
export function writeConfig(directory: string, config: Config, warn: Warn): void {
  const path = checkConfigWritable(directory)
  const real = dirname(path)
  // Behind a link it was looked at, and is as open as its owner wants it.
  if (real === directory) ensurePrivateDirectory(real, warn)
  writePrivateFile(join(real, schemaFileName), `${JSON.stringify(configSchemaOf(), null, 2)}\n`)
  writePrivateFile(path, serializeConfig(config))
}

/** @throws SesameError ERR_CONFIG for a configuration that could not be read again */
export function checkConfigSize(config: Config): void {
  if (Buffer.byteLength(serializeConfig(config)) <= maxConfigBytes) return
  const { size } = config.profiles
  const message = t('{count} profiles are more than the configuration can hold.', { count: size })
  throw new SesameError('ERR_CONFIG', message, { hint: t('Take fewer of them with --match.') })
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

/** JSON Schema of `config.json`, written beside it so that an editor can complete and check it offline. */
export function configSchemaOf(table: SettingsTable = settings): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'sesame configuration',
    description: 'Names and choices only: secrets are kept in the store.',
    type: 'object',
    properties: {
      version: { const: 1 },
      signInUrl: { type: 'string', format: 'uri', description: 'Default CloudSSO sign-in URL.' },
      store: {
        enum: storeChoices,
        description: 'Where secrets are kept; auto takes the OS keychain where it works.',
      },
      profiles: {
        type: 'object',
        additionalProperties: { oneOf: kindNames.map((kind) => schemaOfKind(kind, table)) },
      },
    },
  }
}

function schemaOfKind(kind: Kind, table: SettingsTable): Record<string, unknown> {
  const rows = membersOfKind(kind, table)
  const required = rows.filter(([, row]) => row.required?.includes(kind)).map(([key]) => key)
  return {
    type: 'object',
    required: ['kind', ...required],
    properties: {
      kind: { const: kind },
      ...Object.fromEntries(rows.map(([key, row]) => [key, schemaOfValue(row)])),
    },
  }
}

function schemaOfValue({ type, values, description }: Setting): Record<string, unknown> {
  return { ...(values ? { enum: values } : settingTypes[type]), ...(description && { description }) }
}
