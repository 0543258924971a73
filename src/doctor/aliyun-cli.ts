import { asRecord, member, printable, shellWordsOf, textMember } from '../kit/index.ts'
import { type Environment, sdkFamily, variable } from './environment.ts'
import { type Finding, ok, warning } from './finding.ts'

const check = 'aliyun-cli'
const ignoreProfile = 'ALIBABA_CLOUD_IGNORE_PROFILE'
const profileVariables = ['ALIBABACLOUD_PROFILE', 'ALIBABA_CLOUD_PROFILE', 'ALICLOUD_PROFILE']

/**
 * What the aliyun CLI would use in this shell. It asks its own profile first and fills only what is missing from the
 * environment, unless a variable that is exactly TRUE makes it ignore its profiles. Undefined when there is nothing to say.
 */
export function checkAliyunCli(
  env: Environment,
  platform: NodeJS.Platform,
  aliyun: AliyunProfiles | undefined,
): Finding | undefined {
  const keys = variable(env, sdkFamily.id) !== undefined
  const switchValue = variable(env, ignoreProfile) ?? variable(env, 'ALIBABACLOUD_IGNORE_PROFILE')
  const words = shellWordsOf(env, platform)
  const setSwitch = words.set({ [ignoreProfile]: 'TRUE' })
  if (switchValue !== undefined && switchValue !== 'TRUE') {
    const message = `${ignoreProfile} is "${printable(switchValue, 20)}": the aliyun CLI takes only TRUE`
    return warning(check, message, setSwitch)
  }
  if (switchValue === 'TRUE') {
    return keys
      ? ok(check, 'the aliyun CLI takes the keys of this shell')
      : warning(
          check,
          `${ignoreProfile} is set, but there are no keys in this shell`,
          words.unset([ignoreProfile]),
        )
  }
  const wanted = profileVariables.map((name) => variable(env, name)).find((name) => name !== undefined)
  const profile = aliyun?.profiles.find(({ name }) => name === (wanted ?? aliyun.current))
  if (profile === undefined) return undefined
  const label = `profile ${printable(profile.name, 64)} (${printable(profile.mode, 20)})`
  if (!keys || profile.runsSesame) return ok(check, `the aliyun CLI takes its ${label}`)
  return warning(check, `the aliyun CLI takes its ${label} and not the keys of this shell`, setSwitch)
}

type Entry = Record<string, unknown>

/** A profile of the aliyun CLI, as far as the doctor is concerned: no value of a secret. */
export interface AliyunProfile {
  name: string
  mode: string
  /** Members that hold a secret of a profile whose credentials come from elsewhere and need not lie here. */
  secrets: readonly string[]
  /** Whether the SDKs can get credentials from it, as far as can be seen. */
  usable: boolean
  /** An External profile that runs sesame. */
  runsSesame: boolean
}

export interface AliyunProfiles {
  current: string | undefined
  profiles: readonly AliyunProfile[]
}

const borrowed = ['cloudsso', 'external']
const secretMembers = ['access_token', 'access_key_secret', 'sts_token']

/** Reads the parsed `~/.aliyun/config.json`. */
export function readAliyunProfiles(config: Entry, now: Date): AliyunProfiles {
  const profiles = member(config, 'profiles')
  return {
    current: textMember(config, 'current'),
    profiles: (Array.isArray(profiles) ? profiles : [])
      .map(asRecord)
      .filter((entry) => entry !== undefined)
      .map((entry) => readAliyunProfile(entry, now)),
  }
}

function readAliyunProfile(entry: Entry, now: Date): AliyunProfile {
  const mode = textMember(entry, 'mode') ?? ''
  const has = (...names: string[]) => names.every((name) => textMember(entry, name) !== undefined)
  const isBorrowed = borrowed.includes(mode.toLowerCase())
  const command = textMember(entry, 'process_command')
  return {
    name: textMember(entry, 'name') ?? '',
    mode,
    secrets: isBorrowed ? secretMembers.filter((name) => has(name)) : [],
    usable: isUsable(mode, has, member(entry, 'cloud_sso_access_token_expire'), now),
    runsSesame:
      mode === 'External' && command !== undefined && /(?:^|[\s/\\"'])sesame(?:[.\s"']|$)/.test(command),
  }
}

/** The modes that all four SDKs accept, spelled as they spell them; CredentialsURI and the others are errors to them. */
function isUsable(
  mode: string,
  has: (...names: string[]) => boolean,
  tokenExpire: unknown,
  now: Date,
): boolean {
  switch (mode) {
    case 'AK':
      return has('access_key_id', 'access_key_secret')
    case 'StsToken':
      return has('access_key_id', 'access_key_secret', 'sts_token')
    case 'CloudSSO':
      return has('access_token') && typeof tokenExpire === 'number' && tokenExpire * 1000 > now.getTime()
    case 'External':
      return has('process_command')
    case 'RamRoleArn':
    case 'EcsRamRole':
    case 'OIDC':
    case 'ChainableRamRoleArn':
    case 'OAuth':
      return true
    default:
      return false
  }
}
