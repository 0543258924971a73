import type { DeclaredText, FixedText } from '../kit/index.ts'

/** How a profile can get its credentials. */
export const kindNames = ['cloudsso', 'oidc', 'idaas', 'role'] as const
export type Kind = (typeof kindNames)[number]

const text = { type: 'string' } as const
const url = { type: 'string', format: 'uri' } as const

/**
 * What a setting's value can be, each with the JSON Schema of the value in `config.json`. The check of a type, and its normal form,
 * is in `profiles/check-settings.ts`; how an option's text becomes a value in `cli/commands/configure/read-settings.ts`.
 */
export const settingTypes = {
  /** As a server gave it: never typed by a person, not checked. */
  remembered: text,
  /** Printable ASCII without spaces. */
  printable: text,
  /** RFC 6749, appendix A.1: printable ASCII, spaces too. */
  'client-id': text,
  /** Words as in RFC 6749, section 3.3. */
  scope: text,
  /** Host names with spaces between them. */
  hosts: text,
  'profile-name': text,
  'sign-in-url': url,
  issuer: url,
  endpoint: url,
  'idaas-url': url,
  'application-uuid': text,
  'app-key': text,
  'api-version': text,
  /** The text of a file; its option takes the path. */
  'public-key': text,
  'role-arn': { ...text, pattern: '^acs:ram::[0-9]+:role/' },
  'oidc-provider-arn': { ...text, pattern: '^acs:ram::[0-9]+:oidc-provider/' },
  'role-session-name': text,
  'external-id': text,
  policy: text,
  region: text,
  'sts-endpoint': text,
  /** One of the setting's `values`. */
  choice: text,
  /** Life of a role's credentials in seconds; its option also takes `1h30m`. */
  'role-duration': { type: 'integer', minimum: 900 },
  port: { type: 'integer', minimum: 1024, maximum: 65535 },
  /** Its option is a switch, with a second one `--no-…` unless it says otherwise. */
  flag: { type: 'boolean' },
  /** Goes to the store, never into `config.json`; its option `--…-stdin` is a switch. */
  secret: text,
} as const satisfies Record<string, { type: 'string' | 'integer' | 'boolean'; [keyword: string]: unknown }>

export type SettingType = keyof typeof settingTypes

/** One row of the table of settings. */
export interface Setting {
  /** The kinds of profile that have it. */
  kinds: readonly Kind[]
  /** Those of them that cannot be without it. */
  required?: readonly Kind[]
  type: SettingType
  /** What a `choice` can be. */
  values?: readonly string[]
  /** Other spellings of them, each with the value that it means. */
  alsoWritten?: Readonly<Record<string, string>>
  /** What a `flag` is when it is not set; false if nothing else is said. */
  default?: boolean
  /** `config.json` may have it once for all profiles without one of their own. */
  forAllProfiles?: boolean
  /** It makes sense only together with this other setting, and the other one not without it, where a kind has both. */
  togetherWith?: string
  /** It is forgotten when one of these changes; two that name each other exclude each other. */
  forgottenWith?: readonly string[]
  /** The option of `sesame configure`, `--` and the key in lower case with dashes if it has no other name. */
  option?: {
    name?: string
    aliases?: readonly string[]
    /** Placeholder of the value. */
    value?: string
    summary: DeclaredText
    /** Of the `--no-…` of a `flag`. */
    summaryOfNo?: DeclaredText
    /** There is no `--no-…` of this `flag`: another setting takes it back. */
    onlyYes?: boolean
    /** An empty value takes a `choice` back, too. */
    mayBeEmpty?: boolean
    /** Heading on the help page. */
    group?: FixedText
    /** `sesame login` takes it too, for one sign-in. */
    atLogin?: boolean
  }
  /** The question on a terminal when nothing but the profile is named; `ifEmpty` says what an empty answer means. */
  prompt?: { text: DeclaredText; ifEmpty?: FixedText }
  /** The line of `profile show`; `name` is the setting with a name for it, `mark` words for a `flag` that is set. */
  show?: { label: DeclaredText; name?: string; mark?: { flag: string; text: FixedText } }
  /** Shown by editors of `config.json`. */
  description?: string
  /** Words about a `secret`, and what else belongs to it. */
  secret?: {
    /** As in "… must be one line". */
    what: FixedText
    /** What has it: one, and several. */
    owner: FixedText
    owners: FixedText
    /** The flag that says that the store holds one. */
    flag?: string
    /** The person is asked for it when this setting is new; without it the profile can do nothing. */
    askedWith?: string
  }
}

/** Settings by their key in `config.json`. */
export type SettingsTable = Readonly<Record<string, Setting>>

/** The rows of the members that `config.json` can have for a kind of profile: secrets are in the store. */
export function membersOfKind(kind: Kind, table: SettingsTable): [string, Setting][] {
  return Object.entries(table).filter(([, { kinds, type }]) => kinds.includes(kind) && type !== 'secret')
}

/** What a value in `config.json` is in TypeScript. */
export type JsonType<T extends SettingType> = {
  string: string
  integer: number
  boolean: boolean
}[(typeof settingTypes)[T]['type']]

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
