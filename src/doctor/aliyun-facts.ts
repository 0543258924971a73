import { member, textMember } from '../kit/index.ts'
import {
  type AliyunContent,
  type AliyunProfile,
  isBlank,
  misspelledMode,
  runsSesame,
  secretsOf,
  whyCliRefuses,
} from '../profiles/index.ts'

/** A profile of the aliyun CLI, as far as the doctor is concerned: no value of a secret. */
export interface AliyunProfileFacts {
  name: string
  mode: string
  /** How the CLI wants the mode spelled, if otherwise. */
  misspelled?: string | undefined
  /** Members that hold a secret in plain text. */
  secrets: readonly string[]
  /** The CLI made it, and it was never filled. */
  isBlank: boolean
  /** Whether the SDKs can get credentials from it, as far as can be seen. */
  usable: boolean
  /** An External profile that runs sesame. */
  runsSesame: boolean
  /** The profile of sesame that it runs, where its command names one. */
  runsProfile?: string | undefined
}

/** A configuration of the aliyun CLI, the one that it reads or a copy of it. */
export interface AliyunFacts {
  path: string
  /** Permission bits; 0 on Windows. */
  mode: number
  current: string
  profiles: readonly AliyunProfileFacts[]
  /** Why the CLI cannot read it at all. */
  refused?: string | undefined
  /** What it refuses is the form of the text, or in a profile of ours: it goes when that is configured anew. */
  canRewrite: boolean
}

export function aliyunFacts(content: AliyunContent, now: Date): AliyunFacts {
  const { path, mode, current, profiles, encoding } = content
  const isPlain = encoding === 'utf-8'
  const others = profiles.filter((profile) => !runsSesame(profile))
  return {
    path,
    mode,
    current,
    profiles: profiles.map((profile) => ({
      name: profile.name,
      mode: profile.mode,
      misspelled: misspelledMode(profile),
      secrets: secretsOf(profile),
      isBlank: isBlank(profile),
      // A JSON parser of any language stops at a byte order mark.
      usable: isPlain && isUsable(profile, now),
      runsSesame: runsSesame(profile),
      runsProfile: profileRunBy(profile),
    })),
    refused: whyCliRefuses(content),
    canRewrite: !isPlain || whyCliRefuses({ encoding, profiles: others }) === undefined,
  }
}

function profileRunBy({ entry }: AliyunProfile): string | undefined {
  const [, quoted, bare] =
    /\s--profile[\s=]+(?:["']([^"']*)["']|([^\s"']+))/.exec(textMember(entry, 'process_command') ?? '') ?? []
  return quoted ?? bare
}

/** The modes that all four SDKs accept, spelled as they spell them; CredentialsURI and the others are errors to them. */
function isUsable({ entry }: AliyunProfile, now: Date): boolean {
  const has = (...names: string[]) => names.every((name) => textMember(entry, name) !== undefined)
  switch (member(entry, 'mode')) {
    case 'AK':
      return has('access_key_id', 'access_key_secret')
    case 'StsToken':
      return has('access_key_id', 'access_key_secret', 'sts_token')
    case 'CloudSSO': {
      const expire = member(entry, 'cloud_sso_access_token_expire')
      return has('access_token') && typeof expire === 'number' && expire * 1000 > now.getTime()
    }
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
