import type { Warn } from '../kit/index.ts'
import { type Config, readConfig, serializeConfig, writeConfig } from '../profiles/index.ts'
import { renewTogether } from './renewal/renew-together.ts'
import type { SessionContext } from './session-context.ts'

/**
 * Changes the configuration: reads it again under the lock, applies `change`, writes it atomically (0600). Many logins end at the
 * same time; each must find the others' profiles again, and one that changes nothing takes no lock. `change` is applied to each
 * reading, so it may be called several times.
 */
export function updateConfig(
  { directory, warn }: { directory: string; warn: Warn },
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
