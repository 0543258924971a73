import { printable, shellWord } from '../kit/index.ts'
import type { AliyunProfile } from './aliyun-profiles.ts'
import { octal } from './check-config.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/** Files in which secrets lie, or may lie, in plain text. */
export interface LeftoverFacts {
  /** acs-sso's file with tokens and credentials. */
  acsSso: { path: string; mode: number; holdsSecrets: boolean } | undefined
  /** The aliyun CLI's configuration. */
  aliyun: { path: string; mode: number; profiles: readonly AliyunProfile[] } | undefined
  /** Our own plaintext store, when there are items in it. */
  plaintextStore: { path: string; items: number; openToOthers: number; chosen: boolean } | undefined
  /** Files that could not be looked into, each with its reason. */
  unreadable: readonly { path: string; reason: string }[]
}

const check = 'leftovers'

/** Secrets in plain text that need not be there. One that other users can read is a problem. */
export function checkLeftovers(facts: LeftoverFacts): Finding[] {
  const findings = [
    ...checkAcsSso(facts.acsSso),
    ...checkAliyun(facts.aliyun),
    ...checkPlaintextStore(facts.plaintextStore),
    ...facts.unreadable.map(({ path, reason }) =>
      warning(check, reason, `ls -l ${shellWord(printable(path))}`),
    ),
  ]
  return findings.length > 0 ? findings : [ok(check, 'no secrets in plain text where they are known to lie')]
}

function checkAcsSso(file: LeftoverFacts['acsSso']): Finding[] {
  if (file === undefined || !file.holdsSecrets) return []
  const message = `${printable(file.path)}: acs-sso keeps tokens and credentials in plain text`
  const fix = 'sesame profile import --from acs-sso --delete-source'
  return [
    exposed(file.mode)
      ? problem(check, `${message}, ${readable(file.mode)}`, fix)
      : warning(check, message, fix),
  ]
}

function checkAliyun(file: LeftoverFacts['aliyun']): Finding[] {
  if (file === undefined) return []
  const findings = file.profiles
    .filter(({ secrets }) => secrets.length > 0)
    .map((profile) => {
      const { name, mode, secrets } = profile
      const message = `${printable(file.path)}: ${secrets.join(', ')} of profile ${printable(name, 64)} (${printable(mode, 20)}) in plain text`
      return warning(check, message, remedyFor(profile))
    })
  if (!exposed(file.mode)) return findings
  const message = `${printable(file.path)} is ${readable(file.mode)}`
  return [...findings, problem(check, message, `chmod 600 ${shellWord(printable(file.path))}`)]
}

/** What an SDK has written back is taken out by configuring anew; what the CLI keeps, by moving over to sesame. */
function remedyFor({ name, mode, runsSesame }: AliyunProfile): string {
  const profile = shellWord(printable(name, 64))
  if (runsSesame) return `sesame configure --for aliyun --profile ${profile}`
  const remove = `aliyun configure delete --profile ${profile}`
  return /^cloudsso$/i.test(mode) ? `sesame profile import --from aliyun && ${remove}` : remove
}

function checkPlaintextStore(store: LeftoverFacts['plaintextStore']): Finding[] {
  if (store === undefined) return []
  const shown = printable(store.path)
  const findings = store.chosen
    ? []
    : [
        warning(
          check,
          `${shown} holds ${store.items} secrets of a store that is no longer used`,
          `rm -r ${shellWord(shown)}`,
        ),
      ]
  if (store.openToOthers === 0) return findings
  const message = `${store.openToOthers} files in ${shown} are open to other users`
  return [...findings, problem(check, message, `chmod -R go= ${shellWord(shown)}`)]
}

function exposed(mode: number): boolean {
  return (mode & 0o077) !== 0
}

function readable(mode: number): string {
  return `open to other users (mode ${octal(mode)})`
}
