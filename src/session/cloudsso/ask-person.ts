import { createCloudSsoDialect, runDeviceFlow } from '../../identity/index.ts'
import type { Person } from '../person.ts'
import type { ResolvedCloudSso } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import type { StoredToken } from '../stored-entry.ts'

/** Leads the person through the portal's device authorization. */
export async function askAtPortal(
  { signIn }: ResolvedCloudSso,
  ready: () => Promise<unknown>,
  context: SessionContext,
  person: Person,
): Promise<StoredToken> {
  const { clock, log, signal, fetch } = context
  const dialect = createCloudSsoDialect({ ...signIn, fetch, clock })
  let approved = false
  try {
    const token = await runDeviceFlow(dialect, {
      clock,
      log,
      signal,
      onVerification: async (authorization, deadlineMs) => {
        await ready()
        await person.showVerification(authorization, deadlineMs)
      },
    })
    approved = true
    return token
  } finally {
    person.endVerification(approved)
  }
}
