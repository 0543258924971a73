import type { Warn } from '../kit/index.ts'
import { type Config, hasSetting, signInUrlOf } from './config.ts'
import type { CloudSsoProfile, Profile } from './profile.ts'
import { readConfig } from './read-config.ts'
import type { ChosenRole, ProfileState, State, WrittenRole } from './state.ts'
import { readState } from './state-file.ts'
import type { Place } from './state-place.ts'

/** A configuration: what users write, and what this machine remembers about it. */
export interface Knowledge {
  written: Config
  state: State
}

/** Reads both files. @throws SesameError ERR_CONFIG, ERR_FILE */
export function readKnowledge(place: Place, warn: Warn): Knowledge {
  return { written: readConfig(place.configuration, warn), state: readState(place, warn) }
}

/** Whether the store may still hold items under the names that versions before 0.3 gave them, or that a former place did. */
export function hasFormerNames({ identity }: Place, { written, state }: Knowledge): boolean {
  if (identity === '') return false
  if (state.former !== undefined) return true
  if (state.movedIn) return state.formerNames === true
  return [...written.profiles.values()].some(({ store }) => store !== undefined)
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

const roleMembers = ['accountId', 'accountName', 'accessConfigurationId', 'accessConfigurationName'] as const

/** Whether the role of a profile can be chosen at a login. */
export function hasRole(profile: Profile): profile is CloudSsoProfile {
  return hasSetting(profile.kind, 'accountId')
}

export function roleOf(profile: Profile | undefined): ChosenRole {
  if (profile === undefined || !hasRole(profile)) return {}
  return Object.fromEntries(
    roleMembers.flatMap((key) => (profile[key] === undefined ? [] : [[key, profile[key]]])),
  )
}

export function withRole(profile: CloudSsoProfile, role: ChosenRole): CloudSsoProfile {
  const rest = Object.entries(profile).filter(([key]) => !roleMembers.some((each) => each === key))
  return { kind: profile.kind, ...Object.fromEntries(rest), ...role }
}

/** What is written of the role of a profile without a choice of this machine. */
export function writtenRole(profile: CloudSsoProfile, config: Config): WrittenRole {
  const { accountId, accessConfigurationId } = profile
  return { signInUrl: signInUrlOf(config, profile), accountId, accessConfigurationId }
}

export function same(a: object, b: object): boolean {
  const text = (each: object) =>
    JSON.stringify(
      Object.entries(each)
        .filter(([, value]) => value !== undefined)
        .sort(),
    )
  return text(a) === text(b)
}
