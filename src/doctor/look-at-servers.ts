import { isSesameError } from '../kit/index.ts'
import type { Config } from '../profiles/index.ts'
import {
  baseOf,
  credentialsKeyOf,
  type ResolvedProfile,
  resolveProfile,
  type SessionContext,
  stsFor,
  trustedHostsOf,
} from '../session/index.ts'
import { askIssuer, askServer } from './ask-server.ts'
import type { ServerFacts, ServerRole } from './check-server.ts'
import type { DoctorWorld } from './doctor-world.ts'

interface Server {
  role: ServerRole
  /** Sign-in URL, issuer or endpoint. */
  url: string
  /** Of an issuer. */
  trustedHosts?: readonly string[]
}

/** One request per origin, all at once; of an OIDC provider its discovery document, too. */
export async function askServers(
  names: readonly string[],
  config: Config,
  offline: boolean,
  world: DoctorWorld,
  context: SessionContext,
): Promise<ServerFacts[]> {
  const portal: Server[] = config.signInUrl === undefined ? [] : [{ role: 'portal', url: config.signInUrl }]
  const all = [...portal, ...names.flatMap((name) => serversOf(name, config, context))]
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
      return { ...facts, way: await world.wayTo(origin), outcome: failure ?? outcome }
    }),
  )
}

/** The servers that a renewal of this profile's credentials would need. A broken chain is reported with the profile. */
function serversOf(name: string, config: Config, context: SessionContext): Server[] {
  try {
    const resolved = resolveProfile(name, config, context)
    return [signInServer(baseOf(resolved)), ...stsServers(resolved, context)]
  } catch (error) {
    if (!isSesameError(error)) throw error
    return []
  }
}

function signInServer(base: ReturnType<typeof baseOf>): Server {
  switch (base.kind) {
    case 'cloudsso':
      return { role: 'portal', url: base.signIn.signInUrl }
    case 'oidc':
      return { role: 'issuer', url: base.signIn.issuer, trustedHosts: trustedHostsOf(base) }
    case 'idaas':
      return { role: 'idaas', url: base.signIn.idaasUrl }
  }
}

/** CloudSSO gives its credentials itself; every role is asked for at STS. */
function stsServers(resolved: ResolvedProfile, context: SessionContext): Server[] {
  if (resolved.kind === 'cloudsso' || (resolved.kind !== 'role' && credentialsKeyOf(resolved) === undefined))
    return []
  const own: Server = { role: 'sts', url: stsFor(resolved.profile, context).endpoint }
  return resolved.kind === 'role' ? [...stsServers(resolved.source, context), own] : [own]
}
