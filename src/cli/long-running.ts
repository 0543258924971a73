import type { SessionContext } from '../session/index.ts'

/**
 * The session of a program that asks again and again, and may share its terminal with others: each thing is said once, and a failure of
 * another process before an attempt began is not reported as its own. Called anew for each attempt.
 */
export function longRunning(session: SessionContext): () => SessionContext {
  const warned = new Set<string>()
  const warn = (line: string) => {
    // Each answer has another RequestId.
    const what = line.replace(/ \(RequestId [^)]*\)|（RequestId [^）]*）/g, '')
    if (!warned.has(what)) session.warn(line)
    warned.add(what)
  }
  return () => ({ ...session, warn, ...sinceNow(session) })
}

function sinceNow({ sharing, clock }: SessionContext): Pick<SessionContext, 'sharing'> {
  return sharing === undefined ? {} : { sharing: { ...sharing, startedMs: clock.monotonicMs() } }
}
