import { parseForeignJson, redacted } from '../../kit/index.ts'
import { parseXmlError } from '../xml-error.ts'
import { isSecretName, isSecretParameter, privateJwkMembers } from './secret-patterns.ts'

/** Called with every secret that redaction comes across. */
export type Found = (secret: string) => void

/** A header's value as it may be shown. */
export function redactHeader(name: string, value: string, found: Found): string {
  const plain = name.toLowerCase()
  if (plain === 'authorization' || plain === 'proxy-authorization') return redactAuthorization(value, found)
  if (plain === 'cookie') return redactPairs(value, '; ', () => true, found)
  if (plain === 'set-cookie') return redactSetCookie(value, found)
  if (isSecretName(plain)) return hide(value, found)
  return redactString(value, found)
}

/** Levels of nesting that are looked into, JSON within strings of JSON counted on; far below what overflows a stack. */
const deepest = 400
const tooDeep = '[withheld: nested too deeply]'

/** Where a user enters a user code (RFC 8628 section 3.2): a `code` in it is that one, and is there to be read. */
const pageForCodes = /^verification_?ur[il](?:_?complete)?$/i

/** A parsed JSON value with its secrets replaced, at every depth and in JSON inside strings. */
export function redactJson(value: unknown, found: Found, depth = 0): unknown {
  if (typeof value === 'string') return redactString(value, found, depth + 1)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= deepest) return tooDeep
  if (Array.isArray(value)) return value.map((item) => redactJson(item, found, depth + 1))
  const isJwk = 'kty' in value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const secret = isSecretName(name) || (isJwk && privateJwkMembers.has(name))
      if (secret) return [name, hideAll(member, found, depth + 1)]
      const isPage = typeof member === 'string' && pageForCodes.test(name)
      return [name, isPage ? redactUrl(member, found, isSecretName) : redactJson(member, found, depth + 1)]
    }),
  )
}

/** A query or form body (`a=1&b=2`) with its secrets replaced; the rest keeps its spelling. */
export function redactForm(form: string, found: Found, isSecret = isSecretParameter): string {
  return redactPairs(form, '&', isSecret, (secret) => {
    found(secret)
    found(decodeParameter(secret))
  })
}

/** A URL or path with the secrets of its user part, query and fragment replaced. */
export function redactUrl(url: string, found: Found, isSecret = isSecretParameter): string {
  const withoutUser = url.replace(
    /^([a-z][a-z0-9+.-]*:\/\/)([^/?#@]*)@/i,
    (_, scheme: string, user: string) => {
      found(user.slice(user.indexOf(':') + 1))
      return `${scheme}${redacted(user)}@`
    },
  )
  return withoutUser.replace(
    /([?#])([^?#]+)/g,
    (_, mark: string, part: string) => mark + redactForm(part, found, isSecret),
  )
}

/**
 * A body as it may be shown, on one line, an error document in XML as JSON; what cannot be parsed is withheld, with its length
 * and type.
 *
 * @returns undefined for an empty body
 */
export function redactBody(body: Buffer, contentType: string | undefined, found: Found): string | undefined {
  if (body.length === 0) return undefined
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const text = body.toString('utf8')
  if (type === 'application/x-www-form-urlencoded' && !/[^\x21-\x7e]/.test(text))
    return redactForm(text, found)
  const parsed = /^\s*[[{]/.test(text) ? parseForeignJson(text) : undefined
  const value = parsed === undefined ? parseXmlError(text) : parsed.value
  if (value !== undefined) return JSON.stringify(redactJson(value, found))
  return `[withheld ${body.length} bytes ${type === '' ? 'of unknown type' : type}]`
}

function redactString(text: string, found: Found, depth = 0): string {
  if (/^\s*[[{"]/.test(text)) {
    if (depth >= deepest) return tooDeep
    const parsed = parseForeignJson(text)
    return parsed ? JSON.stringify(redactJson(parsed.value, found, depth)) : text
  }
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|\/)\S*$/i.test(text) ? redactUrl(text, found) : text
}

function redactAuthorization(value: string, found: Found): string {
  const [scheme = '', ...rest] = value.split(' ')
  return rest.length === 0 ? hide(value, found) : `${scheme} ${hide(rest.join(' '), found)}`
}

function redactSetCookie(value: string, found: Found): string {
  const end = value.indexOf(';')
  const pair = end === -1 ? value : value.slice(0, end)
  return redactPairs(pair, '; ', () => true, found) + (end === -1 ? '' : value.slice(end))
}

function redactPairs(
  text: string,
  separator: string,
  isSecret: (name: string) => boolean,
  found: Found,
): string {
  return text
    .split(separator)
    .map((pair) => {
      const equals = pair.indexOf('=')
      if (equals === -1) return pair
      const value = pair.slice(equals + 1)
      if (!isSecret(decodeParameter(pair.slice(0, equals)))) return pair
      return `${pair.slice(0, equals)}=${hide(value, found)}`
    })
    .join(separator)
}

/** Everything below a secret name is secret, whatever its shape; booleans and null reveal nothing. */
function hideAll(value: unknown, found: Found, depth: number): unknown {
  if (typeof value === 'string') return hide(value, found)
  if (typeof value === 'number') return redacted(String(value))
  if (typeof value !== 'object' || value === null) return value
  if (depth >= deepest) return tooDeep
  if (Array.isArray(value)) return value.map((item) => hideAll(item, found, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, hideAll(member, found, depth + 1)]),
  )
}

function hide(secret: string, found: Found): string {
  if (secret === '') return ''
  found(secret)
  return redacted(secret)
}

function decodeParameter(text: string): string {
  return new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? text
}
