import { type JsonAnswer, readServerError, requestJson } from '../http/index.ts'
import { discoverProvider } from '../identity/index.ts'
import { asRecord, measureClock, SesameError, t, withDeadline } from '../kit/index.ts'
import type { Server, SessionContext } from '../session/index.ts'
import { defaultClientId } from '../values/index.ts'
import { type Failure, failureOf } from './finding.ts'
import type { ServerFacts } from './servers.ts'

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
export async function askIssuer(
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
