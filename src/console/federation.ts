import { isRefused, type JsonAnswer, requestJson, retryTransient, serverError } from '../http/index.ts'
import {
  asRecord,
  type Clock,
  type Credentials,
  type Fetch,
  isSesameError,
  Secret,
  SesameError,
  t,
  textMember,
  type Warn,
} from '../kit/index.ts'

export interface FederationContext {
  /** As `federationEndpoint` gives it. */
  endpoint: string
  /** The credentials may be sent in the query of a GET, where the form of a POST is not taken. */
  allowQuery: boolean
  fetch: Fetch
  clock: Clock
  random: () => number
  signal: AbortSignal
  warn: Warn
}

const totalMs = 20_000

/** Base64 in the documentation; whatever it is, it is one word. */
const plausibleToken = /^[\x21-\x7e]{1,4096}$/

/**
 * Exchanges credentials for a sign-in token (GetSigninToken), which lives 30 s and works once: to be asked for when everything else is
 * there. The documented request is a GET with the credentials in its query, where logs of servers and proxies keep them; the same form
 * is sent in the body of a POST, and as a GET only where that is refused and `allowQuery` is set. Nothing is redirected.
 *
 * @throws SesameError ERR_UNAUTHORIZED for credentials that are not taken, ERR_REFUSED, ERR_FORBIDDEN, ERR_SERVER,
 *   ERR_RESPONSE_INVALID, network
 */
export async function requestSigninToken(
  { accessKeyId, accessKeySecret, securityToken }: Credentials,
  context: FederationContext,
): Promise<Secret> {
  const form = {
    Action: 'GetSigninToken',
    AccessKeyId: accessKeyId,
    AccessKeySecret: accessKeySecret.reveal(),
    SecurityToken: securityToken.reveal(),
    TicketType: 'mini',
  }
  const { endpoint, allowQuery, warn } = context
  try {
    return await ask({ method: 'POST', url: endpoint, form }, context)
  } catch (error) {
    if (!isSesameError(error) || !mayBeTheForm(error)) throw error
    if (!allowQuery) throw withQueryHint(error)
    warn(t('The form was not taken; the credentials are sent in the query, as --allow-query says.'))
    return ask({ method: 'GET', url: `${endpoint}?${new URLSearchParams(form)}` }, context)
  }
}

/** The address that signs the browser in and leads it to the page of the console (Login). It holds the token. */
export function signinUrl(
  endpoint: string,
  { token, destination, portal }: { token: Secret; destination: string; portal: string },
): string {
  const query = { Action: 'Login', LoginUrl: portal, Destination: destination, SigninToken: token.reveal() }
  return `${endpoint}?${new URLSearchParams(query)}`
}

type Request = { method: 'POST'; url: string; form: Record<string, string> } | { method: 'GET'; url: string }

function ask(request: Request, { fetch, clock, random, signal }: FederationContext): Promise<Secret> {
  return retryTransient({ clock, signal, totalMs, random }, async (timeoutMs) => {
    const answer = await requestJson(fetch, { ...request, signal, timeoutMs })
    if (isRefused(answer)) throw refusal(answer)
    const token = textMember(asRecord(answer.body) ?? {}, 'SigninToken')
    if (token !== undefined && plausibleToken.test(token)) return new Secret(token)
    const { requestId, status } = answer
    throw new SesameError('ERR_RESPONSE_INVALID', t('The console answered without a sign-in token.'), {
      requestId,
      status,
    })
  })
}

function refusal(answer: JsonAnswer): SesameError {
  const { code, message, hint, ...rest } = serverError(answer, t('The console gave no sign-in token'))
  const known = isAboutCredentials({ code, serverCode: rest.serverCode })
    ? t(
        'The credentials may be of the other site (sesame configure --site), or revoked: sign in again with --force.',
      )
    : hint
  return new SesameError(code, message, {
    serverCode: rest.serverCode,
    requestId: rest.requestId,
    status: rest.status,
    ...(known !== undefined && { hint: known }),
  })
}

function isAboutCredentials({ code, serverCode }: Pick<SesameError, 'code' | 'serverCode'>): boolean {
  return code === 'ERR_UNAUTHORIZED' || serverCode?.startsWith('InvalidCredential') === true
}

/** Whether the service answered, and said something else than that it does not take these credentials, or not now. */
function mayBeTheForm(error: SesameError): boolean {
  const { code, status, serverCode } = error
  const passes = code === 'ERR_SERVER' && status !== 501
  const isDenied = code === 'ERR_FORBIDDEN' && serverCode !== undefined
  return status !== undefined && !passes && !isDenied && !isAboutCredentials(error)
}

function withQueryHint({
  code,
  message,
  hint,
  serverCode,
  requestId,
  status,
  cause,
}: SesameError): SesameError {
  const aboutQuery = t(
    'If the service takes no form: --allow-query sends the credentials in the query, as its documentation does.',
  )
  return new SesameError(code, message, { serverCode, requestId, status, cause, hint: hint ?? aboutQuery })
}
