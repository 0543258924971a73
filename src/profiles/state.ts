import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import {
  checkCreatable,
  ensurePrivateDirectory,
  fileError,
  isPrivateDirectory,
  readPrivateFile,
  setAside,
  writePrivateFile,
} from '../files/index.ts'
import {
  asRecord,
  asText,
  member,
  parseRecord,
  printable,
  SesameError,
  type StoreName,
  storeNames,
  t,
  type Warn,
} from '../kit/index.ts'
import { maxConfigBytes } from './config-file.ts'
import { type FormerPlace, findMovedSection, stateFileName } from './moved.ts'
import { isProfileName } from './profile-name.ts'
import type { Place } from './state-place.ts'

/** What was chosen for a profile while signing in, not written by the user. Ids are strings, 19 digits do not fit a number. */
export interface ChosenRole {
  accountId?: string
  accountName?: string
  accessConfigurationId?: string
  accessConfigurationName?: string
}

type Entry = Record<string, unknown>

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

const version = 1

/** Reads what is known, without a lock: the file is replaced as a whole. A malformed file counts as none, with a warning. */
export function readState(place: Place, warn: Warn): State {
  const file = readFile(place, warn)
  if (file === 'malformed')
    warn(
      t('{path} is malformed; what it said is not used.', {
        path: printable(join(place.state, stateFileName)),
      }),
    )
  return file === undefined || file === 'malformed' ? emptyState : sectionOf(file, place)
}

/**
 * Applies `change` to what is known, and writes the file atomically and 0600; the caller has the lock. One that is malformed is
 * set aside. @throws SesameError ERR_FILE
 */
export function writeState(place: Place, change: (state: State) => State, { warn, now }: Writing): State {
  const path = join(place.state, stateFileName)
  ensurePrivateDirectory(place.state, warn)
  const found = readFile(place, warn)
  if (found === 'malformed')
    warn(
      t('Malformed {path} was moved to {kept}.', {
        path: printable(path),
        kept: printable(setAside(path, now)),
      }),
    )
  const file = found === undefined || found === 'malformed' ? {} : found
  const after = change(sectionOf(file, place))
  const { profiles, providers, pendingSignIns, ...rest } = after
  const section = {
    since: now.toISOString(),
    ...rest,
    directory: place.configuration,
    state: place.state,
    profiles: Object.fromEntries(profiles),
    providers: Object.fromEntries(providers),
    ...(pendingSignIns?.size && { pendingSignIns: Object.fromEntries(pendingSignIns) }),
  }
  const { [formerSection(file, place)?.name ?? '']: _, ...others } = sectionsOf(file)
  const configurations = { ...others, [sectionName(place)]: section }
  const text = JSON.stringify({ ...file, version, configurations }, null, 2)
  writePrivateFile(path, `${text}\n`)
  return after
}

/**
 * Makes sure that the state can be kept, before a person signs in for it. Nothing is made.
 * @throws SesameError ERR_FILE with the reason
 */
export function checkStateWritable({ state }: Place, warn: Warn): void {
  try {
    if (isPrivateDirectory(state, warn)) accessSync(state, constants.W_OK)
    else checkCreatable(state)
  } catch (cause) {
    const { message } = fileError('write to', state, cause)
    throw new SesameError('ERR_FILE', message, { hint: t(elsewhere), cause })
  }
}

const elsewhere = 'Set SESAME_STATE_DIR to a directory of your own, or SESAME_STORE=memory to keep nothing.'

/** Whether two states say the same. */
export function sameState(a: State, b: State): boolean {
  return textOf(a) === textOf(b)
}

function textOf({ profiles, providers, pendingSignIns = new Map(), ...rest }: State): string {
  return JSON.stringify([rest, [...profiles], [...providers], [...pendingSignIns]])
}

export interface Writing {
  warn: Warn
  now: Date
}

/** The whole file; it has a section for each configuration, since several can be given one directory. */
function readFile({ state }: Place, warn: Warn): Entry | 'malformed' | undefined {
  const path = join(state, stateFileName)
  const text = readPrivateFile(path, { maxBytes: maxConfigBytes, warn })
  if (text === undefined || text.trim() === '') return undefined
  const file = parseRecord(text)
  if (typeof file?.version !== 'number') return 'malformed'
  if (file.version <= version) return file
  throw new SesameError('ERR_CONFIG', t('{path} was written by a newer sesame.', { path: printable(path) }), {
    hint: t('Update sesame, or set SESAME_STATE_DIR to another directory.'),
  })
}

function sectionName({ identity }: Place): string {
  return identity === '' ? 'default' : identity.replace(/:$/, '')
}

function sectionsOf(file: Entry): Entry {
  return asRecord(file.configurations) ?? {}
}

/** What the configuration was called before it was moved or copied; undefined once it has a section of its own. */
function formerSection(file: Entry, place: Place): ReturnType<typeof findMovedSection> {
  const sections = sectionsOf(file)
  return member(sections, sectionName(place)) === undefined ? findMovedSection(sections, place) : undefined
}

function sectionOf(file: Entry, place: Place): State {
  const own = asRecord(member(sectionsOf(file), sectionName(place)))
  const moved = own === undefined ? formerSection(file, place) : undefined
  if (moved === undefined) return own === undefined ? emptyState : readSection(own)
  const { former, section } = moved
  const { since: _, ...state } = readSection(section) as State & Entry
  if (!former.isCopy) return { ...readSection(section), former }
  // It has nothing in any store yet: the items are those of the other one.
  const profiles = [...state.profiles].map(([name, { store: _, ...rest }]): [string, ProfileState] => [
    name,
    rest,
  ])
  return { ...state, profiles: new Map(profiles), stores: copiedStores, former }
}

/** Files are copied along with a state. */
const copiedStores: State['stores'] = {
  'encrypted-file': { perhapsHeld: true },
  plaintext: { perhapsHeld: true },
}

function readSection(section: Entry): State {
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
