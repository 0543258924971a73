import type { Clock, Fetch } from '../kit/index.ts'

/** What a verification needs of the world: the network only where `jwks` is a URL. */
export interface VerifyWorld {
  fetch: Fetch
  clock: Clock
}
