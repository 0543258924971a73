import { discoverProvider } from '../identity/index.ts'
import { isSesameError, measureClock, SesameError, withDeadline } from '../kit/index.ts'
import type { SessionContext } from '../session/index.ts'
import { type Failure, failureOf } from './finding.ts'
import type { ServerFacts } from './servers.ts'

type Outcome = ServerFacts['outcome']

const timeoutMs = 5000

/**
 * One HEAD of the origin, which changes nothing there and carries nothing. A redirect is an answer too; since it is
 * refused before its headers can be read, the time is then taken from another path.
 */
export async function askServer(
  origin: string,
  context: Pick<SessionContext, 'fetch' | 'clock' | 'signal'>,
): Promise<Outcome> {
  return inTime(context.signal, async (signal) => {
    return (
      (await ask(`${origin}/`, signal, context)) ??
      (await ask(`${origin}/token`, signal, context)) ??
      redirected
    )
  })
}

/** Whether an OIDC provider announces itself under this issuer, as a sign-in would ask; undefined when all is well. */
export async function askIssuer(
  issuer: string,
  trustedHosts: readonly string[],
  context: SessionContext,
): Promise<Failure | undefined> {
  const { fetch, clock, log } = context
  return inTime(context.signal, async (signal) => {
    const client = { issuer, clientId: 'doctor', scope: 'openid', devicePkce: true, trustedHosts }
    await discoverProvider(client, { fetch, clock, log, signal })
    return undefined
  })
}

/** What comes within the time limit, or the failure as a value. */
async function inTime<T>(
  interruption: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T | Failure> {
  const late = () => new SesameError('ERR_TIMEOUT', `no answer within ${timeoutMs / 1000} s`)
  try {
    return await withDeadline({ ms: timeoutMs, signal: interruption, late }, run)
  } catch (error) {
    interruption.throwIfAborted()
    return failureOf(error)
  }
}

const redirected: Outcome = { kind: 'answered', status: 302, tookMs: 0, skewMs: undefined }

/** Undefined for a redirect. */
async function ask(
  url: string,
  signal: AbortSignal,
  { fetch, clock }: Pick<SessionContext, 'fetch' | 'clock'>,
): Promise<Outcome | undefined> {
  const startedMs = clock.monotonicMs()
  try {
    const response = await fetch(url, { method: 'HEAD', signal })
    const now = clock.now()
    const date = serverDate(response.headers.get('date'))
    const skewMs = date === undefined ? undefined : measureClock(date, now, clock.bootedAt()).skewMs
    return { kind: 'answered', status: response.status, tookMs: clock.monotonicMs() - startedMs, skewMs }
  } catch (error) {
    if (!isSesameError(error, 'ERR_RESPONSE_INVALID')) throw error
    const { status = 0 } = error
    if (status < 300 || status > 399) throw error
    return undefined
  }
}

/** The preferred form of RFC 9110 section 5.6.7. */
function serverDate(header: string | null): Date | undefined {
  if (header === null || !/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(header)) return undefined
  const date = new Date(header)
  return Number.isNaN(date.getTime()) ? undefined : date
}
