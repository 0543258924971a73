import {
  type Config,
  type Place,
  readConfig,
  readState,
  type State,
  sameState,
  serializeConfig,
  writeConfig,
  writeState,
} from '../profiles/index.ts'
import { type ResolvedProfile, type Rules, resolvableProfiles } from './kinds/resolve-profile.ts'
import { persistOrWarn } from './persist-or-warn.ts'
import { openKept } from './read-cached.ts'
import { renewTogether } from './renewal/renew-together.ts'
import type { SessionContext } from './session-context.ts'

/** Changes the configuration, and then forgets what no profile leads to any more. Returns what it is now. */
export async function changeConfig(
  change: (config: Config) => Config,
  context: SessionContext,
): Promise<Config> {
  let before: Config | undefined
  const after = await context.updateConfig((config) => {
    before = config
    return change(config)
  })
  const forget = () => forgetUnreachable(before ?? after, after, context)
  await persistOrWarn(forget, 'Could not delete obsolete secrets', context)
  return after
}

/**
 * Changes the configuration: reads it again under the lock, applies `change`, writes it atomically (0600). Many logins end at the
 * same time; each must find the others' profiles again, and one that changes nothing takes no lock. `change` is applied to each
 * reading, so it may be called several times.
 */
export function updateConfig(
  { directory, warn }: { directory: string; warn: (line: string) => void },
  change: (config: Config) => Config,
  context: SessionContext,
): Promise<Config> {
  return renewTogether<Config, Config>(
    {
      lock: 'config',
      by: 'person',
      of: 'config',
      read: async () => readConfig(directory, warn),
      isGood: (config): config is Config => serializeConfig(change(config)) === serializeConfig(config),
      renew: async (config) => change(config),
      write: async (config) => writeConfig(directory, config, warn),
    },
    context,
  )
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

/**
 * Removes what profiles, and the roles built upon them, kept before the configuration changed, unless some profile still
 * leads to it: a logout could not find it any more, and a refresh token or a secret may be valid for long.
 */
export async function forgetUnreachable(
  before: Config,
  after: Config,
  context: Rules & Pick<SessionContext, 'openStore'>,
): Promise<void> {
  const reachable = new Set(resolvableProfiles(after, context).flatMap(itemsOf))
  for (const each of resolvableProfiles(before, context)) {
    const lost = itemsOf(each).filter((key) => !reachable.has(key))
    const store = lost.length === 0 ? undefined : await openKept(each, context)
    if (store !== undefined) for (const key of lost) await store.remove(key)
  }
}

/** The items of the store that a profile leads to. */
function itemsOf({ items: { credentials, tokens, secret } }: ResolvedProfile): string[] {
  return [credentials, tokens, secret].filter((key) => key !== undefined)
}
