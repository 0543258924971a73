import { shownText, t } from '../../../kit/index.ts'
import { type Setting, type SettingsTable, settings } from '../../../profiles/index.ts'
import type { ProfileStatus } from '../../../session/index.ts'

/** A label and what stands beside it; what is not known is left out. */
export type Row = [string, string | undefined]

type Values = Readonly<Record<string, unknown>>

/** A line for each setting of the profile that is shown, in the order of the table. */
export function rowsOf(
  { profile, signInUrl = t('not configured') }: Pick<ProfileStatus, 'profile' | 'signInUrl'>,
  table: SettingsTable = settings,
): Row[] {
  const values: Values = { ...profile }
  return Object.entries(table).flatMap(([key, row]): Row[] => {
    if (row.show === undefined || !row.kinds.includes(profile.kind)) return []
    // What is configured for all profiles holds for one without its own.
    const value = row.forAllProfiles ? signInUrl : values[key]
    return [[shownText(row.show.label), value === undefined ? undefined : textOf(String(value), row, values)]]
  })
}

function textOf(value: string, { type, show }: Setting, values: Values): string {
  const { name, mark } = show ?? {}
  if (name !== undefined && values[name] !== undefined) return `${values[name]} (${value})`
  if (mark !== undefined && values[mark.flag]) return t('{value} ({mark})', { value, mark: t(mark.text) })
  return type === 'role-duration' ? t('{seconds} s', { seconds: value }) : value
}
