import {
  isHost,
  isLoopbackHost,
  parseUrl,
  printable,
  rememberSecret,
  SesameError,
  t,
} from '../../kit/index.ts'
import { isExempt } from './no-proxy.ts'

/** A proxy that a variable names. */
export interface ProxyServer {
  kind: 'http' | 'https' | 'socks5'
  host: string
  port: number
  /** Decoded; the password may be empty. */
  login: { username: string; password: string } | undefined
  /** The variable that named it, for messages. */
  variable: string
}

const kinds: Record<string, { kind: ProxyServer['kind']; defaultPort: number }> = {
  'http:': { kind: 'http', defaultPort: 80 },
  'https:': { kind: 'https', defaultPort: 443 },
  // Names are always resolved by the proxy, so that the three SOCKS spellings mean the same.
  'socks:': { kind: 'socks5', defaultPort: 1080 },
  'socks5:': { kind: 'socks5', defaultPort: 1080 },
  'socks5h:': { kind: 'socks5', defaultPort: 1080 },
}

/**
 * The proxy for a target: that of HTTPS_PROXY, else ALL_PROXY, else HTTP_PROXY; none for a loopback target and for
 * what NO_PROXY exempts.
 *
 * @throws SesameError ERR_PROXY naming the variable, when its value cannot be used
 */
export function proxyFor(
  hostname: string,
  port: number,
  environment: ProxyEnvironment,
): ProxyServer | undefined {
  if (isLoopbackHost(hostname) || isLocalhostName(hostname)) return undefined
  const setting = environment.https ?? environment.all ?? environment.http
  if (!setting || setting.value === '') return undefined
  if (environment.noProxy !== undefined && isExempt(environment.noProxy, hostname, port)) return undefined
  return parseProxy(setting)
}

/**
 * The proxy that a request to this URL takes, with the variable that names it, as messages show it; undefined for a
 * direct connection.
 *
 * @throws SesameError ERR_PROXY when the variable's value cannot be used
 */
export function wayTo(url: string, environment: ProxyEnvironment): string | undefined {
  const { hostname, port } = new URL(url)
  const proxy = proxyFor(hostname, port === '' ? 443 : Number(port), environment)
  return proxy && t('proxy {proxy}', { proxy: nameOfProxy(proxy) })
}

/** How messages and logs name a proxy, after the word: `10.0.0.1:3128 (HTTPS_PROXY)`. Never with its credentials. */
export function nameOfProxy(proxy: ProxyServer): string {
  const host = proxy.host.includes(':') ? `[${proxy.host}]` : proxy.host
  return `${host}:${proxy.port} (${proxy.variable})`
}

/** How a user name and password are written. A password manager's characters and `DOMAIN\user` are the usual trouble. */
export function loginHint({ variable }: Pick<ProxyServer, 'variable'>, scheme: string): string {
  return t(
    'Set {variable} to {scheme}://USER:PASSWORD@host:port; percent-encode special characters (# is %23, / is %2F, @ is %40, \\ is %5C).',
    { variable, scheme },
  )
}

/** `localhost` and the names below it (RFC 6761 section 6.3). */
function isLocalhostName(hostname: string): boolean {
  return /^(?:.+\.)?localhost\.?$/.test(hostname)
}

function parseProxy({ variable, value }: ProxySetting): ProxyServer {
  const address = value.includes('://') ? value : `http://${value}`
  const unencoded = unencodedIn(address)
  if (unencoded !== undefined) {
    const what = t(
      'it is not a URL: the user name or password holds {unencoded} as it is, which ends the address there',
      { unencoded },
    )
    const scheme = printable(address.slice(0, address.indexOf('://')), 20)
    throw unusable(variable, what, loginHint({ variable }, scheme))
  }
  const url = parseUrl(address)
  if (url === undefined) throw unusable(variable, t('it is not a URL'))
  const known = kinds[url.protocol]
  if (!known) {
    throw unusable(
      variable,
      t('{scheme} proxies are not supported', { scheme: printable(url.protocol.slice(0, -1), 20) }),
    )
  }
  const host = url.hostname.replace(/\.$/, '')
  if (host === '') throw unusable(variable, t('it names no host'))
  if (!isHost(host)) throw unusable(variable, t('its host name is invalid'))
  return {
    kind: known.kind,
    host: host.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? known.defaultPort : Number(url.port),
    login: loginOf(url),
    variable,
  }
}

/**
 * A character that ends the authority of a URL (RFC 3986 section 3.2) in front of the `@` that was meant to end the user part:
 * `http://DOMAIN\user:p#ss@host`. It would lead to another host, with the rest of the password in the path.
 */
function unencodedIn(address: string): string | undefined {
  const rest = address.slice(address.indexOf('://') + 3)
  const end = rest.search(/[/?#\\]/)
  const at = rest.lastIndexOf('@')
  if (end === -1 || at < end) return undefined
  const login = rest.slice(0, at)
  rememberSecret(login)
  rememberSecret(login.slice(login.indexOf(':') + 1))
  return rest[end]
}

function loginOf(url: URL): ProxyServer['login'] {
  if (url.username === '' && url.password === '') return undefined
  const login = { username: decode(url.username), password: decode(url.password) }
  rememberSecret(login.password)
  rememberSecret(url.password)
  rememberSecret(basicCredentials(login))
  return login
}

/** User-id and password as RFC 7617 section 2 packs them. */
export function basicCredentials({ username, password }: { username: string; password: string }): string {
  return Buffer.from(`${username}:${password}`).toString('base64')
}

/** Percent-decoded, or as it stands when it holds a stray `%`: people paste passwords unencoded. */
function decode(text: string): string {
  return /%(?![0-9a-f]{2})/i.test(text) ? text : Buffer.from(unescapeBytes(text), 'latin1').toString('utf8')
}

function unescapeBytes(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function unusable(
  variable: string,
  reason: string,
  hint = t('Set {variable} to http://host:port, https://host:port or socks5://host:port.', { variable }),
): SesameError {
  return new SesameError(
    'ERR_PROXY',
    t('The proxy in {variable} cannot be used: {reason}.', { variable, reason }),
    { hint },
  )
}

/** A proxy variable that is set, under the name that was read. */
interface ProxySetting {
  variable: string
  value: string
}

/** The proxy variables of a process. A setting with an empty value means: no proxy, whatever the others say. */
export interface ProxyEnvironment {
  https?: ProxySetting
  http?: ProxySetting
  all?: ProxySetting
  /** Value of NO_PROXY. */
  noProxy?: string
}

/** Picks the proxy variables out of an environment. The lower-case name wins, as in curl. */
export function readProxyEnvironment(env: Record<string, string | undefined>): ProxyEnvironment {
  const https = read(env, 'https_proxy')
  const http = read(env, 'http_proxy')
  const all = read(env, 'all_proxy')
  const noProxy = read(env, 'no_proxy')
  return {
    ...(https && { https }),
    ...(http && { http }),
    ...(all && { all }),
    ...(noProxy && { noProxy: noProxy.value }),
  }
}

function read(env: Record<string, string | undefined>, name: string): ProxySetting | undefined {
  for (const variable of [name, name.toUpperCase()]) {
    const value = env[variable]
    if (value !== undefined) return { variable, value: value.trim() }
  }
  return undefined
}
