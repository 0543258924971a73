import type { StoreName } from '../../kit/index.ts'
import { type Config, hasRole, roleOf, same, signsInAt } from '../config.ts'
import type { AnySettings, CloudSsoProfile, Profile } from '../profile.ts'
import type { ChosenRole, ProfileState } from '../state.ts'
import { type Assignment, type NameTemplate, numberedName } from './name-template.ts'

/** The mark of what `sesame profile sync` has made, as `managedBy` in `config.json`. */
const mark = 'sync'

/** Names that mean something else, and that no profile is given by itself. */
const reservedNames = ['default', '__proto__']

/**
 * What becomes of one profile. `gone`: its assignment is no longer there, and it stays, as pruning was not asked for. `wantedName`
 * is what the template gives where another profile has that name.
 */
interface SyncStep {
  action: 'created' | 'changed' | 'kept' | 'gone' | 'pruned'
  name: string
  assignment: Assignment
  wantedName?: string
  /** Of a profile that is pruned: the roles that are built on it. */
  usedBy?: readonly string[]
}

export interface SyncPlan {
  /** In the order of their names. */
  steps: readonly SyncStep[]
  /** The configuration afterwards; the same object where nothing changes. */
  config: Config
}

export interface SyncScope {
  /** In normal form: profiles of another one are never touched. */
  signInUrl: string
  nameOf: NameTemplate
  /** Whether `--match` takes one of these names; what it does not take is never touched. */
  matches(names: readonly string[]): boolean
  prune: boolean
  /** False if some part of the list could not be had: then nothing counts as gone. */
  complete: boolean
  /** What this machine knows of each profile. */
  states: ReadonlyMap<string, ProfileState>
  /** Where the sign-in is kept, for profiles that keep nothing yet. */
  store?: StoreName | undefined
}

/** A profile that an earlier run has made, and the assignment that it stands for. */
interface Managed {
  name: string
  profile: CloudSsoProfile
  assignment: Assignment
}

/**
 * Plans a profile for each assignment. A profile that was made before keeps its name and every setting that is not of the
 * assignment; others, also of the same name, stay as they are. New names do not depend on the order of the list.
 */
export function planSync(listed: readonly Assignment[], before: Config, scope: SyncScope): SyncPlan {
  const all = new Map(listed.map((each) => [keyOf(each), each]))
  const managed = managedProfiles(before, scope)
  const lost = managed.filter(
    ({ name, assignment }) =>
      scope.complete && !all.has(keyOf(assignment)) && scope.matches([name, ...namesOf(assignment)]),
  )
  const left =
    scope.prune && lost.length > 0 ? withoutProfiles(before, new Set(lost.map(({ name }) => name))) : before
  const planned = planEach([...all.values()].sort(byKey), managed, left, scope).sort(byName)
  const profiles = new Map<string, Profile>(left.profiles)
  for (const { name, profile } of planned) profiles.set(name, profile)
  const ends = lost.map(
    ({ name, assignment }): SyncStep =>
      scope.prune
        ? { action: 'pruned', name, assignment, usedBy: usersOf(name, left) }
        : { action: 'gone', name, assignment },
  )
  const stays = left === before && planned.every(({ name, profile }) => before.profiles.get(name) === profile)
  const steps = [...ends, ...planned.map(({ profile: _, ...step }) => step)].sort(byName)
  return { steps, config: stays ? before : { ...left, profiles } }
}

/** What becomes of each assignment that `--match` takes; `left` is what is there without that which is pruned. */
function planEach(
  assignments: readonly Assignment[],
  managed: readonly Managed[],
  left: Config,
  scope: SyncScope,
): PlannedStep[] {
  const wanted = assignments.map((assignment) => ({
    assignment,
    wantedName: scope.nameOf(assignment, scope.signInUrl),
  }))
  const owners = ownersOf(wanted, managed)
  const inScope = wanted.filter(({ assignment, wantedName }) => {
    const own = owners.get(keyOf(assignment))?.name ?? wantedName
    return scope.matches([own, wantedName, ...namesOf(assignment)])
  })
  const names = newNames(
    inScope.filter(({ assignment }) => !owners.has(keyOf(assignment))),
    left,
  )
  return inScope.map(({ assignment, wantedName }): PlannedStep => {
    const own = owners.get(keyOf(assignment))
    const profile = profileOf(assignment, own?.profile, scope)
    if (own !== undefined) {
      const action = isSame(own.profile, profile) ? 'kept' : 'changed'
      const isKept = action === 'kept' && own.profile.store === profile.store
      return { action, name: own.name, assignment, profile: isKept ? own.profile : profile }
    }
    const name = names.get(keyOf(assignment)) ?? wantedName
    return { action: 'created', name, assignment, profile, ...(name !== wantedName && { wantedName }) }
  })
}

