import { isSesameError } from '../errors.ts'
import type { Config, Profile } from '../profile/index.ts'
import { signInUrlOf } from '../profile/index.ts'
import { remainingMs } from '../token/index.ts'
import { readStored } from './read-cached.ts'
import { chooseStore, resolveProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

/** One profile as `profile list` and `profile show` tell of it. */
export interface ProfileStatus {
  name: string
  current: boolean
  profile: Profile
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
] as const

/** Looks at one profile without renewing anything. A store that cannot be read is told once per run. */
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
    signInUrl: signInUrlOf(config, profile),
  }
  if (base.signInUrl === undefined || chooseStore(config, profile, context.storeOverride) === 'auto') {
    return { ...base, status: 'none' }
  }
  try {
    const stored = await readStored(resolveProfile(name, config, context), context)
    if (stored === undefined) return { ...base, status: 'none' }
    const left = remainingMs(stored.lifetime, context.clock.now(), context.clock.bootedAt())
    const { expiresAt } = stored.credentials
    return left > 0
      ? { ...base, status: 'valid', expiresAt, remainingMs: left }
      : { ...base, status: 'expired', expiresAt }
  } catch (error) {
    if (!isSesameError(error, ...passing)) throw error
    context.warn(`${name}: ${error.message}`)
    return { ...base, status: 'unknown' }
  }
}
