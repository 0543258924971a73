import { isSesameError, type StoreName, storeNames, t } from '../kit/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { itemsOf, type ResolvedProfile, resolvableProfiles, resolveProfile } from './kinds/resolve-profile.ts'
import type { SessionContext } from './session-context.ts'

/** A store that may hold something of a profile; `known`: it was given something. */
export interface HeldStore {
  name: StoreName
  known: boolean
}

/** How long leaving a store waits for another sesame that is at work on the same sign-in. */
const waitMs = 10_000

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

/**
 * Moves what other stores hold of a profile into the one that is its own now, so that no secret is left behind and no user signs in
 * twice. What another profile still has there stays, unless `leaveAll`: every profile leaves. A store that cannot be opened keeps what
 * it has, which is said.
 */
export async function takeAlong(
  resolved: ResolvedProfile,
  { leaveAll }: { leaveAll: boolean },
  context: SessionContext,
): Promise<void> {
  const { store: target, name } = resolved
  if (target === undefined || target === 'memory') return
  for (const from of otherStores(resolved, context)) {
    const shared = leaveAll ? new Set<string>() : keysOfOthers(resolved, from.name, context)
    const keys = itemsOf(resolved).filter((key) => !shared.has(key))
    const move: Move = { keys, from: from.name, to: target, tokens: resolved.items.tokens }
    await unlessUnusable(from, () => moveItems(move, context), {
      ...context,
      failure: t('What the store {store} holds of profile {profile} stays there', {
        store: from.name,
        profile: name,
      }),
    })
  }
}

/** The same by itself, for a profile that is not just signing in: nothing is obtained, and no sign-in ends. */
export function emptyLeftStores(name: string, context: SessionContext): Promise<void> {
  const move = () =>
    takeAlong(resolveProfile(name, context.readConfig(), context), { leaveAll: false }, context)
  return context.withLock(`profile:${name}`, move, { waitMs })
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

interface Move {
  keys: readonly string[]
  from: StoreName
  to: StoreName
  tokens: string | undefined
}

async function moveItems({ keys, from, to, tokens }: Move, context: SessionContext): Promise<void> {
  const former = await context.openStore(from, 'leave')
  let own: CredentialStore | undefined
  for (const key of keys) {
    if ((await former.read(key)) === undefined) continue
    own ??= await context.openStore(to, 'write')
    const target = own
    const move = async () => {
      const value = await former.read(key)
      if (value === undefined) return
      if ((await target.read(key)) === undefined) await target.write(key, value)
      await former.remove(key)
    }
    await (key === tokens ? context.withLock(key, move, { waitMs }) : move())
  }
}

/** The items that other profiles keep in a store. */
function keysOfOthers({ name }: ResolvedProfile, store: StoreName, context: SessionContext): Set<string> {
  const others = resolvableProfiles(context.readConfig(), context)
  return new Set(others.filter((each) => each.name !== name && each.profile.store === store).flatMap(itemsOf))
}
