import { pastedText, printable, SesameError, t } from '../kit/index.ts'
import { findService } from './services.ts'
import { consoleDomains, type Site } from './site.ts'

/** What the user asked for: a service, a page, or nothing, which is the start page of the console. */
export interface Wanted {
  service?: string | undefined
  url?: string | undefined
  site: Site
  /** In its normal form. */
  region?: string | undefined
}

/**
 * The page of the console to sign in to. @throws SesameError ERR_USAGE for a service that is not known, and for an address that is
 * no page of the console
 */
export function consoleDestination({ service = 'home', url, site, region }: Wanted): string {
  if (url !== undefined) return checkDestination(url)
  const known = findService(service, { site, region })
  if (known === undefined) throw new SesameError('ERR_USAGE', t('There is no such service.'))
  return `https://${known.label}.${consoleDomains[site]}${known.path}`
}

const longest = 2000

/**
 * How the text of an address must begin. It is the text that is looked at, before a parser has made another host of it: no user
 * information, no port, no dot at the end, no character that is a dot or a letter only to IDNA, no backslash.
 */
const ofConsole =
  /^https:\/\/(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){0,4}console\.(?:aliyun|alibabacloud)\.com(?=[/?#]|$)/i

/** White space and control characters, which parsers drop, and the backslash, which some take for a slash. */
const ambiguous = /[\p{C}\p{Z}\\]/u

/** An address of the user's in its normal form, when it is a page of the console and nothing else. @throws SesameError ERR_USAGE */
function checkDestination(text: string): string {
  const address = pastedText(text)
  if (address.length > longest || !ofConsole.test(address) || ambiguous.test(address)) throw foreign(address)
  return new URL(address).href
}

function foreign(address: string): SesameError {
  const shown = printable(address.replace(/\/\/[^/?#]*@/, '//…@'), 120)
  return new SesameError(
    'ERR_USAGE',
    t('--url is no page of the Alibaba Cloud console: {address}', { address: shown }),
    {
      hint: t(
        'It begins with https://, and its host is console.aliyun.com, console.alibabacloud.com or below them.',
      ),
    },
  )
}
