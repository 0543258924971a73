import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readPrivateFile } from '../files/index.ts'
import { asRecord, asText, isSesameError, member, parseRecord } from '../kit/index.ts'
import type { Place } from './state-place.ts'

export const stateFileName = 'state.json'

/** Under which identity the items of this configuration lie still: it was moved, or is a copy of one that is still there. */
export interface FormerPlace {
  identity: string
  /** The items belong to another configuration; only files that were copied along with the state are here. */
  isCopy?: boolean
}

/** A section of a state file that was written for another place: what it says, and what became of that place. */
export interface MovedSection {
  name: string
  section: Record<string, unknown>
  former: FormerPlace
}

/**
 * The section of a state file that this configuration had before its directory, or that of the state, was renamed or copied. Undefined
 * where there is none, or where it is not known which of several it is.
 */
export function findMovedSection(sections: Record<string, unknown>, place: Place): MovedSection | undefined {
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
