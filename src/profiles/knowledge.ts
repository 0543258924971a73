import { isSesameError, storeNames, type Warn } from '../kit/index.ts'
import { type Config, hasRole, roleOf, same, withRole, writtenRole } from './config.ts'
import { checkConfigWritable, readConfig, writeConfig } from './config-file.ts'
import { checkConfigSize, serializeConfig } from './config-text.ts'
import type { Place } from './place.ts'
import type { Profile } from './profile.ts'
import { type ProfileState, type State, sameState } from './state.ts'
import { readState, type Writing, writeState } from './state-file.ts'

/** A configuration: what users write, and what this machine remembers about it. */
export interface Knowledge {
  written: Config
  state: State
}

/** Reads both files. @throws SesameError ERR_CONFIG, ERR_FILE */
export function readKnowledge(place: Place, warn: Warn): Knowledge {
  return { written: readConfig(place.configuration, warn), state: readState(place, warn) }
}

/** The configuration as a use case sees it: the current profile, the stores and the choices are those of this machine. */
export function rememberedConfig({ written, state }: Knowledge): Config {
  const { currentProfile: former, ...rest } = written
  const current = state.currentProfile ?? (state.movedIn ? undefined : former)
  const profiles = new Map<string, Profile>()
  for (const [name, profile] of written.profiles)
    profiles.set(name, rememberedProfile(profile, state.profiles.get(name), { written, state }))
  for (const [name, known] of state.profiles)
    if (known.madeByLogin && !profiles.has(name))
      profiles.set(name, rememberedProfile({ kind: 'cloudsso' }, known, { written, state }))
  return { ...rest, ...(current !== undefined && { currentProfile: current }), profiles }
}

function rememberedProfile(profile: Profile, known: ProfileState | undefined, all: Knowledge): Profile {
  const { store: former, ...rest } = profile
  const store = known?.store ?? (all.state.movedIn ? undefined : former)
  const settled = { ...rest, ...(store !== undefined && { store }) } as Profile
  if (known?.chosen === undefined || !hasRole(settled)) return settled
  const now = writtenRole(settled, all.written)
  return same(known.chosenWhen ?? {}, now) ? withRole(settled, known.chosen) : settled
}

/** Whether the store may still hold items under the names that versions before 0.3 gave them, or that a former place did. */
export function hasFormerNames({ identity }: Place, { written, state }: Knowledge): boolean {
  if (identity === '') return false
  if (state.former !== undefined) return true
  if (state.movedIn) return state.formerNames === true
  return [...written.profiles.values()].some(({ store }) => store !== undefined)
}

/**
 * Parts a configuration that a use case has changed into what is written and what is remembered. Stores and the current profile are
 * always remembered; an account and access configuration where a login chose them (`by`), else they are written.
 */
export function partConfig(before: Knowledge, after: Config, by: 'login' | 'user'): Knowledge {
  const merged = rememberedConfig(before)
  const { currentProfile, ...rest } = after
  const { currentProfile: _, ...state } = before.state
  const known = new Map(state.profiles)
  const profiles = new Map<string, Profile>()
  for (const name of merged.profiles.keys()) if (!after.profiles.has(name)) known.delete(name)
  for (const [name, profile] of after.profiles) {
    const former = { written: before.written.profiles.get(name), merged: merged.profiles.get(name) }
    const parted = partProfile(profile, former, { known: known.get(name) ?? {}, config: after, by })
    if (parted.written !== undefined) profiles.set(name, parted.written)
    if (Object.keys(parted.known).length > 0) known.set(name, parted.known)
    else known.delete(name)
  }
  return {
    written: { ...rest, profiles },
    state: {
      ...state,
      ...(currentProfile !== undefined && { currentProfile }),
      movedIn: true,
      stores: before.state.movedIn ? state.stores : formerStores(before),
      profiles: known,
    },
  }
}

/** A version before 0.3 said where secrets are, not where they had been. */
function formerStores({ written, state }: Knowledge): State['stores'] {
  if ([...written.profiles.values()].every(({ store }) => store === undefined)) return state.stores
  return Object.fromEntries(storeNames.map((name) => [name, { perhapsHeld: true, ...state.stores[name] }]))
}

/**
 * Writes what has changed: the state first, so that nothing is lost in between. The configuration is written only if what users
 * write changed, or to take out what versions before 0.3 kept there; a file that cannot be changed keeps that, and it no longer
 * counts. The caller has the lock. @throws SesameError ERR_FILE, before anything is written if the configuration cannot be
 */
export function writeKnowledge(place: Place, before: Knowledge, after: Knowledge, writing: Writing): void {
  const tidy = serializeConfig(withoutFormerMembers(before.written))
  const mustWrite = serializeConfig(after.written) !== tidy
  if (mustWrite) {
    checkConfigWritable(place.configuration)
    checkConfigSize(after.written)
  }
  const isOld = before.state.former === undefined && hasFormerNames(place, before)
  const state = { ...after.state, ...(isOld && { formerNames: true }) }
  if (!sameState(before.state, state)) writeState(place, () => state, writing)
  if (mustWrite) writeConfig(place.configuration, after.written, writing.warn)
  else if (tidy !== serializeConfig(before.written)) tidyUp(place, after.written, writing.warn)
}

function tidyUp({ configuration }: Place, written: Config, warn: Warn): void {
  try {
    writeConfig(configuration, written, warn)
  } catch (error) {
    if (!isSesameError(error, 'ERR_FILE')) throw error
  }
}

/** Whether writing would change anything that counts. */
export function sameKnowledge(a: Knowledge, b: Knowledge): boolean {
  return sameState(a.state, b.state) && serializeConfig(a.written) === serializeConfig(b.written)
}

interface Former {
  written: Profile | undefined
  merged: Profile | undefined
}

function partProfile(
  { store, ...profile }: Profile,
  former: Former,
  { known, config, by }: { known: ProfileState; config: Config; by: 'login' | 'user' },
): { written: Profile | undefined; known: ProfileState } {
  const { store: _, madeByLogin, ...others } = known
  let own: ProfileState = { ...others, ...(store !== undefined && { store }) }
  let written = profile as Profile
  if (hasRole(written)) {
    const role = roleOf(written)
    const unchanged = same(role, roleOf(former.merged))
    if (unchanged || by === 'login') written = withRole(written, roleOf(former.written))
    if (!unchanged) {
      const { chosen: _, chosenWhen: __, ...without } = own
      const choice = { chosen: role, chosenWhen: writtenRole(written, config) }
      own = by === 'login' ? { ...without, ...choice } : without
    }
  }
  const before = former.written && withoutStore(former.written)
  // The order of the members is the user's.
  if (before !== undefined && same(before, written)) written = before
  const isBare = Object.keys(written).join() === 'kind' && hasRole(written)
  const staysUnwritten = former.written === undefined && isBare && (by === 'login' || madeByLogin)
  return staysUnwritten
    ? { written: undefined, known: { ...own, madeByLogin: true } }
    : { written, known: own }
}

/** What a configuration file of before 0.3 has and that of today has not. */
function withoutFormerMembers({ currentProfile: _, ...config }: Config): Config {
  return {
    ...config,
    profiles: new Map([...config.profiles].map(([name, each]) => [name, withoutStore(each)])),
  }
}

function withoutStore({ store: _, ...profile }: Profile): Profile {
  return profile as Profile
}
