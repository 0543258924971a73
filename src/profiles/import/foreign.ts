import type { PlainFile } from '../../files/index.ts'
import { type Credentials, Secret, t } from '../../kit/index.ts'

/** The tools whose profiles can be taken over. */
export const importSources = ['acs-sso', 'aliyun'] as const
export type ImportSource = (typeof importSources)[number]

/** Credentials as another tool kept them. */
export type ForeignCredentials =
  | { kind: 'valid'; credentials: Credentials }
  | { kind: 'expired'; expiresAt: Date }
  | { kind: 'unusable'; reason: string }
  | { kind: 'none' }

export interface ForeignToken {
  accessToken: Secret
  expiresAt: Date
}

/** A CloudSSO profile of another tool, checked: every member can be kept and shown. */
export interface ForeignProfile {
  source: ImportSource
  name: string
  /** Normalized; absent when the tool does not know it. */
  signInUrl?: string
  accountId?: string
  accessConfigurationId?: string
  /** Where only its name is known. */
  accessConfigurationName?: string
  /** In its normal form. */
  region?: string
  credentials: ForeignCredentials
  token?: ForeignToken
}

/** What one tool has left on the disk. */
export interface ForeignConfiguration {
  source: ImportSource
  /** The files it was read from, as they were. */
  files: readonly (PlainFile & { kind: 'text' })[]
  profiles: readonly ForeignProfile[]
  /** Its sign-in URL for all profiles, normalized. */
  signInUrl?: string
  currentProfile?: string
  /** Files that could not be read or understood, each with its reason in one line. */
  broken: readonly string[]
  /** Profiles and addresses that cannot be taken over, each with its reason in one line. */
  refusals: readonly string[]
  /** Names of profiles whose secrets lie in the files in plain text, expired ones too; printable. */
  secretsOf: readonly string[]
}

/** No STS credential (12 h) and no sign-in (8 h) is valid longer; a day more allows for a clock that is wrong. */
const longestLifeMs = 36 * 3600 * 1000

/** Printable ASCII: these values travel in headers, where anything else cannot go. */
const credentialText = /^[\x21-\x7e]{1,16384}$/

const id = /^[\w-]{1,128}$/

/** True for an account or access configuration id: letters, digits, `_` and `-`. */
export function isForeignId(text: string): boolean {
  return id.test(text)
}

/** Checks credentials that a file held against `now`; what is not text or far from real is unusable. */
export function foreignCredentials(
  wire: { accessKeyId: unknown; accessKeySecret: unknown; securityToken: unknown; expiresAtMs: unknown },
  now: Date,
): ForeignCredentials {
  const { accessKeyId, accessKeySecret, securityToken, expiresAtMs } = wire
  if (!accessKeyId && !accessKeySecret && !securityToken) return { kind: 'none' }
  const expiresAt = foreignExpiry(expiresAtMs, now)
  if (expiresAt === undefined) return { kind: 'unusable', reason: t('their expiry is invalid') }
  if (expiresAt.getTime() <= now.getTime()) return { kind: 'expired', expiresAt }
  if (
    !isCredentialText(accessKeyId) ||
    !isCredentialText(accessKeySecret) ||
    !isCredentialText(securityToken)
  )
    return { kind: 'unusable', reason: t('they are incomplete or damaged') }
  const secrets = {
    accessKeySecret: new Secret(accessKeySecret),
    securityToken: new Secret(securityToken),
  }
  return { kind: 'valid', credentials: { accessKeyId, ...secrets, expiresAt } }
}

/** A bearer token that is well-formed and still valid. */
export function foreignToken(text: unknown, expiresAtMs: unknown, now: Date): ForeignToken | undefined {
  const expiresAt = foreignExpiry(expiresAtMs, now)
  if (!isCredentialText(text) || expiresAt === undefined || expiresAt.getTime() <= now.getTime())
    return undefined
  return { accessToken: new Secret(text), expiresAt }
}

function foreignExpiry(ms: unknown, now: Date): Date | undefined {
  if (typeof ms !== 'number' || !Number.isFinite(ms) || ms <= 0) return undefined
  return ms - now.getTime() > longestLifeMs ? undefined : new Date(ms)
}

function isCredentialText(value: unknown): value is string {
  return typeof value === 'string' && credentialText.test(value)
}
