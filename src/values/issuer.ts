import {
  type FixedText,
  parseSecureUrl,
  parseUrl,
  pastedText,
  printable,
  SesameError,
  t,
} from '../kit/index.ts'

const example: FixedText =
  'It looks like https://sso.example.com/realms/acme, as the provider itself spells it.'

/** Entra ID's addresses for any tenant: the issuer of their tokens is another one. */
const templateTenant = /^\/(?:common|organizations|consumers)(?:\/|$)/i

const entraIdHosts = new Set([
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
])

/** Is this an address of Microsoft Entra ID, in one of its clouds? */
export function isEntraId({ hostname }: URL): boolean {
  return entraIdHosts.has(hostname)
}

/**
 * Reads an issuer identifier that a user typed (OpenID Connect Discovery 1.0 section 3): https (http on literal loopback),
 * no user information, query or fragment. Scheme and host become lower case, a default port goes; the path stays exactly as it
 * is, since issuers are compared character by character. Errors: ERR_INSECURE_URL, ERR_CONFIG, with what to write instead.
 */
export function normalizeIssuer(text: string): string {
  const typed = pastedText(text)
  if (!/^https?:\/\/[^/?#]/i.test(typed) || parseUrl(typed) === undefined) {
    const address = printable(typed.replace(/\/\/[^/?#]*@/, '//…@'), 200) || t('(empty)')
    throw new SesameError('ERR_INSECURE_URL', t('The issuer is not a web address: {address}', { address }), {
      hint: t(example),
    })
  }
  const url = parseSecureUrl(typed, t('The issuer'))
  if (/[?#]/.test(typed)) {
    throw new SesameError('ERR_CONFIG', t('The issuer must have no query and no fragment.'), {
      hint: t(example),
    })
  }
  if (url.pathname.includes('/.well-known/')) {
    const issuer = url.href.slice(0, url.href.indexOf('/.well-known/'))
    throw new SesameError('ERR_CONFIG', t('That is the address of the discovery document, not the issuer.'), {
      hint: t('Leave the end away: {issuer}', { issuer: printable(issuer, 200) }),
    })
  }
  if (isEntraId(url) && templateTenant.test(url.pathname)) {
    throw new SesameError(
      'ERR_CONFIG',
      t('The issuer {issuer} stands for many tenants.', { issuer: printable(url.href, 200) }),
      {
        hint: t("Use the tenant's own id: {origin}/TENANT-ID/v2.0", { origin: url.origin }),
      },
    )
  }
  // URL gives every address a path; an issuer without one must stay so.
  return /^https?:\/\/[^/]+$/i.test(typed) ? url.origin : url.href
}
