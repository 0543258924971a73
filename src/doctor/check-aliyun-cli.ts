import { printable } from '../kit/index.ts'
import type { AliyunProfiles } from './aliyun-profiles.ts'
import { type Finding, ok, warning } from './finding.ts'
import { type Environment, sdkFamily, setCommand, unsetCommand, variable } from './key-variables.ts'

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
  const setSwitch = setCommand(ignoreProfile, 'TRUE', platform)
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
          unsetCommand([ignoreProfile], platform),
        )
  }
  const wanted = profileVariables.map((name) => variable(env, name)).find((name) => name !== undefined)
  const profile = aliyun?.profiles.find(({ name }) => name === (wanted ?? aliyun.current))
  if (profile === undefined) return undefined
  const label = `profile ${printable(profile.name, 64)} (${printable(profile.mode, 20)})`
  if (!keys || profile.runsSesame) return ok(check, `the aliyun CLI takes its ${label}`)
  return warning(check, `the aliyun CLI takes its ${label} and not the keys of this shell`, setSwitch)
}
