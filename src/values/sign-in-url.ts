import {
  isLoopbackHost,
  parseSecureUrl,
  parseUrl,
  pastedText,
  printable,
  SesameError,
  t,
} from '../kit/index.ts'

const example = 'https://signin-cn-shanghai.alibabacloudsso.com/your-directory/login'

/** The client id that Alibaba Cloud's own command lines use at CloudSSO. */
export const defaultClientId = 'app-vaz16tltdxs96audqf35'

/** Hosts below this domain belong to CloudSSO: one of them may lead the browser to another. */
export const cloudSsoDomains = ['alibabacloudsso.com'] as const

/** What normalizing would leave as it is; most configurations hold nothing else, and parsing a URL costs half a ms. */
const normal =
  /^(?:https:\/\/(?:[a-z][a-z0-9-]{0,62}\.){1,3}[a-z]{2,20}|http:\/\/127\.0\.0\.1:[1-5]\d{4})\/[\w-]+\/login$/

/**
 * The one spelling of a CloudSSO sign-in URL, since it is part of the key under which tokens are kept, and since the portal
 * is asked by it: host in lower case (punycode), no default port, no query, fragment, path parameters, or slash at the end.
 * The path names the directory; at the vendor's hosts it is always `/<directory>/login`, whichever of the directory's pages
 * was copied. Errors: ERR_INSECURE_URL, also for an address that names no directory.
 */
export function normalizeSignInUrl(text: string): string {
  return normal.test(text) ? text : readSignInLink(text).signInUrl
}

/** What an address of CloudSSO says: the directory, and the account and access configuration of a direct access link. */
export interface SignInLink {
  signInUrl: string
  accountId?: string
  accessConfigurationId?: string
  accessConfigurationName?: string
}

/**
 * Reads a sign-in URL as people paste it, also a direct access link of the vendor:
 * `…/login?quickLogin=true&accountId=…&accessConfigurationName=…`. Errors as `normalizeSignInUrl`.
 */
export function readSignInLink(text: string): SignInLink {
  const pasted = pastedText(text)
  const url = parseSecureUrl(
    isHostOfVendor(pasted) ? `https://${pasted}` : pasted,
    t('The sign-in URL'),
    example,
  )
  const path = directoryPath(url)
  if (path === undefined) throw withoutDirectory(url)
  const query = url.searchParams
  const id = (name: string) => matching(query.get(name), /^[\w.:-]{1,128}$/)
  const accountId = id('accountId')
  const configurationId = id('accessConfigurationId')
  const configurationName = matching(query.get('accessConfigurationName'), /^[^\p{C}]{1,128}$/u)
  return {
    signInUrl: `${url.origin}${path}`,
    ...(accountId !== undefined && { accountId }),
    ...(configurationId !== undefined && { accessConfigurationId: configurationId }),
    ...(configurationName !== undefined && { accessConfigurationName: configurationName }),
  }
}

/** How sesame 0.2 spelled the same URL in the names of items; undefined for what it could not read. */
export function formerSignInUrl(text: string): string | undefined {
  const url = parseUrl(text.trim())
  if (url === undefined) return undefined
  url.hash = ''
  url.hostname = url.hostname.replace(/\.+$/, '')
  return url.href
}

/** The host of a sign-in URL in normal form when it is not the vendor's: who runs it gets what is signed in there. */
export function foreignHost(signInUrl: string): string | undefined {
  const { hostname, host } = new URL(signInUrl)
  return isOfVendor(hostname) || isLoopbackHost(hostname) ? undefined : host
}

function isOfVendor(hostname: string): boolean {
  return cloudSsoDomains.some((domain) => hostname.endsWith(`.${domain}`))
}

/** The vendor's own pages name some addresses without a scheme. */
function isHostOfVendor(text: string): boolean {
  return isOfVendor(/^[\w.-]+(?=\/|$)/.exec(text)?.[0].toLowerCase() ?? '')
}

function directoryPath({ pathname, hostname }: URL): string | undefined {
  // Invisible characters that a browser has encoded already, and parameters such as `;jsessionid=…`.
  const plain = pathname.replace(/%e2%80%8[b-f]|%ef%bb%bf|%c2%a0|%20|;[^/]*/gi, '')
  const segments = plain.split('/').filter((segment) => segment !== '')
  const [directory, page] = segments
  const isDevicePage = directory === 'device' && page === 'code'
  if (directory === undefined || isDevicePage || (directory === 'login' && page === undefined))
    return undefined
  if (!isOfVendor(hostname)) return `/${segments.join('/')}`
  return segments.length > 2 ? undefined : `/${directory}/login`
}

function withoutDirectory(url: URL): SesameError {
  const address = printable(`${url.host}${url.pathname}`, 200)
  return new SesameError(
    'ERR_INSECURE_URL',
    t('The sign-in URL names no directory: {address}', { address }),
    {
      hint: t('It looks like {example}; the CloudSSO console has it on its overview page.', { example }),
    },
  )
}

function matching(value: string | null, allowed: RegExp): string | undefined {
  return value !== null && allowed.test(value) ? value : undefined
}