function withoutProfiles(config: Config, names: ReadonlySet<string>): Config {
  const { currentProfile, ...rest } = config
  const profiles = new Map([...config.profiles].filter(([name]) => !names.has(name)))
  const stays = currentProfile !== undefined && !names.has(currentProfile)
  return { ...rest, ...(stays && { currentProfile }), profiles }
}

type PlannedStep = SyncStep & { profile: CloudSsoProfile }

interface Wanted {
  assignment: Assignment
  wantedName: string
}

function managedProfiles(config: Config, { signInUrl, states }: SyncScope): Managed[] {
  return [...config.profiles].flatMap(([name, profile]) => {
    if (!hasRole(profile) || profile.managedBy !== mark) return []
    const { accountName = '', accessConfigurationName = '' } = profile
    const { accountId, accessConfigurationId } = writtenAssignment(profile, states.get(name))
    if (accountId === undefined || accessConfigurationId === undefined) return []
    if (!signsInAt(config, profile, signInUrl)) return []
    const assignment = { accountId, accountName, accessConfigurationId, accessConfigurationName }
    return [{ name, profile, assignment }]
  })
}

/** What the configuration says, whatever else a login on this machine has chosen for the profile since. */
function writtenAssignment(profile: CloudSsoProfile, state: ProfileState | undefined): ChosenRole {
  const { chosen, chosenWhen = {} } = state ?? {}
  const { accountId, accessConfigurationId } =
    chosen !== undefined && same(chosen, roleOf(profile)) ? chosenWhen : profile
  return { ...(accountId && { accountId }), ...(accessConfigurationId && { accessConfigurationId }) }
}

/** The profile that each assignment has already; of several the one that has the name it would get. */
function ownersOf(wanted: readonly Wanted[], managed: readonly Managed[]): Map<string, Managed> {
  const owners = new Map<string, Managed>()
  const wantedNames = new Map(wanted.map(({ assignment, wantedName }) => [keyOf(assignment), wantedName]))
  for (const each of managed) {
    const key = keyOf(each.assignment)
    if (!owners.has(key) || wantedNames.get(key) === each.name) owners.set(key, each)
  }
  return owners
}

/** A name for each: the wanted one where it is free, else with the first free number. */
function newNames(wanted: readonly Wanted[], { profiles }: Config): Map<string, string> {
  const taken = new Set([...profiles.keys(), ...reservedNames])
  const names = new Map<string, string>()
  const take = (assignment: Assignment, name: string) => {
    taken.add(name)
    names.set(keyOf(assignment), name)
  }
  for (const { assignment, wantedName } of wanted) if (!taken.has(wantedName)) take(assignment, wantedName)
  for (const { assignment, wantedName } of wanted) {
    if (names.has(keyOf(assignment))) continue
    let number = 2
    while (taken.has(numberedName(wantedName, number))) number++
    take(assignment, numberedName(wantedName, number))
  }
  return names
}

/** Settings of the assignment are the list's; all others are the user's. */
function profileOf(
  { accountId, accountName, accessConfigurationId, accessConfigurationName }: Assignment,
  own: CloudSsoProfile | undefined,
  { signInUrl, store }: SyncScope,
): CloudSsoProfile {
  const kept = own?.store ?? store
  return {
    ...(own ?? { kind: 'cloudsso' }),
    // In whichever spelling: it was compared already.
    signInUrl: own?.signInUrl ?? signInUrl,
    accountId,
    ...(accountName !== '' && { accountName }),
    accessConfigurationId,
    ...(accessConfigurationName !== '' && { accessConfigurationName }),
    managedBy: mark,
    ...(kept !== undefined && { store: kept }),
  }
}

/** Where its secrets are kept is nothing that a user wrote. */
function isSame({ store: _, ...before }: CloudSsoProfile, { store: __, ...after }: CloudSsoProfile): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}

function usersOf(name: string, { profiles }: Config): string[] {
  const isBuiltOn = (profile: Profile) => (profile as AnySettings).sourceProfile === name
  return [...profiles].flatMap(([user, profile]) => (isBuiltOn(profile) ? [user] : []))
}

function keyOf({ accountId, accessConfigurationId }: Assignment): string {
  return `${accountId} ${accessConfigurationId}`
}

function namesOf(assignment: Assignment): string[] {
  const { accountId, accountName, accessConfigurationId, accessConfigurationName } = assignment
  return [accountId, accountName, accessConfigurationId, accessConfigurationName]
}

function byKey(a: Assignment, b: Assignment): number {
  return compare(keyOf(a), keyOf(b))
}

function byName(a: { name: string }, b: { name: string }): number {
  return compare(a.name, b.name)
}

/** The same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
