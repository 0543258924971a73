import { isSesameError, type StoreChoice, within } from '../kit/index.ts'
import type { Config } from '../profiles/index.ts'
import { chooseStore, resolveProfile, type SessionContext, storeChoiceOf } from '../session/index.ts'
import type { StoreFacts } from './check-store.ts'
import type { DoctorContext } from './doctor-context.ts'
import { failureOf } from './finding.ts'

const limitMs = 5000

/** The stores that these profiles use, or the one that a first login would use. */
export function storeChoicesOf(
  names: readonly string[],
  config: Config,
  context: SessionContext,
): StoreChoice[] {
  const choices = names.map((name) => choiceOf(name, config, context))
  return choices.length === 0
    ? [chooseStore(config, undefined, context.storeOverride())]
    : [...new Set(choices)]
}

/** A role is kept where its source is; a broken chain is reported elsewhere. */
function choiceOf(name: string, config: Config, context: SessionContext): StoreChoice {
  try {
    return storeChoiceOf(resolveProfile(name, config, context))
  } catch (error) {
    if (!isSesameError(error)) throw error
    return chooseStore(config, config.profiles.get(name), context.storeOverride())
  }
}

/** Opens one store as a login would; what does not answer in time has failed. */
export async function lookAtStore(
  choice: StoreChoice,
  host: DoctorContext,
  context: SessionContext,
): Promise<StoreFacts> {
  const look = async (): Promise<StoreFacts> => {
    try {
      return { choice, kind: 'opened', inspection: await host.inspectStore(choice) }
    } catch (error) {
      return { choice, ...failureOf(error) }
    }
  }
  const late = (): StoreFacts => ({
    choice,
    kind: 'failed',
    message: `no answer within ${limitMs / 1000} s`,
    hint: undefined,
  })
  return within({ ms: limitMs, clock: context.clock, late }, look())
}
