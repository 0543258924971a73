import { SesameError, t } from '../../../kit/index.ts'
import {
  type ProfileSettings,
  type Setting,
  type SettingOption,
  type SettingsTable,
  type SettingType,
  settingOptions,
  settings,
} from '../../../profiles/index.ts'
import type { Input } from '../../command.ts'
import { parseDuration } from '../../duration.ts'
import { readInputFile } from '../../read-input-file.ts'

/** It is kept in the configuration. */
const longestKeyBytes = 64 * 1024

/** The types whose value is more than the text of their option; an empty text takes the setting away. */
const readers: Partial<Record<SettingType, (text: string, option: string) => unknown>> = {
  port: (text) => (/^\d{1,5}$/.test(text) ? Number(text) : Number.NaN),
  'role-duration': parseDuration,
  'public-key': async (path) => (await readInputFile(path, longestKeyBytes)).trim(),
}

/** What the options say about a profile; undefined members were not given. */
export async function readSettings(input: Input, table: SettingsTable = settings): Promise<ProfileSettings> {
  const said: [string, unknown][] = []
  for (const [key, row] of Object.entries(table)) {
    if (row.type === 'secret') continue
    const options = settingOptions({ [key]: row })
    said.push([key, row.type === 'flag' ? readFlag(input, options) : await readText(input, row, options)])
  }
  return Object.fromEntries(said)
}

/** The options of a profile that were given, as they are written; none of them makes sense without one. */
export function givenProfileOptions(input: Input, table: SettingsTable = settings): string[] {
  return settingOptions(table)
    .filter(({ setting, name }) => !table[setting]?.forAllProfiles && input.has(name))
    .map(({ name }) => name)
}

async function readText(
  input: Input,
  { type }: Setting,
  [option]: readonly SettingOption[],
): Promise<unknown> {
  if (option === undefined) return undefined
  const text = input.text(option.name)
  return text && (readers[type]?.(text, option.name) ?? text)
}

function readFlag(input: Input, options: readonly SettingOption[]): boolean | undefined {
  const [given, other] = options.filter(({ name }) => input.has(name))
  if (given !== undefined && other !== undefined) {
    const [yes, no] = given.sets ? [given, other] : [other, given]
    throw new SesameError(
      'ERR_USAGE',
      t('{option} and {other} contradict each other.', { option: `--${yes.name}`, other: `--${no.name}` }),
    )
  }
  return given?.sets
}
