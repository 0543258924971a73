import { type DeviceFlowDialect, runDeviceFlow, type TokenSet } from '../identity/index.ts'
import type { Person } from '../terminal/index.ts'
import type { SessionContext } from './session-context.ts'

/** Leads the person through a device authorization; nothing is shown before `ready`. */
export function askByDeviceCode(
  dialect: DeviceFlowDialect,
  ready: () => Promise<unknown>,
  { clock, log, signal }: SessionContext,
  person: Person,
): Promise<TokenSet> {
  return untilApproved(person, () =>
    runDeviceFlow(dialect, {
      clock,
      log,
      signal,
      onVerification: async (authorization, deadlineMs) => {
        await ready()
        await person.showVerification(authorization, deadlineMs)
      },
    }),
  )
}

/** Tells the person's screen how it ended, well or badly. */
export async function untilApproved<T>(person: Person, ask: () => Promise<T>): Promise<T> {
  let approved = false
  try {
    const answer = await ask()
    approved = true
    return answer
  } finally {
    person.endVerification(approved)
  }
}
