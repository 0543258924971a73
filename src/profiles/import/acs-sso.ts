import { join } from 'node:path'
import { type PlainFile, readJsonFile, readPlainFile } from '../../files/index.ts'
import { asRecord, isSesameError, member, printable, rememberSecret, t, textMember } from '../../kit/index.ts'
import { normalizeSignInUrl } from '../../values/index.ts'
import { isProfileName } from '../profile.ts'
import { type ForeignConfiguration, type ForeignProfile, foreignCredentials, isForeignId } from './foreign.ts'

type Entry = Record<string, unknown>

/**
 * Reads what acs-sso 1.3.1 keeps in the home directory: `~/.alibabacloud_sso` (`{"signinUrl"}`) and
 * `~/.alibabacloud_sso_sts`: `current`, `profiles` (name to `account:configuration`) and `map` (that to credentials with
 * an expiry in milliseconds). Its bearer token is left out: acs-sso adds seconds to milliseconds when it notes the expiry.
 */
export function readAcsSso(home: string, now: Date): ForeignConfiguration {
  const files: (PlainFile & { kind: 'text' })[] = []
  const broken: string[] = []
  const refusals: string[] = []
  const open = (name: string): Entry | undefined => {
    const file = readPlainFile(join(home, name))
    if (file.kind === 'absent') return undefined
    const content = file.kind === 'text' ? readJsonFile(file) : file
    if (content.kind === 'unusable') broken.push(content.reason)
    if (file.kind === 'text' && content.kind === 'object') files.push(file)
    return content.kind === 'object' ? content.value : undefined
  }
  const signInUrl = readSignInUrl(open('.alibabacloud_sso'), refusals)
  const cache = open('.alibabacloud_sso_sts')
  const profiles = readProfiles(cache, signInUrl, now, refusals)
  const currentProfile = textMember(cache, 'current')
  return {
    source: 'acs-sso',
    files,
    profiles,
    ...(signInUrl === undefined ? {} : { signInUrl }),
    ...(currentProfile === undefined ? {} : { currentProfile }),
    broken,
    refusals,
    secretsOf: secretsOf(cache),
  }
}

function readSignInUrl(config: Entry | undefined, refusals: string[]): string | undefined {
  const text = textMember(config, 'signinUrl')
  try {
    return text === undefined ? undefined : normalizeSignInUrl(text)
  } catch (error) {
    if (!isSesameError(error, 'ERR_INSECURE_URL')) throw error
    refusals.push(t('The sign-in URL of acs-sso cannot be used: {reason}', { reason: error.message }))
    return undefined
  }
}

function readProfiles(
  cache: Entry | undefined,
  signInUrl: string | undefined,
  now: Date,
  refusals: string[],
): ForeignProfile[] {
  const credentials = asRecord(member(cache, 'map'))
  const profiles: ForeignProfile[] = []
  for (const [name, key] of Object.entries(asRecord(member(cache, 'profiles')) ?? {})) {
    const [accountId = '', accessConfigurationId = '', ...rest] =
      typeof key === 'string' ? key.split(':') : []
    const shown = printable(name, 64)
    if (!isProfileName(name))
      refusals.push(t('"{name}" of {tool} cannot be a profile name.', { name: shown, tool: 'acs-sso' }))
    else if (!isForeignId(accountId) || !isForeignId(accessConfigurationId) || rest.length > 0)
      refusals.push(
        t('Profile {name} of acs-sso names no account and access configuration.', { name: shown }),
      )
    else {
      const entry = asRecord(member(credentials, String(key)))
      profiles.push({
        source: 'acs-sso',
        name,
        ...(signInUrl === undefined ? {} : { signInUrl }),
        accountId,
        accessConfigurationId,
        credentials: credentialsOf(entry, now),
      })
    }
  }
  return profiles
}

function credentialsOf(entry: Entry | undefined, now: Date) {
  const data = asRecord(member(entry, 'data'))
  return foreignCredentials(
    {
      accessKeyId: member(data, 'access_key_id'),
      accessKeySecret: member(data, 'access_key_secret'),
      securityToken: member(data, 'sts_token'),
      expiresAtMs: member(entry, 'expireTime'),
    },
    now,
  )
}

/** The keys under which secrets lie, whether they can be used or not. */
function secretsOf(cache: Entry | undefined): string[] {
  const bearer = textMember(asRecord(member(cache, 'accessToken')), 'token')
  if (bearer !== undefined) rememberSecret(bearer)
  const entries = Object.entries(asRecord(member(cache, 'map')) ?? {})
  const held = entries.filter(([, entry]) => {
    const data = asRecord(member(asRecord(entry), 'data'))
    return textMember(data, 'access_key_secret') !== undefined || textMember(data, 'sts_token') !== undefined
  })
  return [...held.map(([key]) => printable(key, 64)), ...(bearer === undefined ? [] : ['accessToken'])]
}
