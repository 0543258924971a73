import { printable, type ShellWords, shellWordsOf, t } from '../kit/index.ts'
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
    const message = t('the aliyun CLI cannot read {path}: {reason}', {
      path: printable(aliyun.path),
      reason: aliyun.refused,
    })
    return problem(check, message, ...remedyForFile(aliyun, own))
  }
  const named = profileVariables.find((name) => variable(env, name) !== undefined)
  const wanted = (named && variable(env, named)) ?? aliyun.current
  const profile = aliyun.profiles.find(({ name }) => name === wanted)
  if (profile === undefined || profile.isBlank)
    return checkMissing(wanted, named, aliyun, { words, own, env })
  const label = t('profile {name} ({mode})', {
    name: printable(profile.name, 64),
    mode: printable(profile.mode, 20),
  })
  const obstacle = checkObstacle(env, words, profile, label)
  if (obstacle !== undefined) return obstacle
  if (variable(env, sdkFamily.id) === undefined || profile.runsSesame)
    return ok(check, t('the aliyun CLI takes its {profile}', { profile: label }))
  const message = t('the aliyun CLI takes its {profile} and not the keys of this shell', { profile: label })
  return warning(check, message, words.set(allOf(ignoreProfileVariables, 'TRUE')))
}

/** The variables with which it ignores its profiles; undefined where they are not set. */
function checkIgnoring(env: Environment, words: ShellWords): Finding | undefined {
  const value = variable(env, ignoreProfile) ?? variable(env, olderIgnoreProfile)
  if (value === undefined) return undefined
  const isSet = ignoreProfileVariables.filter((name) => variable(env, name) !== undefined)
  if (value !== 'TRUE') {
    const message = t('{name} is "{value}": the aliyun CLI takes only TRUE', {
      name: isSet[0] ?? ignoreProfile,
      value: printable(value, 20),
    })
    return warning(check, message, words.set(allOf(ignoreProfileVariables, 'TRUE')))
  }
  if (variable(env, sdkFamily.id) === undefined) {
    const message = t(
      '{names} is set, so the aliyun CLI ignores its profiles, but there are no keys in this shell',
      { names: isSet.join(t(' and ')) },
    )
    return warning(check, message, words.unset(isSet))
  }
  if (variable(env, olderIgnoreProfile) === 'TRUE')
    return ok(check, t('the aliyun CLI takes the keys of this shell'))
  const message = t('the aliyun CLI takes the keys of this shell; up to 3.0.212 it needs {name} too', {
    name: olderIgnoreProfile,
  })
  return ok(check, message)
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
      ? warning(
          check,
          t('profile {name} of the aliyun CLI is empty', { name: printable(wanted, 64) }),
          ...remedyFor(own),
        )
      : ok(check, t('the aliyun CLI takes the keys of this shell'))
  }
  const name = printable(wanted, 64)
  if (named === undefined) {
    const message = t('the aliyun CLI has no profile {name}, its current profile: its commands fail', {
      name,
    })
    return problem(check, message, ...remedyFor(own))
  }
  const values = { name, variable: named }
  const message = t(
    'the aliyun CLI has no profile {name}, the profile of {variable}: its commands fail',
    values,
  )
  return problem(check, message, words.unset([named]))
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
      : [t('write "mode": "{mode}" in ~/.aliyun/config.json', { mode: misspelled })]
    return warning(
      check,
      t('the aliyun CLI refuses its {profile}: it wants "{mode}"', { profile: label, mode: misspelled }),
      ...fix,
    )
  }
  const isDisabled = ['1', 'true'].includes(variable(env, disableExternal)?.toLowerCase() ?? '')
  if (!isDisabled || !['External', 'CredentialsURI'].includes(mode)) return undefined
  const message = t('{name} is set: the aliyun CLI refuses its {profile}', {
    name: disableExternal,
    profile: label,
  })
  return warning(check, message, words.unset([disableExternal]))
}

/** What to do, and what `--fix` can do of it. */
type Cure = [advice: string, remedy?: Remedy]

function remedyForFile({ canRewrite, profiles }: AliyunFacts, own: string | undefined): Cure {
  const name = profiles.find(({ runsSesame }) => runsSesame)?.name ?? own
  if (!canRewrite) return [t('put the value between quotes')]
  return name === undefined ? [t('save the file as UTF-8 without a byte order mark')] : remedyFor(name)
}

function remedyFor(profile: string | undefined): Cure {
  if (profile === undefined) return ['aliyun configure']
  const remedy = byConfiguringAliyun(profile)
  return [remedy.does, remedy]
}
