import { type JsonAnswer, readServerError, requestJson } from '../http/index.ts'
import { discoverProvider } from '../identity/index.ts'
import {
  asRecord,
  isSesameError,
  measureClock,
  parseUrl,
  SesameError,
  t,
  withDeadline,
} from '../kit/index.ts'
import type { Config } from '../profiles/index.ts'
import { openKind, resolveProfile, type Server, type SessionContext } from '../session/index.ts'
import { defaultClientId } from '../values/index.ts'
import type { DoctorContext } from './doctor-context.ts'
import { about, type Failure, type Finding, failureOf, ok, problem, warning } from './finding.ts'

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

type Outcome = ServerFacts['outcome']

const timeoutMs = 5000

/** A request that changes nothing and carries nothing, and what of its answers only that server can give. */
interface Question {
  method: 'GET' | 'POST'
  path: string
  json?: object
  isOurs(answer: JsonAnswer): boolean
}

/** A success says nothing here: none of these requests can have one, but a page in between answers everything with 200. */
const saysNo = (answer: JsonAnswer) =>
  answer.status >= 400 && readServerError(answer).serverCode !== undefined

const questions: Record<Exclude<Server['role'], 'issuer'>, Question> = {
  // A poll for a device code that does not exist.
  portal: {
    method: 'POST',
    path: '/token',
    json: {
      ClientId: defaultClientId,
      CodeVerifier: 'doctor'.padEnd(43, '-'),
      DeviceCode: 'doctor',
      GrantType: 'urn:ietf:params:oauth:grant-type:device_code',
    },
    isOurs: saysNo,
  },
  // Unsigned.
  sts: {
    method: 'GET',
    path: '/?Action=GetCallerIdentity&Format=JSON&Version=2015-04-01',
    isOurs: (answer) => saysNo(answer) && answer.requestId !== undefined,
  },
  // A call for an application that does not exist.
  idaas: {
    method: 'POST',
    path: '/api/public/bff/v1.2/application/plugin_jwt_sts/retrieve_id_token/doctor',
    json: {},
    isOurs: (answer) => saysNo(answer) || asRecord(answer.body)?.success === false,
  },
}

/** Asks a server something that only it can answer: a captive portal or a proxy that answers in its place is a failure. */
export async function askServer(
  { role, url }: Pick<Server, 'url'> & { role: keyof typeof questions },
  context: Pick<SessionContext, 'fetch' | 'clock' | 'signal'>,
): Promise<Outcome> {
  const { fetch, clock, signal: interruption } = context
  const { isOurs, path, ...request } = questions[role]
  const { origin, host } = new URL(url)
  return inTime(interruption, async (signal) => {
    const startedMs = clock.monotonicMs()
    const answer = await requestJson(fetch, { ...request, url: `${origin}${path}`, signal })
    if (!isOurs(answer)) throw somethingElse(answer, host)
    const { status, serverDate } = answer
    const skewMs = serverDate && measureClock(serverDate, clock.now(), clock.bootedAt()).skewMs
    return { kind: 'answered', status, tookMs: clock.monotonicMs() - startedMs, skewMs }
  })
}

/** Asks an OIDC provider for its discovery document, as a sign-in would. */
async function askIssuer(
  { url: issuer, trustedHosts = [] }: Pick<Server, 'url' | 'trustedHosts'>,
  context: SessionContext,
): Promise<Outcome> {
  const { fetch, clock, log } = context
  return inTime(context.signal, async (signal) => {
    const client = { issuer, clientId: 'doctor', scope: 'openid', devicePkce: true, trustedHosts }
    const startedMs = clock.monotonicMs()
    const { clockReading } = await discoverProvider(client, { fetch, clock, log, signal })
    const { skewMs } = clockReading
    return { kind: 'answered', status: 200, tookMs: clock.monotonicMs() - startedMs, skewMs }
  })
}

/** What comes within the time limit, or the failure as a value. */
async function inTime<T>(
  interruption: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T | Failure> {
  const late = () =>
    new SesameError('ERR_TIMEOUT', t('no answer within {seconds} s', { seconds: timeoutMs / 1000 }))
  try {
    return await withDeadline({ ms: timeoutMs, signal: interruption, late }, run)
  } catch (error) {
    interruption.throwIfAborted()
    return failureOf(error)
  }
}

function somethingElse({ status, isJson }: JsonAnswer, host: string): SesameError {
  const hint =
    status === 511
      ? t(
          'The network wants a sign-in of its own (HTTP 511): open any page in a browser, then: sesame doctor',
        )
      : t(
          'The network may want a sign-in of its own, or a proxy may block: open the address in a browser, then: sesame doctor',
        )
  const values = { host, status }
  const message = isJson
    ? t('something else answers for {host}: status {status} with JSON that is not of this server.', values)
    : t('something else answers for {host}: status {status} with a page or nothing instead of JSON.', values)
  return new SesameError('ERR_RESPONSE_INVALID', message, { hint, status })
}
