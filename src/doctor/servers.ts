import { isSesameError } from '../kit/index.ts'
import type { Config } from '../profiles/index.ts'
import { openKind, resolveProfile, type Server, type SessionContext } from '../session/index.ts'
import { askIssuer, askServer } from './ask-server.ts'
import type { DoctorContext } from './doctor-context.ts'
import { type Failure, type Finding, ok, problem, warning } from './finding.ts'

/** What one request to the origin of a server brought. */
export interface ServerFacts {
  role: Server['role']
  /** `https://signin-cn-shanghai.alibabacloudsso.com` */
  origin: string
  /** The proxy and the variable that names it; undefined for a direct connection. */
  way: string | undefined
  outcome:
    | { kind: 'answered'; status: number; tookMs: number; skewMs: number | undefined }
    | { kind: 'skipped' }
    | Failure
}

/** Is the server there, by which way, and is its certificate good? Any answer below 500 will do. */
export function checkServer({ role, origin, way, outcome }: ServerFacts): Finding {
  const through = way === undefined ? 'directly' : `through ${way}`
  if (outcome.kind === 'skipped') return ok(role, `${origin} was not asked (--offline)`)
  if (outcome.kind === 'failed') {
    const fix = outcome.hint ?? 'Check the network, then: sesame doctor'
    return problem(role, `${origin}: ${outcome.message}`, fix)
  }
  const { status, tookMs } = outcome
  if (status >= 500)
    return warning(role, `${origin} answers with status ${status}, ${through}`, 'sesame doctor')
  const tls = origin.startsWith('https:') ? 'TLS ok' : 'loopback without TLS'
  return ok(role, `${origin} answers in ${Math.round(tookMs)} ms, ${through}, ${tls}`)
}

const noticeableMs = 30_000
const harmfulMs = 5 * 60_000

const setClock: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'sudo timedatectl set-ntp true',
  darwin: 'sudo sntp -sS time.apple.com',
  win32: 'w32tm /resync',
}

/** The local clock against the servers'; undefined when none sent the time. The server that is nearest is believed. */
export function checkClock(servers: readonly ServerFacts[], platform: NodeJS.Platform): Finding | undefined {
  const skews = servers.flatMap(({ outcome }) =>
    outcome.kind === 'answered' && outcome.skewMs !== undefined ? [outcome.skewMs] : [],
  )
  const [skewMs] = skews.sort((a, b) => Math.abs(a) - Math.abs(b))
  if (skewMs === undefined) return undefined
  const offMs = Math.abs(skewMs)
  if (offMs <= noticeableMs) return ok('clock', `right, to ${Math.ceil(offMs / 1000)} s`)
  const message = `this clock is ${inWords(offMs)} ${skewMs > 0 ? 'slow' : 'fast'}`
  const fix = setClock[platform] ?? 'Set the clock by the network time.'
  return offMs > harmfulMs ? problem('clock', message, fix) : warning('clock', message, fix)
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

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
