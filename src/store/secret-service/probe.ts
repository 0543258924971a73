import { unlockDefault } from './ask-user.ts'
import { withBus } from './bus.ts'
import { SecretServiceFailure, type SecretServiceState } from './failure.ts'
import { defaultCollection, isLocked, type SecretServiceOptions } from './service.ts'

/** What is found about the service, and why it is so where that is not all. */
export interface Finding {
  state: SecretServiceState
  reason?: string | undefined
}

/** Looks whether the default collection can be used, without anything that could open a dialog or hang. */
export async function probeSecretService(
  options: Omit<SecretServiceOptions, 'interactive' | 'warn'>,
): Promise<Finding> {
  let locked = false
  try {
    await withBus(options, async (bus) => {
      if (!(await isLocked(bus, defaultCollection, 'Collection'))) return
      locked = true
      // A wallet that was opened at login only has to be asked.
      await unlockDefault(bus, { ...options, interactive: () => false, warn: () => {} })
    })
    return { state: 'unlocked' }
  } catch (error) {
    if (!(error instanceof SecretServiceFailure)) throw error
    return locked ? { state: 'locked' } : { state: error.state, reason: error.reason }
  }
}
