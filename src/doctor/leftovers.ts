import { join } from 'node:path'
import { namesIn, readPlainFile, statsOf, windows } from '../files/index.ts'
import {
  type ForeignTool,
  isSesameError,
  printable,
  type ShellWords,
  shells,
  shellWord,
  t,
} from '../kit/index.ts'
import { aliyunBackups, aliyunConfigPath, type Place, readAliyunConfig } from '../profiles/index.ts'
import { readForeignConfigurations } from '../session/index.ts'
import { type AliyunFacts, aliyunFacts } from './aliyun-facts.ts'
import { checkAliyunFiles } from './aliyun-leftovers.ts'
import { exposed, type Finding, ok, problem, saysOpen, warning } from './finding.ts'
import { checkKeyFile, type KeyFile, lookAtKeyFiles } from './key-files.ts'
import { byClosing, byCommand, byDeleting, type Remedy } from './remedy.ts'
import type { Environment } from './shell-variables.ts'

/** Files in which secrets lie, or may lie, in plain text. */
export interface LeftoverFacts {
  /** acs-sso's file with tokens and credentials. */
  acsSso: { path: string; mode: number; holdsSecrets: boolean } | undefined
  /** The aliyun CLI's configuration. */
  aliyun: Pick<AliyunFacts, 'path' | 'mode' | 'profiles'> | undefined
  /** The copies of it that `configure --for aliyun` left beside it. */
  aliyunCopies?: readonly Pick<AliyunFacts, 'path' | 'mode' | 'profiles'>[]
  /** Files of other tools in which there is an access key. */
  keyFiles?: readonly KeyFile[]
  /** Our own plaintext store, when there are items in it. */
  plaintextStore:
    | {
        path: string
        items: number
        openToOthers: number
        /** A profile has its secrets there. */
        inUse: boolean
        /** Other configurations have theirs there. */
        shared: boolean
        /** Its own, and those of them that others can read. */
        files?: readonly string[]
        openFiles?: readonly string[]
        /** Every profile was looked at: what none of them leads to is needed by none. */
        allKnown?: boolean
      }
    | undefined
  /** Files that could not be looked into, each with its reason. */
  unreadable: readonly { path: string; reason: string }[]
}

const check = 'leftovers'

/** Secrets that need not be there: in plain text, where one that other users can read is a problem, and in stores that were left. */
export function checkLeftovers(
  facts: LeftoverFacts,
  ofStores: readonly Finding[] = [],
  words: ShellWords = shells.posix,
): Finding[] {
  const findings = [
    ...checkAcsSso(facts.acsSso),
    ...checkAliyunFiles(facts.aliyun, facts.aliyunCopies ?? [], words),
    ...(facts.keyFiles ?? []).flatMap((file) => checkKeyFile(file, words)),
    ...checkPlaintextStore(facts.plaintextStore, words),
    ...ofStores,
    ...facts.unreadable.map(({ path, reason }) =>
      warning(check, reason, words.move(printable(path), `${printable(path)}.bad`)),
    ),
  ]
  return findings.length > 0
    ? findings
    : [ok(check, t('no secrets in plain text where they are known to lie'))]
}

function checkAcsSso(file: LeftoverFacts['acsSso']): Finding[] {
  if (file === undefined || !file.holdsSecrets) return []
  const message = t('{path}: acs-sso keeps tokens and credentials in plain text', {
    path: printable(file.path),
  })
  // It deletes nothing that was not taken over.
  const remedy = byCommand('profile', 'import', '--from', 'acs-sso', '--delete-source')
  return [
    exposed(file.mode)
      ? problem(check, saysOpen(message, file.mode), remedy.does, remedy)
      : warning(check, message, remedy.does, remedy),
  ]
}

function checkPlaintextStore(store: LeftoverFacts['plaintextStore'], words: ShellWords): Finding[] {
  if (store === undefined) return []
  const shown = printable(store.path)
  const others = t('Other configurations have secrets there, too: delete those of this one by hand.')
  const findings = store.inUse
    ? []
    : [
        warning(
          check,
          t('{path} holds {count} secrets that no profile leads to', { path: shown, count: store.items }),
          store.shared ? others : words.removeDirectory(shown),
          store.allKnown ? deletion(store) : undefined,
        ),
      ]
  if (store.openToOthers === 0) return findings
  const message = t('{count} files in {path} are open to other users', {
    count: store.openToOthers,
    path: shown,
  })
  return [...findings, problem(check, message, `chmod -R go= ${shellWord(shown)}`, closing(store))]
}

