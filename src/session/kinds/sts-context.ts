import type { Profile } from '../../profiles/index.ts'
import type { StsContext } from '../../sts/index.ts'
import { stsEndpoint } from '../../values/index.ts'
import type { SessionContext } from '../session-context.ts'

/** How STS is reached for a profile: its own endpoint, else that of its region, else the central one. */
export function stsFor(
  { stsEndpoint: endpoint, region }: Profile,
  { fetch, clock, random, signal }: SessionContext,
): StsContext {
  const url = stsEndpoint({ ...(endpoint && { endpoint }), ...(region && { region }) })
  return { endpoint: url, fetch, clock, random, signal }
}
