import type { CloudSsoOptions } from '../../mocks/index.ts'
import { startPortal, type TestPortal } from './portal.ts'
import { makeTestHome, type TestHome } from './test-home.ts'

export interface World {
  portal: TestPortal
  home: TestHome
}

/** A test with a portal and a HOME of its own, so that slow ones can run side by side. */
export function inWorld(
  options: CloudSsoOptions,
  run: (world: World) => Promise<void>,
  env?: Record<string, string>,
): () => Promise<void> {
  return async () => {
    const portal = await startPortal(options)
    const home = makeTestHome(portal, env)
    try {
      await run({ portal, home })
    } finally {
      await portal.stop()
      home.remove()
    }
  }
}

/** How often a call was made so far. */
export function countCalls({ portal }: World, call: string): number {
  return portal.calls().filter((each) => each === call).length
}
