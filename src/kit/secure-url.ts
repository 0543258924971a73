import { SesameError } from './errors.ts'
import { printable } from './foreign-text.ts'
import { shellWord } from './shell-quote.ts'
import { t } from './text.ts'

const loopbackV4 = /^127(?:\.\d{1,3}){3}$/

/**
 * True for a literal loopback address (127.0.0.0/8, [::1]). A name is never one: `localhost` may
 * resolve elsewhere (RFC 8252 section 8.3).
 */
export function isLoopbackHost(hostname: string): boolean {
  return loopbackV4.test(hostname) || hostname === '[::1]' || hostname === '::1'
}

/** Labels of letters, digits, hyphen and underscore; a hyphen at the very beginning would make an option of the name. */
const hostName = /^(?!-)[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63})*$/i
const addressV6 = /^\[?[\da-f:.]*:[\da-f:.]*\]?$/i

/**
 * The one rule for hosts, wherever an address comes from: a name as `URL.hostname` spells it (so international names are
 * punycode), or an IP literal. Other characters mean nothing in DNS, and something to a shell that a message is pasted into.
 */
export function isHost(hostname: string): boolean {
  return hostname.length <= 253 && (hostName.test(hostname) || addressV6.test(hostname))
}

/**
 * The URL that a text is; undefined for one that is none. `URL.canParse` must not be asked: in Node 20 it denies international
 * host names once it was called so often that V8 has compiled it.
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/**
 * Parses a URL that secrets may be sent to: https, or http to a literal loopback address; without user
 * information; with a host that is one (`isHost`), without trailing dots. `what` names it in the error (ERR_INSECURE_URL), `example` is what one
 * looks like.
 */
export function parseSecureUrl(text: string, what: string, example?: string): URL {
  const trimmed = text.trim()
  const shown = () => printable(trimmed.replace(/\/\/[^/?#]*@/, '//…@'), 200)
  const url = parseUrl(trimmed)
  if (url === undefined) {
    const hint = example === undefined ? {} : { hint: t('It looks like {example}.', { example }) }
    throw new SesameError(
      'ERR_INSECURE_URL',
      t('{what} is not a URL: {address}', { what, address: shown() || t('(empty)') }),
      hint,
    )
  }
  if (url.username !== '' || url.password !== '') {
    throw new SesameError('ERR_INSECURE_URL', t('{what} must not contain a user name or password.', { what }))
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    throw new SesameError(
      'ERR_INSECURE_URL',
      t('{what} must start with https://, not {address}', { what, address: shown() }),
      {
        hint: t(
          'Plain http is accepted for a literal loopback address only, such as http://127.0.0.1:8080/.',
        ),
      },
    )
  }
  // A name of dots alone is none, and what cannot be emptied would stay.
  if (/^\.*$/.test(url.hostname))
    throw new SesameError(
      'ERR_INSECURE_URL',
      t('{what} has no host name: {address}', { what, address: shown() }),
    )
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.replace(/\.+$/, '')
  if (!isHost(url.hostname)) {
    const host = shellWord(printable(url.hostname, 100))
    throw new SesameError('ERR_INSECURE_URL', t('{what} has an invalid host name: {host}', { what, host }), {
      hint: t('A host name has letters, digits, hyphens and underscores between its dots.'),
    })
  }
  return url
}

/** What cannot be seen, and stays behind when an address is copied out of a chat or a document (Unicode category Cf). */
const invisible = /\p{Cf}/gu
const quoted = /^(?:"(.*)"|'(.*)'|`(.*)`|“(.*)”|‘(.*)’|«(.*)»|<(.*)>)$/s

/** An address as a user meant it: without blanks and quotes around it, and without characters that cannot be seen. */
export function pastedText(text: string): string {
  const visible = text.replace(invisible, '').trim()
  const inner = quoted
    .exec(visible)
    ?.slice(1)
    .find((part) => part !== undefined)
  return inner === undefined ? visible : pastedText(inner)
}
