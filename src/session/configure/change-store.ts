import { t } from '../../kit/index.ts'
import { type Config, type Profile, type State, withProfile } from '../../profiles/index.ts'
import { resolvableProfiles } from '../kinds/resolve-profile.ts'
import { itemsOf, type ResolvedProfile } from '../kinds/resolved-profile.ts'
import { logout } from '../logout.ts'
import { otherStores, persistOrWarn, unlessUnusable } from '../profile-stores.ts'
import type { SessionContext } from '../session-context.ts'
import { takeAlong } from '../take-along.ts'

/** How long a change of the store waits for another sesame that is at work in a profile. */
const waitMs = 10_000

/**
 * Lets every profile leave its former store for the one that holds for all now: what they keep is moved there; for the store
 * `memory`, which keeps nothing, it is forgotten and revoked. With `auto` each stays where it is.
 */
export async function changeStore(given: SessionContext): Promise<void> {
  // What was configured counts, not what SESAME_STORE says for this one command.
  const context: SessionContext = { ...given, storeOverride: () => undefined }
  await context.state.change(withoutAnswer)
  const config = context.readConfig()
  const target = config.store
  if (target === undefined || target === 'auto') return
  if (target === 'memory') return forgetAll(context)
  for (const each of resolvableProfiles(config, context)) {
    const move = () => takeAlong(each, { leaveAll: true }, context)
    const locked = () => context.withLock(`profile:${each.name}`, move, { waitMs })
    await persistOrWarn(
      locked,
      t('Could not move the secrets of profile {name}', { name: each.name }),
      context,
    )
  }
  const follow = (profile: Profile): Profile =>
    profile.store === undefined ? profile : { ...profile, store: target }
  await context.updateConfig((now: Config) =>
    [...now.profiles].reduce((all, [name, profile]) => withProfile(all, name, follow(profile)), now),
  )
}

async function forgetAll(given: SessionContext): Promise<void> {
  // Each profile is still where it was: its client's secret there is needed to revoke its tokens.
  const readConfig = () => {
    const { store: _, ...config } = given.readConfig()
    return config
  }
  const context: SessionContext = { ...given, readConfig }
  for (const each of resolvableProfiles(readConfig(), context))
    await persistOrWarn(
      () => forget(each, context),
      t('Could not forget profile {name}', { name: each.name }),
      context,
    )
}

async function forget(resolved: ResolvedProfile, context: SessionContext): Promise<void> {
  const { name, store: own } = resolved
  await logout(name, { sparesOthers: false }, context)
  const ownStore = own === undefined || own === 'memory' ? [] : [{ name: own, known: true }]
  for (const held of [...ownStore, ...otherStores(resolved, context)]) {
    const remove = async () => {
      const store = await context.openStore(held.name, 'leave')
      for (const key of itemsOf(resolved)) await store.remove(key)
    }
    const failure = t('What the store {store} holds of profile {profile} stays there', {
      store: held.name,
      profile: name,
    })
    await unlessUnusable(held, remove, { ...context, failure })
  }
}

/** The store was named, or shall be found anew: the answer counts no longer. */
function withoutAnswer({ withoutKeychain: _, ...state }: State): State {
  return state
}
