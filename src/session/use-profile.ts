import { isSesameError } from '../kit/index.ts'
import type { State } from '../profiles/index.ts'
import type { SessionContext } from './session-context.ts'

/** The user goes on with this profile: it becomes the current one, unless that is for one shell only. */
export async function useProfile(
  name: string,
  { makeCurrent }: { makeCurrent: boolean },
  context: SessionContext,
): Promise<void> {
  if (makeCurrent) await context.updateConfig((config) => ({ ...config, currentProfile: name }))
  await rememberUse(name, context)
}

/**
 * Remembers that the user chose a profile, or signed in to it, just now. What is answered from the store counts for nothing, since it
 * writes nothing; nor is anything written while no other profile was used in between.
 */
export async function rememberUse(
  name: string,
  { state, clock, log }: Pick<SessionContext, 'state' | 'clock' | 'log'>,
): Promise<void> {
  const usedAt = clock.now().toISOString()
  const change = (before: State): State => {
    if (usedProfiles(before)[0] === name) return before
    const profiles = new Map(before.profiles).set(name, { ...before.profiles.get(name), usedAt })
    return { ...before, profiles }
  }
  try {
    await state.change(change)
  } catch (error) {
    // A list in a less useful order is no reason to fail.
    if (!isSesameError(error, 'ERR_FILE')) throw error
    log('sesame:store', `not remembered that ${name} is used: ${error.message}`)
  }
}

/** The profiles that were used on this machine, the latest first. */
export function usedProfiles({ profiles }: Pick<State, 'profiles'>): string[] {
  return [...profiles]
    .flatMap(([name, { usedAt }]) => (usedAt === undefined ? [] : [{ name, usedAt }]))
    .sort((a, b) => (a.usedAt < b.usedAt ? 1 : -1))
    .map(({ name }) => name)
}
