import { isSesameError, parseUrl, t } from '../kit/index.ts'
import type { Config } from '../profiles/index.ts'
import { openKind, resolveProfile, type Server, type SessionContext } from '../session/index.ts'
import { askIssuer, askServer } from './ask-server.ts'
import type { DoctorContext } from './doctor-context.ts'
import { about, type Failure, type Finding, ok, problem, warning } from './finding.ts'

/** What one request to a server brought. */
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

/** Is it this server that answers, by which way, and is its certificate good? */
export function checkServer({ role, origin, way, outcome }: ServerFacts): Finding {
  if (outcome.kind === 'skipped') return ok(role, t('{origin} was not asked (--offline)', { origin }))
  if (outcome.kind === 'failed') {
    const fix = outcome.hint ?? t('Check the network, then: sesame doctor')
    return problem(role, about(origin, outcome.message), fix)
  }
  const { status, tookMs } = outcome
  const through = way === undefined ? t('directly') : t('through {proxy}', { proxy: way })
  if (status >= 500) {
    const message = t('{origin} answers with status {status}, {through}', { origin, status, through })
    return warning(role, message, t('Try again later: sesame doctor'))
  }
  const tls = origin.startsWith('https:') ? t('TLS ok') : t('loopback without TLS')
  const ms = Math.round(tookMs)
  return ok(role, t('{origin} answers in {ms} ms, {through}, {tls}', { origin, ms, through, tls }))
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
  if (offMs <= noticeableMs)
    return ok('clock', t('right, to {seconds} s', { seconds: Math.ceil(offMs / 1000) }))
  const time = inWords(offMs)
  const message =
    skewMs > 0 ? t('this clock is {time} slow', { time }) : t('this clock is {time} fast', { time })
  const fix = setClock[platform] ?? t('Set the clock by the network time.')
  return offMs > harmfulMs ? problem('clock', message, fix) : warning('clock', message, fix)
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 120
    ? t('{seconds} s', { seconds })
    : t('{minutes} min', { minutes: Math.round(seconds / 60) })
}

/** One request per origin, all at once; one per issuer where several OIDC providers share an origin. */
export async function askServers(
  names: readonly string[],
  config: Config,
  { offline, wayTo }: { offline: boolean } & Pick<DoctorContext, 'wayTo'>,
  context: SessionContext,
): Promise<ServerFacts[]> {
  const portal: Server[] = config.signInUrl === undefined ? [] : [{ role: 'portal', url: config.signInUrl }]
  const servers = await Promise.all(names.map((name) => serversOf(name, config, context)))
  const all = [...portal, ...servers.flat()]
  const known = all.filter(({ url }) => parseUrl(url) !== undefined)
  const origins = new Set(known.map(({ url }) => new URL(url).origin))
  return Promise.all(
    [...origins].map(async (origin): Promise<ServerFacts> => {
      const there = known.filter(({ url }) => new URL(url).origin === origin)
      const facts = { role: there[0]?.role ?? 'portal', origin, way: undefined }
      if (offline) return { ...facts, outcome: { kind: 'skipped' } }
      const different = new Map(there.map((server) => [questionOf(server), server]))
      const outcomes = await Promise.all([...different.values()].map((server) => ask(server, context)))
      const outcome = outcomes.find(({ kind }) => kind === 'failed') ?? outcomes[0] ?? { kind: 'skipped' }
      return outcome.kind === 'answered'
        ? { ...facts, way: await wayTo(origin), outcome }
        : { ...facts, outcome }
    }),
  )
}

/** What tells the servers of one origin apart. */
function questionOf({ role, url }: Server): string {
  return role === 'issuer' ? url : role
}

function ask({ role, ...server }: Server, context: SessionContext): Promise<ServerFacts['outcome']> {
  return role === 'issuer' ? askIssuer(server, context) : askServer({ role, ...server }, context)
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
