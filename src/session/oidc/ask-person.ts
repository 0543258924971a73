import { createOidcDialect, type OidcProvider, runCodeFlow, type TokenSet } from '../../identity/index.ts'
import type { SignInFlow } from '../../profiles/index.ts'
import type { Person } from '../../terminal/index.ts'
import { askByDeviceCode, untilApproved } from '../ask-by-device-code.ts'
import type { ResolvedOidc } from '../resolve-profile.ts'
import type { SessionContext } from '../session-context.ts'
import { openProvider } from './provider.ts'

/**
 * Leads the person to the provider: by the browser of this machine where it has one (authorization code, RFC 8252), else
 * with a code for any browser (device authorization, RFC 8628).
 */
export async function askAtProvider(
  resolved: ResolvedOidc,
  wanted: SignInFlow | undefined,
  ready: () => Promise<unknown>,
  context: SessionContext,
  person: Person,
): Promise<TokenSet> {
  const { clock, log, signal } = context
  const provider = await openProvider(resolved, context)
  const flow = chooseFlow(wanted ?? resolved.profile.flow ?? 'auto', provider, person)
  log('sesame:device', `sign-in by ${flow}`)
  if (flow === 'device') return askByDeviceCode(createOidcDialect(provider), ready, context, person)
  return untilApproved(person, () =>
    runCodeFlow(provider, {
      clock,
      log,
      signal,
      onStartUrl: async (url, deadlineMs) => {
        await ready()
        await person.showStartUrl(url, deadlineMs)
      },
    }),
  )
}

/** What is asked for by name is tried, and fails with the provider's own words; `auto` takes what there is. */
function chooseFlow(wanted: SignInFlow, { supports }: OidcProvider, person: Person): 'code' | 'device' {
  if (wanted !== 'auto') return wanted
  if (!supports.device) return 'code'
  return person.hasBrowserHere && supports.code ? 'code' : 'device'
}
