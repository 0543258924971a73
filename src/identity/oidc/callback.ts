import { foreignText } from '../../http/index.ts'
import { rememberSecret, SesameError } from '../../kit/index.ts'
import type { OidcProvider } from './provider.ts'
import { hintFor } from './refusal.ts'

/**
 * Judges what the browser brought back (RFC 6749 section 4.1.2): the provider that was asked, once each, code or error.
 * The state was compared before. Errors: ERR_ACCESS_DENIED, ERR_REFUSED, ERR_SERVER, ERR_RESPONSE_INVALID.
 */
export function checkCallback(callback: URL, { issuer, client, metadata }: OidcProvider): void {
  const parameters = callback.searchParams
  for (const name of ['code', 'error', 'iss']) {
    if (parameters.getAll(name).length > 1) throw invalid(`names "${name}" twice`)
  }
  rememberSecret(parameters.get('code') ?? '')
  // RFC 9207: a code of another provider must not be taken to this one (mix-up).
  const sender = parameters.get('iss')
  if (sender === null && metadata.authorization_response_iss_parameter_supported === true)
    throw invalid(`does not say whose it is, as ${issuer} promises`)
  if (sender !== null && sender !== issuer)
    throw invalid(`is from ${foreignText(sender, 200)}, not from ${issuer}`)
  const error = parameters.get('error')
  if (error === null && !parameters.get('code')) throw invalid('holds neither a code nor an error')
  if (error !== null) throw refused(error, parameters.get('error_description'), issuer, client.clientId)
}

function refused(error: string, description: string | null, issuer: string, clientId: string): SesameError {
  const serverCode = foreignText(error, 100)
  if (error === 'access_denied')
    return new SesameError('ERR_ACCESS_DENIED', 'The sign-in was denied in the browser.', { serverCode })
  const passing = error === 'server_error' || error === 'temporarily_unavailable'
  const said = description === null ? '' : `: ${foreignText(description, 200).replace(/\.$/, '')}`
  const hint = hintFor(error, { issuer, clientId, grant: 'code' })
  return new SesameError(
    passing ? 'ERR_SERVER' : 'ERR_REFUSED',
    `The provider refused the sign-in: ${serverCode}${said}.`,
    { serverCode, ...(hint !== undefined && { hint }) },
  )
}

/** openid-client's own check of the same answer said no, before anything was sent. */
export function callbackRefusal(error: unknown, issuer: string): unknown {
  const itsOwn = error instanceof Error && 'code' in error && String(error.code).startsWith('OAUTH_')
  return itsOwn ? invalid(`is not what ${issuer} may answer`) : error
}

function invalid(what: string): SesameError {
  return new SesameError('ERR_RESPONSE_INVALID', `What the browser brought back ${what}.`)
}
