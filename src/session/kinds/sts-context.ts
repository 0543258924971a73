import { type Profile, regionOf } from '../../profiles/index.ts'
import type { StsContext } from '../../sts/index.ts'
import { stsEndpoint } from '../../values/index.ts'
import type { SessionContext } from '../session-context.ts'

/** How STS is reached for a profile: its own endpoint, else that of its region, else the central one. */
export function stsFor(profile: Profile, { fetch, clock, random, signal }: SessionContext): StsContext {
  const { stsEndpoint: endpoint } = profile
  const url = stsEndpoint(endpoint ? { endpoint } : { region: regionOf(profile) })
  return { endpoint: url, fetch, clock, random, signal }
}
