import type { Config } from '../profiles/index.ts'
import { forgetUnreachable } from './forget-unreachable.ts'
import { keep } from './keep.ts'
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
  await keep(forget, 'The end of what was configured before', context)
  return after
}
