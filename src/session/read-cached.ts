import { type Clock, isFresh, remainingMs, type Secret } from '../kit/index.ts'
import type { WantedToken } from './kinds/kind.ts'
import {
  baseOf,
  type ChosenAssignment,
  type ResolvedProfile,
  storeChoiceOf,
} from './kinds/resolved-profile.ts'
import { openKept } from './profile-stores.ts'
import type { SessionContext } from './session-context.ts'
import { parseCredentials, parseUserName, type StoredCredentials } from './stored-items.ts'

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
  const chosen: ChosenAssignment = resolved.chosen ?? {}
  if (!isWanted(wanted.account, chosen.accountId, chosen.accountName)) return undefined
  if (!isWanted(wanted.accessConfiguration, chosen.accessConfigurationId, chosen.accessConfigurationName))
    return undefined
  const stored = await readStored(resolved, context)
  return stored !== undefined && isFreshFor(stored, {}, context.clock) ? stored : undefined
}

/** The identity token that `getToken` would give for a profile, in the same way: undefined when it would do more than read the store. */
export async function readCachedToken(
  resolved: ResolvedProfile,
  wanted: WantedToken | undefined,
  context: Pick<SessionContext, 'clock' | 'openStore'>,
): Promise<Secret | undefined> {
  const read = resolved.keptToken?.(wanted)
  const store = read && (await openKept(resolved, context))
  const found = store && read(await store.read(resolved.items.tokens ?? ''))
  const { clock } = context
  return found && isFresh(found.lifetime, clock.now(), clock.bootedAt()) ? found.token : undefined
}

/** What the store holds for a profile, fresh or not. */
export async function readStored(
  resolved: ResolvedProfile,
  context: Pick<SessionContext, 'openStore'>,
): Promise<StoredCredentials | undefined> {
  const key = resolved.items.credentials
  const store = key && (await openKept(resolved, context))
  return store ? parseCredentials(await store.read(key)) : undefined
}

/** Who signed in, by the ID token that is kept for a profile or for its base; undefined where there is none, as with CloudSSO. */
export async function readUserName(
  resolved: ResolvedProfile,
  context: Pick<SessionContext, 'openStore'>,
): Promise<string | undefined> {
  const base = baseOf(resolved)
  const { tokens } = base.items
  const store = tokens && (await openKept(base, context))
  return store ? parseUserName(await store.read(tokens)) : undefined
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

/**
 * Names what an attempt at a profile's credentials is made at: the item, and the store that has what it takes. Processes of
 * another store, or after a change of the profile, do not share its failures.
 */
export function attemptAt(resolved: ResolvedProfile): string {
  const { credentials, tokens } = resolved.items
  return `${storeChoiceOf(resolved)} ${credentials ?? tokens ?? resolved.name}`
}

/** The same for a login, which may insist on an account, on a new choice, or on a new sign-in. */
export function loginAt(
  resolved: ResolvedProfile,
  {
    wanted,
    force,
    choose = false,
  }: { wanted: WantedAssignment; force: boolean; choose?: boolean | undefined },
): string {
  return JSON.stringify([attemptAt(resolved), wanted.account, wanted.accessConfiguration, force, choose])
}

/** Whether a remembered id and name are what the caller insists on, if on anything. */
export function isWanted(
  wanted: string | undefined,
  id: string | undefined,
  name: string | undefined,
): boolean {
  return wanted === undefined || wanted === id || wanted === name
}
