import { printable, type ShellWords, shellWord, t } from '../kit/index.ts'
import type { AliyunFacts, AliyunProfileFacts } from './aliyun-facts.ts'
import { exposed, type Finding, octal, problem, warning } from './finding.ts'
import { byClosing, byConfiguringAliyun, type Remedy } from './remedy.ts'

type File = Pick<AliyunFacts, 'path' | 'mode' | 'profiles'>

const check = 'leftovers'

/** The secrets in the aliyun CLI's configuration and in the copies of it. */
export function checkAliyunFiles(
  file: File | undefined,
  copies: readonly File[],
  words: ShellWords,
): Finding[] {
  const secrets = file === undefined ? [] : withSecrets(file)
  return [
    ...secrets.map((profile) =>
      warning(check, saysSecrets(file?.path ?? '', profile), adviceFor(profile, words), remedyFor(profile)),
    ),
    ...copies.flatMap((copy) => checkCopy(copy, words)),
    ...[...(file === undefined ? [] : [file]), ...copies.filter((copy) => withSecrets(copy).length > 0)]
      .filter(({ mode }) => exposed(mode))
      .map(({ path, mode }) => {
        const shown = printable(path)
        const fix = `chmod 600 ${shellWord(shown)}`
        return problem(
          check,
          t('{path} is open to other users (mode {mode})', { path: shown, mode: octal(mode) }),
          fix,
          byClosing(path, mode),
        )
      }),
  ]
}

/** What is ours in a copy goes when its profile is configured anew; the rest is what the copy was made for. */
function checkCopy(copy: File, words: ShellWords): Finding[] {
  const secrets = withSecrets(copy)
  const own = secrets.find(({ runsSesame }) => runsSesame)
  const foreign = secrets.find(({ runsSesame }) => !runsSesame)
  return [
    ...(own === undefined
      ? []
      : [warning(check, saysSecrets(copy.path, own), configureCommand(own.name), remedyFor(own))]),
    ...(foreign === undefined
      ? []
      : [
          warning(
            check,
            t(
              '{path}: {secrets} of {profile} in plain text, a copy from before that profile was replaced',
              valuesOf(copy.path, foreign),
            ),
            words.removeFile(printable(copy.path)),
          ),
        ]),
  ]
}

function withSecrets({ profiles }: File): AliyunProfileFacts[] {
  return profiles.filter(({ secrets }) => secrets.length > 0)
}

function saysSecrets(path: string, profile: AliyunProfileFacts): string {
  return t('{path}: {secrets} of {profile} in plain text', valuesOf(path, profile))
}

function valuesOf(path: string, { name, mode, secrets }: AliyunProfileFacts) {
  const profile = t('profile {name} ({mode})', { name: printable(name, 64), mode: printable(mode, 20) })
  return { path: printable(path), secrets: secrets.join(', '), profile }
}

/**
 * What an SDK has written back is taken out by configuring anew; what the CLI keeps, by moving over to sesame. `aliyun configure
 * delete` would lose region, language and current profile.
 */
function adviceFor({ name, mode, runsSesame }: AliyunProfileFacts, words: ShellWords): string {
  if (runsSesame) return configureCommand(name)
  const replace = `${configureCommand(name)} --overwrite`
  return mode === 'CloudSSO' ? words.inOrder('sesame profile import --from aliyun', replace) : replace
}

/**
 * Only what an SDK has written back, which a run of sesame gives anew: other keys are those of the aliyun CLI, and may be the only
 * copy. A profile that runs another profile of sesame would change whose credentials it gives.
 */
function remedyFor({ name, runsSesame, runsProfile = name }: AliyunProfileFacts): Remedy | undefined {
  return runsSesame && runsProfile === name ? byConfiguringAliyun(name) : undefined
}

function configureCommand(name: string): string {
  return `sesame configure --for aliyun --profile ${shellWord(printable(name, 64))}`
}
