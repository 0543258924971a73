import type { Clock, Fetch } from '../../kit/index.ts'

/** One CloudSSO directory and what is needed to talk to it. */
export interface CloudSsoPortal {
  /** The whole sign-in URL: its path names the directory, its origin has the API. */
  signInUrl: string
  clientId: string
  fetch: Fetch
  clock: Clock
}

/** An endpoint of the portal: only scheme and host of the sign-in URL count. */
export function endpoint(portal: Pick<CloudSsoPortal, 'signInUrl'>, path: string): string {
  return new URL(path, new URL(portal.signInUrl).origin).href
}
