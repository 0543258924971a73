import { foreignText } from '../../http/index.ts'
import { SesameError, t } from '../../kit/index.ts'
import { hintFor, isTemporaryError } from './oauth-error.ts'
import type { OidcProvider } from './provider.ts'

/**
 * The error for an authorization response that openid-client refused before it sent anything. It compares state and issuer (RFC
 * 9207: a code of another provider must not be taken to this one), and takes each parameter once, no token, and one of code and
 * error (RFC 6749 section 4.1.2). Any other error is given back as it is.
 *
 * @returns SesameError ERR_ACCESS_DENIED, ERR_REFUSED, ERR_SERVER, ERR_RESPONSE_INVALID
 */
export function authorizationResponseError(error: unknown, callback: URL, provider: OidcProvider): unknown {
  if (!isOpenidClientError(error)) return error
  if (error.code === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR') return errorResponse(callback, provider)
  const sender = callback.searchParams.get('iss')
  if (sender !== null && sender !== provider.issuer)
    return invalid(
      t('it is from {sender}, not from {issuer}', {
        sender: foreignText(sender, 200),
        issuer: provider.issuer,
      }),
    )
  if (!callback.searchParams.get('code')) return invalid(t('it holds neither a code nor an error'))
  // Fixed texts that name the parameter; the errors themselves hold the code.
  const { cause } = error
  return invalid(
    cause instanceof Error ? foreignText(cause.message, 200) : t('it is not what OAuth 2.0 allows'),
    sender === null && provider.metadata.authorization_response_iss_parameter_supported
      ? t(issMissing)
      : undefined,
  )
}

const issMissing =
  'The provider announces that parameter (RFC 9207) and leaves it out: ask its administrator, or use --flow device.'

function isOpenidClientError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('OAUTH_')
}

/** RFC 6749 section 4.1.2.1. */
function errorResponse({ searchParams }: URL, { client }: OidcProvider): SesameError {
  const error = searchParams.get('error') ?? ''
  const description = searchParams.get('error_description')
  const serverCode = foreignText(error, 100)
  if (error === 'access_denied')
    return new SesameError('ERR_ACCESS_DENIED', t('The sign-in was denied in the browser.'), { serverCode })
  const reason =
    description === null ? serverCode : `${serverCode}: ${foreignText(description, 200).replace(/\.$/, '')}`
  const hint = hintFor(error, client, { grant: 'code' }, description ?? '')
  return new SesameError(
    isTemporaryError(error) ? 'ERR_SERVER' : 'ERR_REFUSED',
    t('{what}: {reason}.', { what: t('The provider refused the sign-in'), reason }),
    { serverCode, ...(hint !== undefined && { hint }) },
  )
}

function invalid(what: string, hint?: string): SesameError {
  const details = hint === undefined ? {} : { hint }
  return new SesameError(
    'ERR_RESPONSE_INVALID',
    t('Invalid authorization response: {what}.', { what }),
    details,
  )
}
