import { requestCloudCredentials } from '../sts/index.ts'
import { measureClock } from '../token/index.ts'
import type { CloudSsoAssignment } from './entry-key.ts'
import type { SessionContext } from './session-context.ts'
import type { StoredCredentials, StoredToken } from './stored-entry.ts'

/** Exchanges a bearer token for the credentials of one assignment, ready to be kept. */
export async function exchange(
  assignment: CloudSsoAssignment,
  { accessToken }: StoredToken,
  context: Pick<SessionContext, 'fetch' | 'clock' | 'random' | 'signal' | 'log'>,
): Promise<StoredCredentials> {
  const { clock, log } = context
  const issued = await requestCloudCredentials({ ...assignment, accessToken, ...context })
  const { credentials, issuedAt, serverDate } = issued
  log(
    'sesame:sts',
    `credentials for account ${assignment.accountId}, valid until ${credentials.expiresAt.toISOString()}`,
  )
  const reading = measureClock(serverDate, clock.now(), clock.bootedAt())
  return { credentials, lifetime: { obtainedAt: issuedAt, expiresAt: credentials.expiresAt, clock: reading } }
}
