import { asRecord, asText, type StoreName, storeNames } from '../kit/index.ts'
import { isProfileName } from './profile.ts'
import type { FormerPlace } from './state-file.ts'

/** What was chosen for a profile while signing in, not written by the user. Ids are strings, 19 digits do not fit a number. */
export interface ChosenRole {
  accountId?: string
  accountName?: string
  accessConfigurationId?: string
  accessConfigurationName?: string
}

export type Entry = Record<string, unknown>

/** What the configuration says of an account, and of the directory that it is in. */
export interface WrittenRole {
  signInUrl?: string | undefined
  accountId?: string | undefined
  accessConfigurationId?: string | undefined
}

/** What this machine knows of one profile. */
export interface ProfileState {
  /** Which store holds its secrets; set by a login, never changed silently. */
  store?: StoreName
  /** The account and access configuration of a CloudSSO profile that were chosen at a login. */
  chosen?: ChosenRole
  /** What the configuration said when that was chosen. If it says something else since, that is meant. */
  chosenWhen?: WrittenRole
  /** A login made the profile: the configuration does not have it. */
  madeByLogin?: boolean
  /** When the user last chose it or signed in to it (ISO 8601). */
  usedAt?: string
}

/** What this machine knows of one store. */
interface StoreState {
  /** It has been given secrets, which may still be there. */
  held?: boolean
  /** A version before 0.3, which did not remember that, may have given it some. */
  perhapsHeld?: boolean
  /** When it last proved that it keeps and returns a test item (ISO 8601). */
  provenAt?: string
}

/** How the token endpoint of an OIDC provider wants a client to authenticate itself. */
const learnedClientAuths = ['basic', 'basic-raw', 'post'] as const

/** What was learned about an OIDC provider by talking to it. */
interface ProviderState {
  clientAuth?: (typeof learnedClientAuths)[number]
}

/** What this machine knows about one configuration. No secrets. Members of later versions are kept, here and in each part. */
export interface State {
  /** Profile of the last successful login, or of `profile use`. */
  currentProfile?: string
  /** What versions before 0.3 kept in `config.json` has been taken over: what still stands there counts no longer. */
  movedIn?: boolean
  /** Items that those versions kept still have their names, which do not tell this configuration from others. */
  formerNames?: boolean
  /** The configuration was moved, or copied: items that are still named after its former place. */
  former?: FormerPlace
  profiles: ReadonlyMap<string, ProfileState>
  stores: Readonly<Partial<Record<StoreName, StoreState>>>
  /** By the item of the sign-in (`items.tokens`). */
  providers: ReadonlyMap<string, ProviderState>
  /** Sign-ins that wait for the user's approval, by their item; what they are made of is in `session/kinds/pending-sign-in.ts`. */
  pendingSignIns?: ReadonlyMap<string, Entry>
  /** Where there is no keychain: what the user answered when a login offered the encrypted file. */
  withoutKeychain?: WithoutKeychain
}

/** Where secrets are kept without a keychain. `unlocked`: in the encrypted file, whose key a login keeps at hand for a while. */
export type WithoutKeychain = (typeof answersWithoutKeychain)[number]
const answersWithoutKeychain = ['encrypted-file', 'unlocked', 'memory'] as const

export const emptyState: State = {
  profiles: new Map(),
  stores: {},
  providers: new Map(),
}

/** Whether two states say the same. */
export function sameState(a: State, b: State): boolean {
  return textOf(a) === textOf(b)
}

function textOf({ profiles, providers, pendingSignIns = new Map(), ...rest }: State): string {
  return JSON.stringify([rest, [...profiles], [...providers], [...pendingSignIns]])
}

/** A section of the file as it is meant; what does not fit is left out. */
export function readSection(section: Entry): State {
  const { currentProfile, movedIn, formerNames, former, stores, pendingSignIns, withoutKeychain, ...rest } =
    section
  const pending = mapOf(pendingSignIns, (entry) => entry)
  const answer = answersWithoutKeychain.find((each) => each === withoutKeychain)
  const current = asText(currentProfile)
  const identity = asText(asRecord(former)?.identity)
  return {
    ...rest,
    ...(identity && { former: { identity, ...(asRecord(former)?.isCopy === true && { isCopy: true }) } }),
    ...(current !== undefined && isProfileName(current) && { currentProfile: current }),
    ...(movedIn === true && { movedIn }),
    ...(formerNames === true && { formerNames }),
    profiles: mapOf(section.profiles, readProfile, isProfileName),
    stores: Object.fromEntries(mapOf(stores, readStore)),
    providers: mapOf(section.providers, readProvider),
    ...(pending.size > 0 && { pendingSignIns: pending }),
    ...(answer && { withoutKeychain: answer }),
  }
}

function mapOf<T>(value: unknown, read: (entry: Entry) => T, allowed = (_: string) => true): Map<string, T> {
  const found = new Map<string, T>()
  for (const [key, each] of Object.entries(asRecord(value) ?? {})) {
    const entry = asRecord(each)
    if (entry !== undefined && allowed(key)) found.set(key, read(entry))
  }
  return found
}

function readProfile({ store, chosen, chosenWhen, madeByLogin, usedAt, ...rest }: Entry): ProfileState {
  const known = storeNames.find((name) => name === store)
  const used = asText(usedAt)
  return {
    ...rest,
    ...(known && { store: known }),
    ...(asRecord(chosen) && { chosen: readChoice(chosen) }),
    ...(asRecord(chosenWhen) && { chosenWhen: readChoice(chosenWhen) }),
    ...(madeByLogin === true && { madeByLogin }),
    ...(used && { usedAt: used }),
  }
}

function readChoice(value: unknown): ChosenRole {
  return Object.fromEntries(Object.entries(asRecord(value) ?? {}).filter(([, text]) => asText(text)))
}

function readStore({ held, perhapsHeld, provenAt, ...rest }: Entry): StoreState {
  const proven = asText(provenAt)
  return {
    ...rest,
    ...(held === true && { held }),
    ...(perhapsHeld === true && { perhapsHeld }),
    ...(proven && { provenAt: proven }),
  }
}

function readProvider({ clientAuth, ...rest }: Entry): ProviderState {
  const known = learnedClientAuths.find((each) => each === clientAuth)
  return { ...rest, ...(known && { clientAuth: known }) }
}
