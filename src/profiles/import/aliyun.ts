import { join } from 'node:path'
import { type PlainFile, readJsonFile, readPlainFile } from '../../files/index.ts'
import { asRecord, isSesameError, member, printable, textMember } from '../../kit/index.ts'
import { normalizeSignInUrl } from '../../values/index.ts'
import { isProfileName } from '../profile-name.ts'
import {
  type ForeignConfiguration,
  type ForeignProfile,
  foreignCredentials,
  foreignToken,
  isForeignId,
} from './foreign.ts'

type Entry = Record<string, unknown>

const secretMembers = ['access_token', 'access_key_secret', 'sts_token']

/**
 * Reads the CloudSSO profiles of the aliyun CLI, `~/.aliyun/config.json`. Their expiries are Unix seconds. Unlike that
 * of acs-sso the token's is right (to the ten seconds by which the CLI is early), so a valid token is taken over:
 * it saves one sign-in, and only then can the plain one be deleted without loss.
 */
export function readAliyun(home: string, now: Date): ForeignConfiguration {
  const file = readPlainFile(join(home, '.aliyun', 'config.json'))
  const content = file.kind === 'text' ? readJsonFile(file) : file
  const empty = {
    source: 'aliyun' as const,
    files: [],
    profiles: [],
    refusals: [],
    secretsOf: [],
    broken: [],
  }
  if (content.kind === 'unusable') return { ...empty, broken: [content.reason] }
  if (content.kind !== 'object') return empty
  const refusals: string[] = []
  const entries = cloudSsoEntries(content.value)
  const currentProfile = textMember(content.value, 'current')
  return {
    source: 'aliyun',
    files: file.kind === 'text' ? ([file] satisfies PlainFile[]) : [],
    profiles: entries.flatMap((entry) => readProfile(entry, now, refusals) ?? []),
    ...(currentProfile === undefined ? {} : { currentProfile }),
    broken: [],
    refusals,
    secretsOf: entries
      .filter((entry) => secretMembers.some((name) => textMember(entry, name) !== undefined))
      .map((entry) => printable(textMember(entry, 'name') ?? '', 64)),
  }
}

/** The aliyun CLI's own word for profiles that sign in at CloudSSO, in lower case. */
const ssoMode = 'cloudsso'

/** The CLI does not mind how a mode is capitalized. */
function cloudSsoEntries(config: Entry): Entry[] {
  const profiles = member(config, 'profiles')
  if (!Array.isArray(profiles)) return []
  return profiles
    .map(asRecord)
    .filter((entry) => entry !== undefined)
    .filter((entry) => textMember(entry, 'mode')?.toLowerCase() === ssoMode)
}

function readProfile(entry: Entry, now: Date, refusals: string[]): ForeignProfile | undefined {
  const name = textMember(entry, 'name') ?? ''
  const shown = printable(name, 64)
  const refuse = (reason: string) => {
    refusals.push(reason)
    return undefined
  }
  if (!isProfileName(name)) return refuse(`"${shown}" of aliyun cannot be a profile name.`)
  const url = signInUrlOf(entry)
  if (url.kind === 'unusable') return refuse(`Profile ${shown} of aliyun has no usable sign-in URL${url.why}`)
  const accountId = textMember(entry, 'cloud_sso_account_id')
  const accessConfigurationId = textMember(entry, 'cloud_sso_access_config')
  if (![accountId, accessConfigurationId].every((id) => id === undefined || isForeignId(id)))
    return refuse(`Profile ${shown} of aliyun has an account or access configuration that is no id.`)
  const token = foreignToken(
    member(entry, 'access_token'),
    milliseconds(member(entry, 'cloud_sso_access_token_expire')),
    now,
  )
  return {
    source: 'aliyun',
    name,
    signInUrl: url.text,
    ...(accountId === undefined ? {} : { accountId }),
    ...(accessConfigurationId === undefined ? {} : { accessConfigurationId }),
    credentials: foreignCredentials(
      {
        accessKeyId: member(entry, 'access_key_id'),
        accessKeySecret: member(entry, 'access_key_secret'),
        securityToken: member(entry, 'sts_token'),
        expiresAtMs: milliseconds(member(entry, 'sts_expiration')),
      },
      now,
    ),
    ...(token === undefined ? {} : { token }),
  }
}

function signInUrlOf(entry: Entry): { kind: 'url'; text: string } | { kind: 'unusable'; why: string } {
  const text = textMember(entry, 'cloud_sso_sign_in_url')
  if (text === undefined) return { kind: 'unusable', why: '.' }
  try {
    return { kind: 'url', text: normalizeSignInUrl(text) }
  } catch (error) {
    if (!isSesameError(error, 'ERR_INSECURE_URL')) throw error
    return { kind: 'unusable', why: `: ${error.message}` }
  }
}

function milliseconds(seconds: unknown): unknown {
  return typeof seconds === 'number' ? seconds * 1000 : seconds
}
