import { type Kind, membersOfKind, type Setting, type SettingsTable, settingTypes } from './setting.ts'

/**
 * What the reader of `config.json` has to know of the table, in few bytes: for each kind of profile its members, such as
 * `issuer! scope redirectPort:number`. A `!` marks those that it cannot be without; the others are text.
 */
export type Members = Readonly<Record<Kind, string>>

/** The members that the rows of a table give each kind of profile, in the order of the table. */
export function membersOf(table: SettingsTable): Members {
  const of = (kind: Kind) =>
    membersOfKind(kind, table)
      .map(([key, row]) => `${key}${shapeOf(row)}${row.required?.includes(kind) ? '!' : ''}`)
      .join(' ')
  return { cloudsso: of('cloudsso'), oidc: of('oidc'), idaas: of('idaas'), role: of('role') }
}

function shapeOf({ type }: Setting): string {
  if (type === 'profile-name') return ':name'
  const json = settingTypes[type].type
  if (json === 'string') return ''
  return json === 'integer' ? ':number' : ':boolean'
}
