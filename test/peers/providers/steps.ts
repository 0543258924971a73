import type { Steps } from '../peer.ts'
import { codeLogin, denied, deviceLogin, otherClient, unknownClient } from './login-steps.ts'
import { deadAfterLogout, deadRefreshToken, logout } from './logout-steps.ts'
import type { Provider } from './provider.ts'
import { lostAnswer, silentRefresh, tenAtExpiry } from './refresh-steps.ts'
import { assumeRole, discovery, doctor, tokenGet, verifyIdToken } from './token-steps.ts'
import { configure, inProviderWorld, type ProviderWorld } from './world.ts'

type Step = (world: ProviderWorld) => Promise<void>

/** The steps in order. Each has a name that `known` and `lacks` may name. */
const table: readonly (readonly [string, Step])[] = [
  ['configure', (world) => configure(world, 'main', world.provider.clients.main)],
  ['discovery', discovery],
  ['device login', deviceLogin],
  ['token get', tokenGet],
  ['verify', verifyIdToken],
  ['AssumeRoleWithOIDC', assumeRole],
  ['silent refresh', silentRefresh],
  ['ten processes at expiry', tenAtExpiry],
  ['lost answer', lostAnswer],
  ['doctor', doctor],
  ['dead refresh token', deadRefreshToken],
  ['logout', logout],
  ['tokens dead after logout', deadAfterLogout],
  ['denied', denied],
  ['unknown client', unknownClient],
  ['secret with special characters', (world) => otherClient(world, 'special')],
  ['post-bound client', (world) => otherClient(world, 'post')],
  ['code login', codeLogin],
]

/** The names of all steps. */
export const stepNames: readonly string[] = table.map(([name]) => name)

/** Runs every step with one provider, the same for all. */
export function runProvider(provider: Provider, steps: Steps): Promise<void> {
  return inProviderWorld(provider, async (world) => {
    for (const [name, run] of table) {
      const why = provider.lacks?.[name]
      if (why !== undefined) steps.skip(name, why)
      else await steps.step(name, () => run(world))
    }
  })
}
