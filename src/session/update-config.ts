import {
  type Config,
  type Knowledge,
  type Place,
  partConfig,
  readKnowledge,
  readState,
  rememberedConfig,
  type State,
  sameKnowledge,
  sameState,
  writeKnowledge,
  writeState,
} from '../profiles/index.ts'
import { renewTogether } from './renewal/renew-together.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Changes the configuration: reads both files again under the lock, applies `change`, writes what has changed, atomically (0600).
 * Many logins end at the same time; each must find the others' profiles again, and one that changes nothing takes no lock. `change` is
 * applied to each reading, so it may be called several times. What a login chooses (`by`) is remembered, not written.
 */
export async function updateConfig(
  place: Place,
  { change, by }: { change: (config: Config) => Config; by: 'login' | 'user' },
  context: SessionContext,
): Promise<Config> {
  const { warn, clock } = context
  const apply = (knowledge: Knowledge) => partConfig(knowledge, change(rememberedConfig(knowledge)), by)
  let before: Knowledge
  const after = await renewTogether<Knowledge, Knowledge>(
    {
      lock: 'config',
      by: 'person',
      of: 'config',
      read: async () => {
        before = readKnowledge(place, warn)
        return before
      },
      isGood: (knowledge): knowledge is Knowledge => sameKnowledge(apply(knowledge), knowledge),
      renew: async (knowledge) => apply(knowledge),
      write: async (knowledge) => writeKnowledge(place, before, knowledge, { warn, now: clock.now() }),
    },
    context,
  )
  return rememberedConfig(after)
}

/** Changes what this machine knows, under the same lock: reads it again, applies `change`, writes it if it is another. */
export async function changeState(
  place: Place,
  change: (state: State) => State,
  context: Pick<SessionContext, 'withLock' | 'clock' | 'warn'>,
): Promise<State> {
  const { warn, clock } = context
  const before = readState(place, warn)
  if (sameState(change(before), before)) return before
  return context.withLock('config', async () => writeState(place, change, { warn, now: clock.now() }))
}
