import { type DeclaredText, type FixedText, shownText, t } from '../kit/index.ts'
import { kinds } from './kinds.ts'
import type { Kind, Setting, SettingsTable } from './setting.ts'
import { settings } from './settings.ts'

/** An option of the command line that sets a setting, as the commands' declarations have it. */
export interface SettingOption {
  /** The key of the setting. */
  setting: string
  /** Without dashes. */
  name: string
  aliases?: readonly string[]
  /** Placeholder of its value; a switch has none. */
  value?: string
  summary: DeclaredText
  group?: FixedText
  values?: readonly string[]
  /** Accepted too, but not shown. */
  otherValues?: readonly string[]
  completes?: 'profile' | 'file'
  /** What the switch of a flag sets it to. */
  sets?: boolean
  /** An empty value takes the setting away. */
  mayBeEmpty?: boolean
}

/** The options of all settings that have one, in the order of the table; a flag has two, the one that changes something first. */
export function settingOptions(table: SettingsTable = settings): SettingOption[] {
  return Object.entries(table).flatMap(([key, row]) => optionsOf(key, row))
}

/** The options of the settings that `sesame login` takes too, for one sign-in. */
export function loginOptions(table: SettingsTable = settings): SettingOption[] {
  return settingOptions(loginTable(table)).map(({ group, ...option }) => option)
}

/** The rows of those settings. */
export function loginTable(table: SettingsTable = settings): SettingsTable {
  return Object.fromEntries(Object.entries(table).filter(([, { option }]) => option?.atLogin))
}

/** A setting as messages name it, with dashes: by its option. */
export function optionOf(setting: string, table: SettingsTable = settings): string {
  const row = table[setting]
  const [first] = row === undefined ? [] : optionsOf(setting, row)
  return `--${first?.name ?? dashed(setting)}`
}

/** The options that say how a profile signs in: "--a, --b and --c, or --d". */
export function kindOptions(): string {
  const ways = Object.values(kinds).map(({ saidBy }) => {
    const [first = '', second] = saidBy.map((key) => optionOf(key))
    return second === undefined ? first : t('{first} and {second}', { first, second })
  })
  return t('{list}, or {last}', { list: ways.slice(0, -1).join(', '), last: ways.at(-1) ?? '' })
}

/** The secret of a client or application, and its option: the value goes to the store. */
export interface SecretOption extends NonNullable<Setting['secret']> {
  kinds: readonly Kind[]
  /** Without dashes. */
  option: string
  /** The question for it; without one it is asked for as `what`. */
  prompt: DeclaredText
}

/** All of them, in the order of the table. */
export function secretOptions(table: SettingsTable = settings): SecretOption[] {
  return settingOptions(table).flatMap(({ setting, name }) => {
    const { kinds = [], prompt, secret } = table[setting] ?? {}
    return secret === undefined
      ? []
      : [{ ...secret, kinds, option: name, prompt: prompt?.text ?? secret.what }]
  })
}

/** The one that profiles of a kind have; undefined for kinds without a secret. */
export function secretOf(kind: Kind, table: SettingsTable = settings): SecretOption | undefined {
  return secretOptions(table).find((each) => each.kinds.includes(kind))
}

function optionsOf(setting: string, row: Setting): SettingOption[] {
  const { option, type, values, alsoWritten, forAllProfiles } = row
  if (option === undefined) return []
  const { aliases, value, summary, summaryOfNo, group, mayBeEmpty = values === undefined } = option
  const name = option.name ?? `${dashed(setting)}${type === 'secret' ? '-stdin' : ''}`
  const common = { setting, name, summary, ...(group && { group }) }
  if (type === 'flag') {
    const yes = { ...common, sets: true }
    if (option.onlyYes) return [yes]
    const no = {
      ...common,
      sets: false,
      name: `no-${name}`,
      summary: summaryOfNo ?? (() => t('the contrary of --{name}', { name })),
    }
    return row.default ? [no, yes] : [yes, no]
  }
  const completes = { 'public-key': 'file', 'profile-name': 'profile' } as const
  return [
    {
      ...common,
      ...(aliases && { aliases }),
      ...(value && { value }),
      ...(values && {
        values,
        summary: () => t('{summary}: {values}', { summary: shownText(summary), values: values.join(', ') }),
      }),
      ...(alsoWritten && { otherValues: Object.keys(alsoWritten) }),
      ...((type === 'public-key' || type === 'profile-name') && { completes: completes[type] }),
      // Without a setting that it needs, the profile as a whole is refused.
      ...(value && mayBeEmpty && !forAllProfiles && { mayBeEmpty }),
    },
  ]
}

function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
