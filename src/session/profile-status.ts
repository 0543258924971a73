import { isSesameError, type Lifetime, remainingMs } from '../kit/index.ts'
import { type Config, type Profile, providerUrlOf } from '../profiles/index.ts'
import { openKind } from './kinds/kind.ts'
import { resolveProfile } from './kinds/resolve-profile.ts'
import type { ResolvedProfile } from './kinds/resolved-profile.ts'
import { readStored } from './read-cached.ts'
import type { SessionContext } from './session-context.ts'

/** One profile as `profile list` and `profile show` describe it. */
export interface ProfileStatus {
  name: string
  current: boolean
  profile: Profile
  /** Where its sign-in happens: CloudSSO's URL, an issuer, IDaaS; of a role that of its base. */
  signInUrl: string | undefined
  /** `unknown` when the store cannot be read just now. */
  status: 'valid' | 'expired' | 'none' | 'unknown'
  expiresAt?: Date
  /** Left by the corrected clock; only with `valid`. */
  remainingMs?: number
}

/** What is wrong with one profile or just now, and must not hide the others. */
const passing = [
  'ERR_STORE_LOCKED',
  'ERR_STORE_UNAVAILABLE',
  'ERR_STORE_PASSPHRASE',
  'ERR_FILE',
  'ERR_INSECURE_URL',
  'ERR_CONFIG',
] as const

/** Looks at one profile without renewing anything. A store that cannot be read is reported once per run. */
export async function profileStatus(
  name: string,
  config: Config,
  context: SessionContext,
): Promise<ProfileStatus> {
  const profile = config.profiles.get(name) ?? { kind: 'cloudsso' }
  const base = {
    name,
    current: config.currentProfile === name,
    profile,
    signInUrl: providerUrlOf(config, profile),
  }
  if (base.signInUrl === undefined) return { ...base, status: 'none' }
  try {
    const lifetime = await readLifetime(resolveProfile(name, config, context), context)
    if (lifetime === undefined) return { ...base, status: 'none' }
    const left = remainingMs(lifetime, context.clock.now(), context.clock.bootedAt())
    const { expiresAt } = lifetime
    return left > 0
      ? { ...base, status: 'valid', expiresAt, remainingMs: left }
      : { ...base, status: 'expired', expiresAt }
  } catch (error) {
    if (!isSesameError(error, ...passing)) throw error
    context.warn(`${name}: ${error.message}`)
    return { ...base, status: 'unknown' }
  }
}

/** The life of a profile's credentials; of its tokens, where it has no role. */
async function readLifetime(
  resolved: ResolvedProfile,
  context: SessionContext,
): Promise<Lifetime | undefined> {
  if (!resolved.tokensOnly) return (await readStored(resolved, context))?.lifetime
  return (await (await openKind(resolved, context)).keptTokens())?.lifetime
}
