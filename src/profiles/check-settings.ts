import { isHost, parseSecureUrl, SesameError, shellWord, t } from '../kit/index.ts'
import {
  checkApiVersion,
  checkAppKey,
  checkApplicationUuid,
  checkDurationSeconds,
  checkExternalId,
  checkOidcProviderArn,
  checkPolicy,
  checkRoleArn,
  checkRoleSessionName,
  normalizeIdaasUrl,
  normalizeIssuer,
  normalizeRegion,
  normalizeSignInUrl,
  stsEndpoint,
} from '../values/index.ts'
import { checkProfileName, type Profile, type ProfileSettings } from './profile.ts'
import type { JsonType, Setting, SettingsTable, SettingType } from './setting.ts'
import { optionOf } from './setting-options.ts'
import { settings } from './settings.ts'

/** How a message names the setting, and the row that it is checked by. */
interface Named {
  option: string
  row: Setting
}

/** The normal form of a value of each type. @throws SesameError naming the option */
const checks: { [T in SettingType]: (value: JsonType<T>, named: Named) => JsonType<T> } = {
  remembered: (value) => value,
  printable: (text, { option }) =>
    matching(text, /^[\x21-\x7e]+$/, t('{option} must be printable ASCII.', { option })),
  'client-id': (text, { option }) =>
    matching(text, /^(?=.*\S)[\x20-\x7e]+$/, t('{option} must be printable ASCII.', { option })),
  scope: (text, { option }) =>
    matching(
      text,
      /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/,
      t('{option} must be words of printable ASCII with single spaces between them.', { option }),
    ),
  hosts: (text, { option }) => {
    const hosts = text.trim().toLowerCase().split(/\s+/)
    if (text.length <= 1024 && hosts.every(isHost)) return hosts.join(' ')
    throw new SesameError('ERR_USAGE', t('{option} must be host names with spaces between them.', { option }))
  },
  choice: (written, { option, row: { values = [], alsoWritten = {} } }) => {
    const text = Object.hasOwn(alsoWritten, written) ? String(alsoWritten[written]) : written
    if (values.includes(text)) return text
    throw new SesameError('ERR_USAGE', t('{option} can be {values}.', { option, values: values.join(', ') }))
  },
  port: (port, { option }) => {
    if (Number.isInteger(port) && port >= 1024 && port <= 65_535) return port
    throw new SesameError('ERR_USAGE', t('{option} must be a port from 1024 to 65535.', { option }))
  },
  flag: (value) => value,
  secret: (text) => text,
  'profile-name': checkProfileName,
  'sign-in-url': normalizeSignInUrl,
  issuer: normalizeIssuer,
  endpoint: (address, { option }) => {
    const { href, hash } = parseSecureUrl(address, option)
    if (hash === '' && !address.includes('#')) return href
    throw new SesameError('ERR_USAGE', t('{option} must have no fragment.', { option }))
  },
  'idaas-url': normalizeIdaasUrl,
  'application-uuid': checkApplicationUuid,
  'app-key': checkAppKey,
  'api-version': checkApiVersion,
  // Parsing a key takes time, and the modules of the JWT library: see configureProfile.
  'public-key': (text) => text,
  'role-arn': checkRoleArn,
  'oidc-provider-arn': checkOidcProviderArn,
  'role-session-name': checkRoleSessionName,
  'external-id': checkExternalId,
  'role-duration': checkDurationSeconds,
  policy: checkPolicy,
  region: (text, { option }) => normalizeRegion(text, option),
  'sts-endpoint': (endpoint) => {
    stsEndpoint({ endpoint })
    return endpoint
  },
}

/**
 * Looks at what the configuration says before anything is done with it: a person may have edited the file, and should see the
 * mistake before signing in. @throws SesameError as `checkSettings`
 */
export function checkConfigured({ name, profile }: { name: string; profile: Profile }): void {
  try {
    for (const [key, value] of Object.entries(profile))
      if (Object.hasOwn(settings, key)) checkSetting(key, value)
  } catch (cause) {
    if (!(cause instanceof SesameError)) throw cause
    const {
      code,
      message,
      hint = t('Fix it: sesame configure --profile {name} …', { name: shellWord(name) }),
    } = cause
    throw new SesameError(code, t('Profile {name} cannot be used: {reason}', { name, reason: message }), {
      hint,
      cause,
    })
  }
}

/** Each setting that is given in its normal form. @throws SesameError ERR_USAGE, ERR_CONFIG, ERR_INSECURE_URL, naming the option */
export function checkSettings(given: ProfileSettings, table: SettingsTable = settings): ProfileSettings {
  const said = Object.entries(given).filter(([, value]) => value !== undefined)
  refuseContradiction(
    said.map(([key]) => key),
    table,
  )
  return Object.fromEntries(
    said.map(([key, value]) => [key, value === '' ? '' : checkSetting(key, value, table)]),
  )
}

/** Two settings that are each forgotten with the other cannot be given together. */
function refuseContradiction(keys: readonly string[], table: SettingsTable): void {
  const forgets = (key: string, other: string) => table[key]?.forgottenWith?.includes(other)
  for (const key of keys) {
    const other = keys.find((each) => forgets(key, each) && forgets(each, key))
    if (other === undefined) continue
    const names = { option: optionOf(key, table), other: optionOf(other, table) }
    throw new SesameError('ERR_USAGE', t('{option} and {other} contradict each other.', names))
  }
}

/** One setting in its normal form. @throws SesameError as `checkSettings` */
export function checkSetting(key: string, value: unknown, table: SettingsTable = settings): unknown {
  const row = table[key]
  if (row === undefined) throw new TypeError(`${key} is not a setting`)
  const check = checks[row.type] as (value: unknown, named: Named) => unknown
  return check(value, { option: optionOf(key, table), row })
}

function matching(text: string, allowed: RegExp, message: string): string {
  if (text.length <= 1024 && allowed.test(text)) return text
  throw new SesameError('ERR_USAGE', message)
}
