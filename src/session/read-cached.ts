import { isFresh } from '../token/index.ts'
import { credentialsKey } from './entry-key.ts'
import { assignmentOf, type ResolvedProfile } from './resolve-profile.ts'
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
  const { profile } = resolved
  const assignment = assignmentOf(resolved)
  if (assignment === undefined) return undefined
  if (!names(wanted.account, profile.accountId, profile.accountName)) return undefined
  if (!names(wanted.accessConfiguration, profile.accessConfigurationId, profile.accessConfigurationName))
    return undefined
  // `auto` without a remembered store: this profile has never kept anything.
  if (resolved.storeChoice === 'auto') return undefined
  const store = await context.openStore(resolved.storeChoice, 'read')
  const stored = parseCredentials(await store.read(credentialsKey(assignment)))
  if (stored === undefined) return undefined
  return isFresh(stored.lifetime, context.clock.now(), context.clock.bootedAt()) ? stored : undefined
}

function names(wanted: string | undefined, id: string | undefined, name: string | undefined): boolean {
  return wanted === undefined || wanted === id || wanted === name
}
