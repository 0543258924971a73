import { type Clock, isFresh, remainingMs } from '../kit/index.ts'
import { credentialsKeyOf, type ResolvedProfile } from './resolve-profile.ts'
import type { SessionContext } from './session-context.ts'
import { parseCredentials, type StoredCredentials } from './stored-entry.ts'

/** The account and access configuration a caller insists on, by id or by remembered name. */
export interface WantedAssignment {
  account?: string | undefined
  accessConfiguration?: string | undefined
}

/**
 * Credentials of a profile straight from the store, or undefined when there are none, when they are about to expire, or
 * when they are for another account than the wanted one. No network, no lock, nothing heavy loaded.
 */
export async function readCachedCredentials(
  resolved: ResolvedProfile,
  wanted: WantedAssignment,
  context: Pick<SessionContext, 'clock' | 'openStore'>,
): Promise<StoredCredentials | undefined> {
  if (resolved.kind === 'cloudsso') {
    const { profile } = resolved
    if (!names(wanted.account, profile.accountId, profile.accountName)) return undefined
    if (!names(wanted.accessConfiguration, profile.accessConfigurationId, profile.accessConfigurationName))
      return undefined
  } else if (wanted.account !== undefined || wanted.accessConfiguration !== undefined) return undefined
  const stored = await readStored(resolved, context)
  return stored !== undefined && isFreshFor(stored, {}, context.clock) ? stored : undefined
}

/** What the store holds for a profile, fresh or not. */
export async function readStored(
  resolved: ResolvedProfile,
  context: Pick<SessionContext, 'openStore'>,
): Promise<StoredCredentials | undefined> {
  const key = credentialsKeyOf(resolved)
  // `auto` without a remembered store: this profile has never kept anything.
  if (key === undefined || resolved.storeChoice === 'auto') return undefined
  const store = await context.openStore(resolved.storeChoice, 'read')
  return parseCredentials(await store.read(key))
}

/** True while more than the margin (in seconds, capped at half of the life), and at least `minTtlSeconds`, are left. */
export function isFreshFor(
  { lifetime }: StoredCredentials,
  {
    minTtlSeconds = 0,
    marginSeconds,
  }: { minTtlSeconds?: number | undefined; marginSeconds?: number | undefined },
  clock: Clock,
): boolean {
  const now = clock.now()
  const bootedAt = clock.bootedAt()
  const left = remainingMs(lifetime, now, bootedAt)
  return isFresh(lifetime, now, bootedAt, marginSeconds) && left >= minTtlSeconds * 1000
}

/** Milliseconds of life left by the corrected clock; negative once expired. */
export function remainingLifeMs({ lifetime }: StoredCredentials, clock: Clock): number {
  return remainingMs(lifetime, clock.now(), clock.bootedAt())
}

function names(wanted: string | undefined, id: string | undefined, name: string | undefined): boolean {
  return wanted === undefined || wanted === id || wanted === name
}
