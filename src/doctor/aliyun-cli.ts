import { printable, type ShellWords, shellWordsOf } from '../kit/index.ts'
import { ignoreProfileVariables } from '../output/index.ts'
import type { AliyunFacts, AliyunProfileFacts } from './aliyun-facts.ts'
import { sdkFamily } from './environment.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { byConfiguringAliyun, type Remedy } from './remedy.ts'
import { allOf, type Environment, variable } from './shell-variables.ts'

const check = 'aliyun-cli'
const [ignoreProfile, olderIgnoreProfile] = ignoreProfileVariables
const profileVariables = ['ALIBABACLOUD_PROFILE', 'ALIBABA_CLOUD_PROFILE', 'ALICLOUD_PROFILE']
const disableExternal = 'ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS'

/**
 * What the aliyun CLI would use in this shell. It asks its own profile first and fills only what is missing from the
 * environment, unless a variable that is exactly TRUE makes it ignore its profiles. `own` is a profile of sesame that could be its.
 * Undefined when there is nothing to say.
 */
export function checkAliyunCli(
  env: Environment,
  platform: NodeJS.Platform,
  aliyun: AliyunFacts | undefined,
  own?: string | undefined,
): Finding | undefined {
  const words = shellWordsOf(env, platform)
  const ignoring = checkIgnoring(env, words)
  if (ignoring !== undefined) return ignoring
  if (aliyun === undefined) return undefined
  if (aliyun.refused !== undefined) {
    const message = `the aliyun CLI cannot read ${printable(aliyun.path)}: ${aliyun.refused}`
    return problem(check, message, ...remedyForFile(aliyun, own))
  }
  const named = profileVariables.find((name) => variable(env, name) !== undefined)
  const wanted = (named && variable(env, named)) ?? aliyun.current
  const profile = aliyun.profiles.find(({ name }) => name === wanted)
  if (profile === undefined || profile.isBlank)
    return checkMissing(wanted, named, aliyun, { words, own, env })
  const label = `profile ${printable(profile.name, 64)} (${printable(profile.mode, 20)})`
  const obstacle = checkObstacle(env, words, profile, label)
  if (obstacle !== undefined) return obstacle
  if (variable(env, sdkFamily.id) === undefined || profile.runsSesame)
    return ok(check, `the aliyun CLI takes its ${label}`)
  const message = `the aliyun CLI takes its ${label} and not the keys of this shell`
  return warning(check, message, words.set(allOf(ignoreProfileVariables, 'TRUE')))
}

/** The variables with which it ignores its profiles; undefined where they are not set. */
function checkIgnoring(env: Environment, words: ShellWords): Finding | undefined {
  const value = variable(env, ignoreProfile) ?? variable(env, olderIgnoreProfile)
  if (value === undefined) return undefined
  const isSet = ignoreProfileVariables.filter((name) => variable(env, name) !== undefined)
  if (value !== 'TRUE') {
    const message = `${isSet[0]} is "${printable(value, 20)}": the aliyun CLI takes only TRUE`
    return warning(check, message, words.set(allOf(ignoreProfileVariables, 'TRUE')))
  }
  if (variable(env, sdkFamily.id) === undefined) {
    const message = `${isSet.join(' and ')} is set, so the aliyun CLI ignores its profiles, but there are no keys in this shell`
    return warning(check, message, words.unset(isSet))
  }
  const older =
    variable(env, olderIgnoreProfile) === 'TRUE' ? '' : `; up to 3.0.212 it needs ${olderIgnoreProfile} too`
  return ok(check, `the aliyun CLI takes the keys of this shell${older}`)
}

/** No command without `--profile` works: there is no such profile, or nothing in it. With keys in the shell an empty one takes them. */
function checkMissing(
  wanted: string,
  named: string | undefined,
  { profiles }: AliyunFacts,
  { env, words, own }: { env: Environment; words: ShellWords; own: string | undefined },
): Finding | undefined {
  const isThere = profiles.some(({ name }) => name === wanted)
  if (isThere) {
    return variable(env, sdkFamily.id) === undefined
      ? warning(check, `profile ${printable(wanted, 64)} of the aliyun CLI is empty`, ...remedyFor(own))
      : ok(check, 'the aliyun CLI takes the keys of this shell')
  }
  const what = named === undefined ? 'its current profile' : `the profile of ${named}`
  const message = `the aliyun CLI has no profile ${printable(wanted, 64)}, ${what}: its commands fail`
  return named === undefined
    ? problem(check, message, ...remedyFor(own))
    : problem(check, message, words.unset([named]))
}

/** What keeps it from a profile that is there. */
function checkObstacle(
  env: Environment,
  words: ShellWords,
  { name, mode, misspelled, runsSesame }: AliyunProfileFacts,
  label: string,
): Finding | undefined {
  if (misspelled !== undefined) {
    const fix: Cure = runsSesame
      ? remedyFor(name)
      : [`write "mode": "${misspelled}" in ~/.aliyun/config.json`]
    return warning(check, `the aliyun CLI refuses its ${label}: it wants "${misspelled}"`, ...fix)
  }
  const isDisabled = ['1', 'true'].includes(variable(env, disableExternal)?.toLowerCase() ?? '')
  if (!isDisabled || !['External', 'CredentialsURI'].includes(mode)) return undefined
  const message = `${disableExternal} is set: the aliyun CLI refuses its ${label}`
  return warning(check, message, words.unset([disableExternal]))
}

/** What to do, and what `--fix` can do of it. */
type Cure = [advice: string, remedy?: Remedy]

function remedyForFile({ canRewrite, profiles }: AliyunFacts, own: string | undefined): Cure {
  const name = profiles.find(({ runsSesame }) => runsSesame)?.name ?? own
  if (!canRewrite) return ['put the value between quotes']
  return name === undefined ? ['save the file as UTF-8 without a byte order mark'] : remedyFor(name)
}

function remedyFor(profile: string | undefined): Cure {
  if (profile === undefined) return ['aliyun configure']
  const remedy = byConfiguringAliyun(profile)
  return [remedy.does, remedy]
}
