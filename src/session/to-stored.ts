import { measureClock } from '../kit/index.ts'
import type { IssuedCredentials } from '../sts/index.ts'
import type { SessionContext } from './session-context.ts'
import type { StoredCredentials } from './stored-entry.ts'

/** Credentials as they were issued, ready to be kept; `whose` goes to the log. */
export function toStored(
  { credentials, issuedAt, serverDate }: IssuedCredentials,
  whose: string,
  { clock, log }: Pick<SessionContext, 'clock' | 'log'>,
): StoredCredentials {
  log('sesame:sts', `credentials for ${whose}, valid until ${credentials.expiresAt.toISOString()}`)
  const reading = measureClock(serverDate, clock.now(), clock.bootedAt())
  return { credentials, lifetime: { obtainedAt: issuedAt, expiresAt: credentials.expiresAt, clock: reading } }
}
