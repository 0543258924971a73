import { requestCloudCredentials } from '../../sts/index.ts'
import type { CloudSsoAssignment } from '../entry-key.ts'
import type { SessionContext } from '../session-context.ts'
import type { StoredCredentials } from '../stored-entry.ts'
import type { StoredToken } from '../stored-token.ts'
import { toStored } from '../to-stored.ts'

/** Exchanges a bearer token for the credentials of one assignment, ready to be kept. */
export async function exchange(
  assignment: CloudSsoAssignment,
  { accessToken }: StoredToken,
  context: Pick<SessionContext, 'fetch' | 'clock' | 'random' | 'signal' | 'log'>,
): Promise<StoredCredentials> {
  const issued = await requestCloudCredentials({ ...assignment, accessToken, ...context })
  return toStored(issued, `account ${assignment.accountId}`, context)
}
