import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readJsonFile, readPlainFile, windows } from '../files/index.ts'
import { errorCode } from '../kit/index.ts'
import { readForeignConfigurations } from '../profiles/index.ts'
import { type AliyunProfiles, readAliyunProfiles } from './aliyun-profiles.ts'
import type { LeftoverFacts } from './check-leftovers.ts'
import type { Environment } from './key-variables.ts'

/** What lies on the disk beside our own configuration. Nothing is changed, and no secret leaves this file. */
export interface FileFacts {
  leftovers: Omit<LeftoverFacts, 'plaintextStore'>
  aliyun: AliyunProfiles | undefined
  /** The SDKs' ini file, when it has the section that they would read. */
  iniPath: string | undefined
}

export function lookAtFiles(home: string, env: Environment, now: Date): FileFacts {
  const [acsSso] = readForeignConfigurations(home, { from: 'acs-sso', now })
  const cache = acsSso?.files.find(({ path }) => path.endsWith('_sts'))
  const unreadable = (acsSso?.broken ?? []).map((reason) => ({
    path: join(home, '.alibabacloud_sso_sts'),
    reason,
  }))
  const path = join(home, '.aliyun', 'config.json')
  // The CLI and the SDKs follow a link there.
  const file = readPlainFile(path, { followLink: true })
  const content = file.kind === 'text' ? readJsonFile(file) : file
  if (content.kind === 'unusable') unreadable.push(content)
  const aliyun = content.kind === 'object' ? readAliyunProfiles(content.value, now) : undefined
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
    iniPath: findIni(home, env),
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
