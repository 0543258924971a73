import { type StoreName, t } from '../kit/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { resolvableProfiles, resolveProfile } from './kinds/resolve-profile.ts'
import { itemsOf, type ResolvedProfile } from './kinds/resolved-profile.ts'
import { otherStores, unlessUnusable } from './profile-stores.ts'
import type { SessionContext } from './session-context.ts'

/** How long leaving a store waits for another sesame that is at work on the same sign-in. */
const waitMs = 10_000

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
