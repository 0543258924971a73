import { accessSync, constants, existsSync } from 'node:fs'
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
  isSesameError,
  member,
  parseRecord,
  printable,
  SesameError,
  t,
  type Warn,
} from '../kit/index.ts'
import { maxConfigBytes } from './config-text.ts'
import type { Place } from './place.ts'
import { type Entry, emptyState, type ProfileState, readSection, type State } from './state.ts'

const stateFileName = 'state.json'

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

/** Under which identity the items of this configuration lie still: it was moved, or is a copy of one that is still there. */
export interface FormerPlace {
  identity: string
  /** The items belong to another configuration; only files that were copied along with the state are here. */
  isCopy?: boolean
}

/** A section of a state file that was written for another place: what it says, and what became of that place. */
interface MovedSection {
  name: string
  section: Record<string, unknown>
  former: FormerPlace
}

/**
 * The section of a state file that this configuration had before its directory, or that of the state, was renamed or copied. Undefined
 * where there is none, or where it is not known which of several it is.
 */
function findMovedSection(sections: Record<string, unknown>, place: Place): MovedSection | undefined {
  if (place.identity === '') return undefined
  const candidates = Object.entries(sections).flatMap(([name, value]): MovedSection[] => {
    const section = asRecord(value)
    // `default` has names without an identity.
    const there = name === 'default' ? undefined : placeOf(section)
    // What was written at this very place is of another configuration that has its state here, too.
    if (section === undefined || there === undefined || there.state === place.state) return []
    const isCopy = isStillAt(there, name, section)
    return [{ name, section, former: { identity: `${name}:`, ...(isCopy && { isCopy }) } }]
  })
  return candidates.length === 1 ? candidates[0] : undefined
}

function placeOf(section: Record<string, unknown> | undefined) {
  const [directory, state] = [asText(section?.directory), asText(section?.state)]
  return directory && state ? { directory, state } : undefined
}

/** Another configuration may have been made since under the same path: it began at another time. */
function isStillAt(
  { directory, state }: { directory: string; state: string },
  name: string,
  { since }: Record<string, unknown>,
): boolean {
  if (!existsSync(join(directory, 'config.json'))) return false
  const sections = asRecord(parseRecord(textOf(join(state, stateFileName)))?.configurations)
  return asRecord(member(sections, name))?.since === since
}

function textOf(path: string): string {
  try {
    return readPrivateFile(path, { warn: () => undefined }) ?? ''
  } catch (error) {
    // A file of another user is not what was moved from here.
    if (!isSesameError(error, 'ERR_FILE')) throw error
    return ''
  }
}
