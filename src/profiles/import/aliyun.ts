import { isSesameError, printable, t } from '../../kit/index.ts'
import { asRegion, normalizeSignInUrl } from '../../values/index.ts'
import { isProfileName } from '../profile.ts'
import { type AliyunProfile, aliyunConfigPath, readAliyunConfig, textField } from './aliyun-config.ts'
import { secretsOf } from './aliyun-fields.ts'
import {
  type ForeignConfiguration,
  type ForeignProfile,
  foreignCredentials,
  foreignToken,
  isForeignId,
} from './foreign.ts'

/**
 * Reads the CloudSSO profiles of the aliyun CLI, `~/.aliyun/config.json`. Their expiries are Unix seconds. Unlike that
 * of acs-sso the token's is right (to the ten seconds by which the CLI is early), so a valid token is taken over:
 * it saves one sign-in, and only then can the plain one be deleted without loss.
 */
export function readAliyun(home: string, now: Date): ForeignConfiguration {
  const config = readAliyunConfig(aliyunConfigPath(home))
  const empty = {
    source: 'aliyun' as const,
    files: [],
    profiles: [],
    refusals: [],
    secretsOf: [],
    broken: [],
  }
  if (config.kind === 'absent') return empty
  if (config.kind === 'unusable') return { ...empty, broken: [config.reason] }
  const refusals: string[] = []
  const profiles = config.profiles.filter(({ mode }) => mode === 'CloudSSO')
  return {
    source: 'aliyun',
    files: [config.file],
    profiles: profiles.flatMap((each) => readProfile(each, now, refusals) ?? []),
    ...(config.profiles.some(({ name }) => name === config.current)
      ? { currentProfile: config.current }
      : {}),
    broken: [],
    refusals,
    secretsOf: profiles.filter((each) => secretsOf(each).length > 0).map(({ name }) => printable(name, 64)),
  }
}

/** As the portal makes them; anything else is the name of one, which the portal does not take in its place. */
const accessConfigurationId = /^ac-[\w-]{1,125}$/
const accessConfigurationName = /^[^\p{C}\p{Z}][^\p{C}]{0,127}$/u

function readProfile(profile: AliyunProfile, now: Date, refusals: string[]): ForeignProfile | undefined {
  const { name } = profile
  const shown = printable(name, 64)
  const refuse = (reason: string) => {
    refusals.push(reason)
    return undefined
  }
  if (!isProfileName(name))
    return refuse(t('"{name}" of {tool} cannot be a profile name.', { name: shown, tool: 'aliyun' }))
  const url = signInUrlOf(profile)
  if (url.kind === 'unusable')
    return refuse(
      url.why === undefined
        ? t('Profile {name} of aliyun has no usable sign-in URL.', { name: shown })
        : t('Profile {name} of aliyun has no usable sign-in URL: {reason}', { name: shown, reason: url.why }),
    )
  const accountId = textField(profile, 'cloud_sso_account_id')
  const configuration = textField(profile, 'cloud_sso_access_config')
  if (
    (accountId !== undefined && !isForeignId(accountId)) ||
    (configuration !== undefined && !accessConfigurationName.test(configuration))
  )
    return refuse(
      t('Profile {name} of aliyun has an account or access configuration that is no id.', { name: shown }),
    )
  const isId = configuration === undefined || accessConfigurationId.test(configuration)
  const region = asRegion(textField(profile, 'region_id') ?? '')
  const token = foreignToken(
    textField(profile, 'access_token'),
    milliseconds(profile, 'cloud_sso_access_token_expire'),
    now,
  )
  return {
    source: 'aliyun',
    name,
    signInUrl: url.text,
    ...(accountId === undefined ? {} : { accountId }),
    ...(configuration === undefined
      ? {}
      : isId
        ? { accessConfigurationId: configuration }
        : { accessConfigurationName: configuration }),
    ...(region === undefined ? {} : { region }),
    credentials: isId ? credentialsOf(profile, now) : { kind: 'unusable', reason: t(namedOnly) },
    ...(token === undefined ? {} : { token }),
  }
}

const namedOnly = 'the access configuration is known by its name only, and the next login finds it'

function credentialsOf(profile: AliyunProfile, now: Date): ForeignProfile['credentials'] {
  return foreignCredentials(
    {
      accessKeyId: textField(profile, 'access_key_id'),
      accessKeySecret: textField(profile, 'access_key_secret'),
      securityToken: textField(profile, 'sts_token'),
      expiresAtMs: milliseconds(profile, 'sts_expiration'),
    },
    now,
  )
}

function signInUrlOf(
  profile: AliyunProfile,
): { kind: 'url'; text: string } | { kind: 'unusable'; why?: string } {
  const text = textField(profile, 'cloud_sso_sign_in_url')
  if (text === undefined) return { kind: 'unusable' }
  try {
    return { kind: 'url', text: normalizeSignInUrl(text) }
  } catch (error) {
    if (!isSesameError(error, 'ERR_INSECURE_URL')) throw error
    return { kind: 'unusable', why: error.message }
  }
}

function milliseconds({ fields }: AliyunProfile, name: string): unknown {
  const seconds = fields[name]
  return typeof seconds === 'number' ? seconds * 1000 : seconds
}
