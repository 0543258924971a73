import { isSesameError, type ShellWords, type StoreName, shells, shellWord, t, within } from '../kit/index.ts'
import type { Config } from '../profiles/index.ts'
import {
  emptyLeftStores,
  type HeldStore,
  itemsOf,
  otherStores,
  resolvableProfiles,
  type SessionContext,
} from '../session/index.ts'
import { type Finding, warning } from './finding.ts'
import type { ProfileFacts } from './profiles.ts'
import type { Remedy } from './remedy.ts'

/** A store that profiles have left, and that still holds something of them. */
export interface LeftStore {
  store: StoreName
  profiles: readonly string[]
  /** What is there can be deleted, but not be read without a passphrase: a login does not take it along. */
  sealed?: boolean
  /** Why it could not be looked into. */
  reason?: string
  /** The shell that the advice is for: a POSIX one, if not given. */
  words?: ShellWords
}

export function checkLeftStore(left: LeftStore): Finding {
  const { store, profiles, reason, words = shells.posix } = left
  if (reason !== undefined) {
    const message = t('the store {store}, which was used before, cannot be looked into: {reason}', {
      store,
      reason,
    })
    const fix = t('See why with: {command}', {
      command: words.runWith('SESAME_STORE', store, 'sesame doctor'),
    })
    return warning('leftovers', message, fix)
  }
  const [first = '', ...more] = profiles
  const message =
    more.length === 0
      ? t('the store {store} still holds secrets of profile {name}, kept elsewhere now', {
          store,
          name: first,
        })
      : t('the store {store} still holds secrets of profiles {names}, kept elsewhere now', {
          store,
          names: profiles.join(', '),
        })
  const fix = profiles
    .map((name) => `sesame logout --profile ${shellWord(name)}`)
    .reduce((first, second) => words.inOrder(first, second))
  return warning('leftovers', message, fix, left.sealed ? undefined : emptying(store, profiles))
}

/** Unlike a logout it ends no sign-in: what the profile has in its own store stays there, and what it has not is moved. */
function emptying(store: StoreName, profiles: readonly string[]): Remedy {
  return {
    does: t('take what the store {store} still holds of {profiles} out of it', {
      store,
      profiles: profiles.join(', '),
    }),
    apply: async ({ context }) => {
      for (const name of profiles) await emptyLeftStores(name, context)
    },
  }
}

/** The profiles that have nothing in their own store, each with the one that has it still. */
export function notMovedYet(
  left: readonly LeftStore[],
  profiles: readonly Pick<ProfileFacts, 'name' | 'status'>[],
): ReadonlyMap<string, StoreName> {
  return new Map(
    profiles.flatMap(({ name, status }) => {
      const found = status === 'none' && left.find((each) => !each.sealed && each.profiles.includes(name))
      return found ? [[name, found.store]] : []
    }),
  )
}

/** What is left over: without those profiles. */
export function leftOver(left: readonly LeftStore[], moving: ReadonlyMap<string, StoreName>): LeftStore[] {
  return left
    .map((each) => ({ ...each, profiles: each.profiles.filter((name) => !moving.has(name)) }))
    .filter(({ reason, profiles }) => reason !== undefined || profiles.length > 0)
}

const limitMs = 3000

/** Looks for items of these profiles in all stores that are not theirs now but may have been. No secret is shown or kept. */
export async function lookAtLeftStores(
  names: readonly string[],
  config: Config,
  context: SessionContext,
): Promise<LeftStore[]> {
  const keysOf = new Map<StoreName, Map<string, string[]>>()
  const known = new Map<StoreName, boolean>()
  for (const each of resolvableProfiles(config, context).filter(({ name }) => names.includes(name)))
    for (const held of otherStores(each, context)) {
      const profiles = keysOf.get(held.name) ?? new Map<string, string[]>()
      keysOf.set(held.name, profiles.set(each.name, itemsOf(each)))
      known.set(held.name, held.known)
    }
  const late = () => undefined
  const found = await Promise.all(
    [...keysOf].map(([name, profiles]) => {
      const held = { name, known: known.get(name) === true }
      return within({ ms: limitMs, clock: context.clock, late }, lookInto(held, profiles, context))
    }),
  )
  return found.filter((each) => each !== undefined)
}

async function lookInto(
  { name: store, known }: HeldStore,
  profiles: ReadonlyMap<string, readonly string[]>,
  context: SessionContext,
): Promise<LeftStore | undefined> {
  try {
    const opened = await context.openStore(store, 'leave')
    const left = new Map<string, Found>()
    for (const [name, keys] of profiles)
      for (const key of keys) {
        const found = left.has(name) ? undefined : await lookFor(() => opened.read(key))
        if (found !== undefined) left.set(name, found)
      }
    const sealed = [...left.values()].includes('sealed')
    return left.size === 0 ? undefined : { store, profiles: [...left.keys()], ...(sealed && { sealed }) }
  } catch (error) {
    if (!isSesameError(error) || error.code === 'ERR_INTERRUPTED') throw error
    return known ? { store, profiles: [], reason: error.message } : undefined
  }
}

type Found = 'readable' | 'sealed'

/** An item that cannot be read without its passphrase is there all the same. */
async function lookFor(read: () => Promise<string | undefined>): Promise<Found | undefined> {
  try {
    return (await read()) === undefined ? undefined : 'readable'
  } catch (error) {
    if (isSesameError(error, 'ERR_STORE_PASSPHRASE')) return 'sealed'
    throw error
  }
}
