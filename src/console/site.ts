import { parseSecureUrl, SesameError, t } from '../kit/index.ts'

/** Which of the two sites of Alibaba Cloud an account belongs to: that of China, or the international one. */
export type Site = 'cn' | 'intl'

/** Every page of the console is on a host of one of these domains. */
export const consoleDomains: Record<Site, string> = {
  cn: 'console.aliyun.com',
  intl: 'console.alibabacloud.com',
}

const signInHosts: Record<Site, string> = {
  cn: 'signin.aliyun.com',
  // By analogy: only the address of the China site is documented.
  intl: 'signin.alibabacloud.com',
}

/**
 * The address of the federation service, which takes credentials and signs the browser in: that of the site, or what
 * `--console-endpoint` says, whose path is `/federation` if it has none. @throws SesameError ERR_INSECURE_URL, ERR_USAGE
 */
export function federationEndpoint(site: Site, given: string | undefined): string {
  if (given === undefined) return `https://${signInHosts[site]}/federation`
  const url = parseSecureUrl(given, '--console-endpoint', `https://${signInHosts[site]}/federation`)
  if (/[?#]/.test(given))
    throw new SesameError('ERR_USAGE', t('--console-endpoint must be an address without query and fragment.'))
  if (url.pathname === '/') url.pathname = '/federation'
  return url.href
}
