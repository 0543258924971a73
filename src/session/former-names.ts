import { isSesameError, type StoreName, storeNames } from '../kit/index.ts'
import type { Config, Profile } from '../profiles/index.ts'
import type { CredentialStore } from '../store/index.ts'
import { resolvableProfiles } from './kinds/resolve-profile.ts'
import { itemsOf, type ResolvedProfile } from './kinds/resolved-profile.ts'
import type { SessionContext } from './session-context.ts'

/**
 * How items are reached under the names that versions before 0.3 gave them, which said nothing of the configuration, or that they
 * had while the configuration was in another place.
 */
export interface FormerNames {
  /** The configuration is a copy: the stores whose files were copied along, with items that belong to the other one. */
  copied?: readonly StoreName[]
  /** The store with names as they are: without what stands before those of this configuration, and with it. */
  open(store: StoreName): Promise<{ former: CredentialStore; own: CredentialStore }>
  /** Under the lock of the configuration that has those names still. */
  withLock<T>(name: string, run: () => Promise<T>): Promise<T>
}

/**
 * Gives the items of a configuration of before 0.3, or of one that was moved, the names that are its own. Only what its profiles kept
 * is moved, once; an item is never under both names, so no refresh token is used twice. A store that cannot be asked just now is
 * asked the next time. In a copy the files that were copied along are deleted, and no keychain is touched.
 */
export async function takeFormerNames(names: FormerNames, context: SessionContext): Promise<void> {
  let complete = true
  const config = context.readConfig()
  const profiles = resolvableProfiles(config, context)
  const { stores } = context.state.read()
  const holds = (store: StoreName, each: ResolvedProfile) =>
    names.copied?.includes(store) ?? (stores[store]?.held === true || mayHold(store, each, config))
  for (const store of storeNames) {
    const keys = new Set(profiles.filter((each) => holds(store, each)).flatMap(itemsOf))
    if (keys.size === 0) continue
    try {
      const { former, own } = await names.open(store)
      for (const key of keys)
        await names.withLock(key, async () => {
          if (names.copied) await former.remove(key)
          else await move(key, former, own)
        })
    } catch (error) {
      if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
      context.log('sesame:store', `items of ${store} keep their former names: ${error.message}`)
      complete = false
    }
  }
  if (complete) await context.state.change(({ formerNames: _, former: __, ...state }) => state)
}

/** A role is kept where its source is. */
function mayHold(store: StoreName, resolved: ResolvedProfile, config: Config): boolean {
  const { profile, source }: { profile: Profile; source?: ResolvedProfile } = resolved
  const named = [profile.store, config.store, resolved.store].includes(store)
  return named || (source !== undefined && mayHold(store, source, config))
}

async function move(key: string, former: CredentialStore, own: CredentialStore): Promise<void> {
  const value = await former.read(key)
  if (value === undefined) return
  if ((await own.read(key)) === undefined) await own.write(key, value)
  await former.remove(key)
}