type PlaintextStore = NonNullable<LeftoverFacts['plaintextStore']>

function deletion({ path, files }: PlaintextStore): Remedy | undefined {
  if (files === undefined) return undefined
  return byDeleting(
    files,
    t('delete {count} secrets in {path} that no profile leads to', {
      count: files.length,
      path: printable(path),
    }),
  )
}

function closing({ path, openFiles = [] }: PlaintextStore): Remedy {
  const each = openFiles.map((file) => byClosing(file, 0o600))
  return {
    does: `chmod -R go= ${shellWord(printable(path))}`,
    apply: async (hands) => {
      for (const { apply } of each) await apply(hands)
    },
  }
}

/** What lies on the disk beside our own configuration. Nothing is changed, and no secret leaves this file. */
export interface FileFacts {
  leftovers: Omit<LeftoverFacts, 'plaintextStore'>
  aliyun: AliyunFacts | undefined
  /** The CLI's file as the SDKs find it, whose home directory may be another one. */
  aliyunOfSdks: AliyunFacts | undefined
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
  const path = aliyunConfigPath(homeOf('aliyun'))
  const pathOfSdks = aliyunConfigPath(homeOf('sdk'))
  const config = readAliyunConfig(path)
  const factsOf = (found: typeof config) => (found.kind === 'content' ? aliyunFacts(found, now) : undefined)
  const aliyun = factsOf(config)
  const copies = aliyunBackups(path)
    .map(readAliyunConfig)
    .flatMap((copy) => (copy.kind === 'content' ? [aliyunFacts(copy, now)] : []))
  return {
    leftovers: {
      acsSso:
        cache === undefined || acsSso === undefined
          ? undefined
          : { path: cache.path, mode: cache.mode, holdsSecrets: acsSso.secretsOf.length > 0 },
      aliyun,
      aliyunCopies: copies,
      keyFiles: lookAtKeyFiles(homeOf('sdk'), env),
      unreadable: [
        ...(acsSso?.broken ?? []).map((reason) => ({
          path: join(homeOf('acs-sso'), '.alibabacloud_sso_sts'),
          reason,
        })),
        ...(config.kind === 'unusable' ? [{ path, reason: config.reason }] : []),
      ],
    },
    aliyun,
    aliyunOfSdks: pathOfSdks === path ? aliyun : factsOf(readAliyunConfig(pathOfSdks)),
    iniPath: findIni(homeOf('sdk'), env),
  }
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

/** Our plaintext store: how many items of this configuration, and how many that others can read; undefined when it has none. */
export function lookAtPlaintextStore(
  { state, identity }: Pick<Place, 'state' | 'identity'>,
  inUse: boolean,
): LeftoverFacts['plaintextStore'] {
  const path = join(state, 'plaintext-secrets')
  let all: string[]
  let own: { file: string; mode: number }[]
  try {
    all = namesIn(path) ?? []
    own = all
      .filter((name) => isOf(identity, name))
      .map((name) => join(path, name))
      .map((file) => ({ file, mode: statsOf(file)?.mode ?? 0 }))
  } catch (error) {
    // The store that is chosen says so itself.
    if (!isSesameError(error, 'ERR_FILE')) throw error
    return undefined
  }
  if (own.length === 0) return undefined
  const openFiles = own.filter(({ mode }) => !windows && exposed(mode)).map(({ file }) => file)
  const files = own.map(({ file }) => file)
  const shared = all.length > own.length
  return { path, items: own.length, openToOthers: openFiles.length, inUse, shared, files, openFiles }
}

/** Whether a file of a store is of this configuration, whose identity begins the name of each item. */
function isOf(identity: string, name: string): boolean {
  return identity === '' ? !/^[0-9a-f]{16}%3a/.test(name) : name.startsWith(identity.replace(':', '%3a'))
}
