import { isSesameError, type StoreName, storeNames, t } from '../kit/index.ts'
import type { CredentialStore } from '../store/index.ts'
import type { ItemNames } from './kinds/item-names.ts'
import type { ResolvedProfile } from './kinds/resolved-profile.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Writes something that was already obtained. If the store or the disk refuses, the run goes on with what it has
 * and warns with `failure` and the reason: a sign-in is not thrown away because it cannot be
 * stored. Returns whether it was stored.
 */
export async function persistOrWarn(
  write: () => Promise<unknown>,
  failure: string,
  { warn }: Pick<SessionContext, 'warn'>,
): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    warn(t('{what}: {message}', { what: failure, message: error.message }))
    return false
  }
}

/** The store that keeps a profile's secrets; undefined when it never kept anything. */
export async function openKept(
  { store: choice, items }: Pick<ResolvedProfile, 'store' | 'items'>,
  context: Pick<SessionContext, 'openStore'>,
): Promise<CredentialStore | undefined> {
  if (choice === undefined) return undefined
  const store = await context.openStore(choice, 'read')
  if (items.former !== undefined) await adoptFormerItems(items, store)
  return store
}

/**
 * Moves what lies under the names of a former version to today's, so that no new sign-in is needed after an upgrade. What is
 * there under today's name is newer and stays. Needs no lock: of two processes both write the same.
 */
export async function adoptFormerItems(items: ItemNames, store: CredentialStore): Promise<void> {
  for (const kind of ['credentials', 'tokens'] as const) {
    const name = items[kind]
    const former = items.former?.[kind]
    if (name === undefined || former === undefined || name === former) continue
    const value = await store.read(former)
    if (value === undefined) continue
    if ((await store.read(name)) === undefined) await store.write(name, value)
    await store.remove(former)
  }
}

/** A store that may hold something of a profile; `known`: it was given something. */
export interface HeldStore {
  name: StoreName
  known: boolean
}

/**
 * The stores other than its own that may hold something of a profile: those that were ever given something, and each one while what a
 * version before 0.3 kept is not taken over.
 */
export function otherStores(
  { store, profile }: ResolvedProfile,
  { state }: Pick<SessionContext, 'state'>,
): HeldStore[] {
  const { stores, movedIn } = state.read()
  const perhaps = !movedIn && profile.store !== undefined
  return storeNames.flatMap((name) => {
    const known = stores[name]?.held === true || profile.store === name
    const looked = known || perhaps || stores[name]?.perhapsHeld === true
    return looked && name !== store ? [{ name, known }] : []
  })
}

/** Runs something at a store that is not a profile's own; that it cannot be used is said where something is known to be there. */
export async function unlessUnusable<T>(
  { known }: HeldStore,
  run: () => Promise<T>,
  { failure, warn, log }: Pick<SessionContext, 'warn' | 'log'> & { failure: string },
): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    const line = t('{what}: {message}', { what: failure, message: error.message })
    if (known) warn(line)
    else log('sesame:store', line)
    return undefined
  }
}
