import { createCloudSsoDialect } from '../../identity/index.ts'
import type { Person } from '../../terminal/index.ts'
import { askByDeviceCode } from '../ask-by-device-code.ts'
import type { ResolvedCloudSso } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import type { StoredToken } from '../stored-token.ts'

/** Leads the person through the portal's device authorization. */
export function askAtPortal(
  { signIn }: ResolvedCloudSso,
  ready: () => Promise<unknown>,
  context: SessionContext,
  person: Person,
): Promise<StoredToken> {
  const { clock, fetch } = context
  return askByDeviceCode(createCloudSsoDialect({ ...signIn, fetch, clock }), ready, context, person)
}
