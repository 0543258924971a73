import { isSesameError } from '../kit/index.ts'
import type { Config } from '../profiles/index.ts'
import { openKind, resolveProfile, type Server, type SessionContext } from '../session/index.ts'
import { askIssuer, askServer } from './ask-server.ts'
import type { ServerFacts } from './check-server.ts'
import type { DoctorContext } from './doctor-context.ts'

/** One request per origin, all at once; of an OIDC provider its discovery document, too. */
export async function askServers(
  names: readonly string[],
  config: Config,
  { offline, wayTo }: { offline: boolean } & Pick<DoctorContext, 'wayTo'>,
  context: SessionContext,
): Promise<ServerFacts[]> {
  const portal: Server[] = config.signInUrl === undefined ? [] : [{ role: 'portal', url: config.signInUrl }]
  const servers = await Promise.all(names.map((name) => serversOf(name, config, context)))
  const all = [...portal, ...servers.flat()]
  const known = all.filter(({ url }) => URL.canParse(url))
  const byOrigin = new Map(known.toReversed().map((server) => [new URL(server.url).origin, server]))
  const issuers = new Map(
    known.flatMap(({ role, url, trustedHosts = [] }) => (role === 'issuer' ? [[url, trustedHosts]] : [])),
  )
  return Promise.all(
    [...byOrigin].toReversed().map(async ([origin, { role }]): Promise<ServerFacts> => {
      const facts = { role, origin, way: undefined }
      if (offline) return { ...facts, outcome: { kind: 'skipped' } }
      const ofOrigin = [...issuers].filter(([issuer]) => new URL(issuer).origin === origin)
      const [outcome, ...failures] = await Promise.all([
        askServer(origin, context),
        ...ofOrigin.map(([issuer, trustedHosts]) => askIssuer(issuer, trustedHosts, context)),
      ])
      if (outcome.kind !== 'answered') return { ...facts, outcome }
      const failure = failures.find((each) => each !== undefined)
      return { ...facts, way: await wayTo(origin), outcome: failure ?? outcome }
    }),
  )
}

/** The servers that a renewal of this profile's credentials would need. A broken chain is reported with the profile. */
async function serversOf(name: string, config: Config, context: SessionContext): Promise<Server[]> {
  try {
    return (await openKind(resolveProfile(name, config, context), context)).servers()
  } catch (error) {
    if (!isSesameError(error)) throw error
    return []
  }
}
