import { type Config, providerUrlOf } from '../../profile/index.ts'
import type { SessionContext } from '../session-context.ts'
import { askPortal } from './ask-portal.ts'
import type { PortalFacts } from './check-portal.ts'
import type { DoctorWorld } from './doctor-world.ts'

/** One request per origin, all at once. */
export async function askPortals(
  names: readonly string[],
  config: Config,
  offline: boolean,
  world: DoctorWorld,
  context: SessionContext,
): Promise<PortalFacts[]> {
  const urls = [config.signInUrl, ...names.map((name) => providerUrlOf(config, config.profiles.get(name)))]
  const origins = new Set(
    urls.flatMap((url) => (url !== undefined && URL.canParse(url) ? [new URL(url).origin] : [])),
  )
  return Promise.all(
    [...origins].map(async (origin) => {
      if (offline) return { origin, way: undefined, outcome: { kind: 'skipped' as const } }
      const outcome = await askPortal(origin, context)
      const way = outcome.kind === 'answered' ? await world.wayTo(origin) : undefined
      return { origin, way, outcome }
    }),
  )
}
