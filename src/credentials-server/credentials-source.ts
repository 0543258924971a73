import {
  type Clock,
  type Credentials,
  type CredentialValues,
  credentialValues,
  isSesameError,
  type Log,
  messageWithRequestId,
  printable,
  within,
} from '../kit/index.ts'

/** What the server is given when it asks for credentials. */
export type ProvidedCredentials = ObtainedCredentials | CredentialsRefusal

export interface ObtainedCredentials {
  kind: 'credentials'
  credentials: Credentials
  /** The whole lifetime of these credentials, from being issued to expiry. */
  lifeMs: number
  /** What is left of it now, by the corrected clock; negative once expired. Asked again at every request. */
  remainingMs(): number
}

/** Why there are no credentials. Both texts are shown to the client: one line, without secrets. */
type CredentialsRefusal = { kind: 'login-required'; hint: string } | { kind: 'unavailable'; message: string }

export type ServedCredentials = { kind: 'credentials'; values: CredentialValues } | CredentialsRefusal

export interface CredentialsSourceOptions {
  provide: Provide
  /** What is there already when the server starts. */
  initial?: ObtainedCredentials | undefined
  clock: Clock
  log: Log
}

/** Renews; `meanwhile` takes what is still valid before anything is waited for. */
export type Provide = (meanwhile?: (valid: ObtainedCredentials) => void) => Promise<ProvidedCredentials>

/** The SDKs ask at every use of their credentials in the last 15 minutes; 20 keep them from getting there. */
const renewBelowMs = 20 * 60_000
/** Every request is to be answered within 5 s; the rest is for a machine that is busy. */
const renewalDeadlineMs = 4_000
const pauseWhileValidMs = 30_000
const pauseWithoutCredentialsMs = 3_000

/**
 * Credentials for many clients at once: one renewal at a time, however many ask, and none while enough is left.
 * `current` answers within the deadline, from what is still valid when the renewal is late or refused, and never
 * with expired credentials. The renewal outlives that answer, and what it gives is kept. It does not throw.
 */
export function createCredentialsSource({ provide, initial, clock, log }: CredentialsSourceOptions): {
  current(): Promise<ServedCredentials>
} {
  let held: { obtained: ObtainedCredentials; values: CredentialValues } | undefined
  let refusal: CredentialsRefusal | undefined
  let attempt: Promise<void> | undefined
  let answered: Promise<void> | undefined
  let renewedAtMs = Number.NEGATIVE_INFINITY
  let validAfterAttempt = false

  const isValid = () => held !== undefined && held.obtained.remainingMs() > 0

  function isRenewalDue(): boolean {
    const { lifeMs, remainingMs } = held?.obtained ?? { lifeMs: 0, remainingMs: () => 0 }
    if (isValid() && remainingMs() >= Math.min(renewBelowMs, lifeMs / 2)) return false
    // What has expired since the last attempt is a reason of its own: that attempt's answer was the credentials themselves.
    if (!isValid() && validAfterAttempt) return true
    // A pause must not last until the end of what lives shortly.
    const pauseMs = isValid() ? Math.min(pauseWhileValidMs, lifeMs / 4) : pauseWithoutCredentialsMs
    return attempt !== undefined || clock.monotonicMs() - renewedAtMs >= pauseMs
  }

  const keepValid = (valid: ObtainedCredentials) => {
    const leftMs = valid.remainingMs()
    if (leftMs <= 0 || (held !== undefined && held.obtained.remainingMs() >= leftMs)) return
    try {
      held = { obtained: valid, values: credentialValues(valid.credentials) }
    } catch (error) {
      // What no reader could take is no reason not to renew.
      log('sesame:http', `serve: ${printable(error instanceof Error ? error.message : String(error))}`)
    }
  }
  if (initial !== undefined) keepValid(initial)

  async function renew(): Promise<void> {
    const provided = await ask(() => provide(keepValid), log)
    if (provided.kind === 'credentials') {
      held = provided
      refusal = undefined
      log('sesame:http', `serve: credentials for ${Math.round(provided.obtained.remainingMs() / 1000)} s`)
    } else {
      refusal = provided
      log('sesame:http', `serve: no credentials: ${provided.kind}`)
    }
  }

  function startRenewal(): Promise<void> {
    return renew().finally(() => {
      attempt = undefined
      answered = undefined
      renewedAtMs = clock.monotonicMs()
      validAfterAttempt = isValid()
    })
  }

  const withinDeadline = (renewal: Promise<void>) =>
    within({ ms: renewalDeadlineMs, clock, late: () => undefined }, renewal)

  return {
    async current() {
      if (isRenewalDue()) {
        attempt ??= startRenewal()
        // With valid credentials a renewal that hangs delays the first requests, and none after; without, each waits for it.
        if (isValid()) answered ??= withinDeadline(attempt)
        await (answered ?? withinDeadline(attempt))
      }
      if (held !== undefined && isValid()) return { kind: 'credentials', values: held.values }
      return refusal ?? { kind: 'unavailable', message: 'The credentials are being renewed; try again.' }
    },
  }
}

/** Asks once. A rejection must not end a server that others rely on: it becomes a refusal, and a line in the log. */
async function ask(provide: () => Promise<ProvidedCredentials>, log: Log) {
  try {
    const provided = await provide()
    if (provided.kind !== 'credentials') return provided
    if (provided.remainingMs() <= 0) return unavailable('The credentials have expired.')
    return { kind: provided.kind, obtained: provided, values: credentialValues(provided.credentials) }
  } catch (error) {
    log('sesame:http', `serve: ${printable(error instanceof Error ? error.message : String(error))}`)
    // Only our own messages are known to hold no secret.
    return unavailable(
      isSesameError(error) ? messageWithRequestId(error) : 'The credentials could not be obtained.',
    )
  }
}

function unavailable(message: string): CredentialsRefusal {
  return { kind: 'unavailable', message }
}
