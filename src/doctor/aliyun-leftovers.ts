import { printable, type ShellWords, shellWord } from '../kit/index.ts'
import type { AliyunFacts, AliyunProfileFacts } from './aliyun-facts.ts'
import { exposed, readable } from './config.ts'
import { type Finding, problem, warning } from './finding.ts'

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
      warning(check, saysSecrets(file?.path ?? '', profile), remedyFor(profile, words)),
    ),
    ...copies.flatMap((copy) => checkCopy(copy, words)),
    ...[...(file === undefined ? [] : [file]), ...copies.filter((copy) => withSecrets(copy).length > 0)]
      .filter(({ mode }) => exposed(mode))
      .map(({ path, mode }) => {
        const shown = printable(path)
        return problem(check, `${shown} is ${readable(mode)}`, `chmod 600 ${shellWord(shown)}`)
      }),
  ]
}

/** What is ours in a copy goes when its profile is configured anew; the rest is what the copy was made for. */
function checkCopy(copy: File, words: ShellWords): Finding[] {
  const secrets = withSecrets(copy)
  const own = secrets.find(({ runsSesame }) => runsSesame)
  const foreign = secrets.find(({ runsSesame }) => !runsSesame)
  return [
    ...(own === undefined ? [] : [warning(check, saysSecrets(copy.path, own), configureCommand(own.name))]),
    ...(foreign === undefined
      ? []
      : [
          warning(
            check,
            `${saysSecrets(copy.path, foreign)}, a copy from before that profile was replaced`,
            words.removeFile(printable(copy.path)),
          ),
        ]),
  ]
}

function withSecrets({ profiles }: File): AliyunProfileFacts[] {
  return profiles.filter(({ secrets }) => secrets.length > 0)
}

function saysSecrets(path: string, { name, mode, secrets }: AliyunProfileFacts): string {
  const of = `profile ${printable(name, 64)} (${printable(mode, 20)})`
  return `${printable(path)}: ${secrets.join(', ')} of ${of} in plain text`
}

/**
 * What an SDK has written back is taken out by configuring anew; what the CLI keeps, by moving over to sesame. `aliyun configure
 * delete` would lose region, language and current profile.
 */
function remedyFor({ name, mode, runsSesame }: AliyunProfileFacts, words: ShellWords): string {
  if (runsSesame) return configureCommand(name)
  const replace = `${configureCommand(name)} --overwrite`
  return mode === 'CloudSSO' ? words.inOrder('sesame profile import --from aliyun', replace) : replace
}

function configureCommand(name: string): string {
  return `sesame configure --for aliyun --profile ${shellWord(printable(name, 64))}`
}
