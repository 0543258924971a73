import type { Clock } from '../kit/index.ts'

/** Our fetch as this room sees it. Spelled out here, the library's declarations need nothing of the http room. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** What a verification needs of the world: the network only where `jwks` is a URL. */
export interface VerifyWorld {
  fetch: Fetch
  clock: Clock
}
