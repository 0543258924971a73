import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readJsonFile, readPlainFile, windows } from '../files/index.ts'
import { errorCode, type ForeignTool, printable, type ShellWords, shells, shellWord } from '../kit/index.ts'
import { readForeignConfigurations } from '../session/index.ts'
import { type AliyunProfile, type AliyunProfiles, readAliyunProfiles } from './aliyun-cli.ts'
import { octal } from './config.ts'
import type { Environment } from './environment.ts'
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
export function checkLeftovers(facts: LeftoverFacts, words: ShellWords = shells.posix): Finding[] {
  const findings = [
    ...checkAcsSso(facts.acsSso),
    ...checkAliyun(facts.aliyun, words),
    ...checkPlaintextStore(facts.plaintextStore, words),
    ...facts.unreadable.map(({ path, reason }) => warning(check, reason, words.list(printable(path)))),
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

function checkAliyun(file: LeftoverFacts['aliyun'], words: ShellWords): Finding[] {
  if (file === undefined) return []
  const findings = file.profiles
    .filter(({ secrets }) => secrets.length > 0)
    .map((profile) => {
      const { name, mode, secrets } = profile
      const message = `${printable(file.path)}: ${secrets.join(', ')} of profile ${printable(name, 64)} (${printable(mode, 20)}) in plain text`
      return warning(check, message, remedyFor(profile, words))
    })
  if (!exposed(file.mode)) return findings
  const message = `${printable(file.path)} is ${readable(file.mode)}`
  return [...findings, problem(check, message, `chmod 600 ${shellWord(printable(file.path))}`)]
}

/** What an SDK has written back is taken out by configuring anew; what the CLI keeps, by moving over to sesame. */
function remedyFor({ name, mode, runsSesame }: AliyunProfile, words: ShellWords): string {
  const profile = words.word(printable(name, 64))
  if (runsSesame) return `sesame configure --for aliyun --profile ${profile}`
  const remove = `aliyun configure delete --profile ${profile}`
  return /^cloudsso$/i.test(mode) ? words.inOrder('sesame profile import --from aliyun', remove) : remove
}

function checkPlaintextStore(store: LeftoverFacts['plaintextStore'], words: ShellWords): Finding[] {
  if (store === undefined) return []
  const shown = printable(store.path)
  const findings = store.chosen
    ? []
    : [
        warning(
          check,
          `${shown} holds ${store.items} secrets of a store that is no longer used`,
          words.removeDirectory(shown),
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

/** What lies on the disk beside our own configuration. Nothing is changed, and no secret leaves this file. */
export interface FileFacts {
  leftovers: Omit<LeftoverFacts, 'plaintextStore'>
  aliyun: AliyunProfiles | undefined
  /** The CLI's file as the SDKs find it, whose home directory may be another one. */
  aliyunOfSdks: AliyunProfiles | undefined
  /** The SDKs' ini file, when it has the section that they would read. */
  iniPath: string | undefined
}

export function lookAtFiles(
  home: string,
  env: Environment,
  now: Date,
  homeOf: (tool: ForeignTool) => string = () => home,
): FileFacts {
  const [acsSso] = readForeignConfigurations(homeOf('acs-sso'), { from: 'acs-sso', now })
  const cache = acsSso?.files.find(({ path }) => path.endsWith('_sts'))
  const unreadable = (acsSso?.broken ?? []).map((reason) => ({
    path: join(homeOf('acs-sso'), '.alibabacloud_sso_sts'),
    reason,
  }))
  const path = join(homeOf('aliyun'), '.aliyun', 'config.json')
  const { file, content, aliyun } = lookAtAliyun(path, now)
  if (content.kind === 'unusable') unreadable.push(content)
  const pathOfSdks = join(homeOf('sdk'), '.aliyun', 'config.json')
  return {
    leftovers: {
      acsSso:
        cache === undefined || acsSso === undefined
          ? undefined
          : { path: cache.path, mode: cache.mode, holdsSecrets: acsSso.secretsOf.length > 0 },
      aliyun:
        file.kind === 'text' && aliyun !== undefined
          ? { path, mode: file.mode, profiles: aliyun.profiles }
          : undefined,
      unreadable,
    },
    aliyun,
    aliyunOfSdks: pathOfSdks === path ? aliyun : lookAtAliyun(pathOfSdks, now).aliyun,
    iniPath: findIni(homeOf('sdk'), env),
  }
}

/** The CLI and the SDKs follow a link there. */
function lookAtAliyun(path: string, now: Date) {
  const file = readPlainFile(path, { followLink: true })
  const content = file.kind === 'text' ? readJsonFile(file) : file
  const aliyun = content.kind === 'object' ? readAliyunProfiles(content.value, now) : undefined
  return { file, content, aliyun }
}

/** The file of ALIBABA_CLOUD_CREDENTIALS_FILE, else `~/.alibabacloud/credentials` (some SDKs add `.ini`). */
function findIni(home: string, env: Environment): string | undefined {
  const named = env.ALIBABA_CLOUD_CREDENTIALS_FILE
  const directory = join(home, '.alibabacloud')
  const paths = named ? [named] : [join(directory, 'credentials'), join(directory, 'credentials.ini')]
  const section = `[${env.ALIBABA_CLOUD_PROFILE || 'default'}]`
  return paths.find((path) => {
    const file = readPlainFile(path, { followLink: true })
    return file.kind === 'text' && file.text.split('\n').some((line) => line.trim() === section)
  })
}

/** Our plaintext store: how many items, and how many that others can read; undefined when it is empty. */
export function lookAtPlaintextStore(directory: string, chosen: boolean): LeftoverFacts['plaintextStore'] {
  const path = join(directory, 'plaintext-secrets')
  let names: string[]
  try {
    names = readdirSync(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return undefined
    throw error
  }
  if (names.length === 0) return undefined
  const modes = names.map((name) => lstatSync(join(path, name), { throwIfNoEntry: false })?.mode ?? 0)
  const openToOthers = modes.filter((mode) => (mode & 0o077) !== 0).length
  return { path, items: names.length, openToOthers: windows ? 0 : openToOthers, chosen }
}
