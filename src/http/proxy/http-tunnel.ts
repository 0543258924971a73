import type { Socket } from 'node:net'
import { printable, SesameError, t } from '../../kit/index.ts'
import { basicCredentials, loginHint, nameOfProxy, type ProxyServer } from './proxy.ts'
import { receiveBytes } from './receive-bytes.ts'

/**
 * Asks an HTTP proxy for a tunnel (RFC 9110 section 9.3.6) on a socket that is connected to it.
 *
 * @param target `host:port`
 * @throws SesameError ERR_PROXY (with `status`) when the proxy declines; the socket's own error when it breaks
 */
export async function openHttpTunnel(
  socket: Socket,
  proxy: ProxyServer,
  target: string,
  userAgent: string,
): Promise<void> {
  const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, `User-Agent: ${userAgent}`]
  if (proxy.login) lines.push(`Proxy-Authorization: Basic ${basicCredentials(proxy.login)}`)
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)

  const answer = (await receiveBytes(socket, (received) => endOfHead(received))).toString('latin1')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1])
  if (status >= 200 && status < 300) return
  throw status === 407 ? unauthenticated(proxy, schemesOf(answer)) : declined(proxy, target, status)
}

/**
 * The schemes of the challenges of a response (RFC 9110 section 11.6.1): in one or several fields, each a list. What follows a
 * comma is a scheme unless it is a parameter (`name=value`).
 */
function schemesOf(answer: string): string[] {
  const [head = ''] = answer.split('\r\n\r\n', 1)
  const fields = [...head.matchAll(/^proxy-authenticate:(.*)$/gim)].map(([, field = '']) => field)
  const schemes = fields
    .flatMap((field) => field.replace(/"(?:[^"\\]|\\.)*"/g, '""').split(','))
    .map((part) => /^\s*([\w!#$%&'*+.^`|~-]+)(?!\S)(?!\s*=)/.exec(part)?.[1])
    .filter((scheme) => scheme !== undefined)
  return [...new Set(schemes.map((scheme) => printable(scheme, 20)))].slice(0, 5)
}

function unauthenticated(proxy: ProxyServer, schemes: readonly string[]): SesameError {
  const named = { proxy: nameOfProxy(proxy) }
  const others = schemes.filter((scheme) => scheme.toLowerCase() !== 'basic')
  if (others.length > 0 && others.length === schemes.length) {
    return new SesameError(
      'ERR_PROXY',
      t('The proxy {proxy} offers only sign-in by {schemes}, and sesame has only Basic (HTTP 407).', {
        ...named,
        schemes: others.join(', '),
      }),
      {
        status: 407,
        hint: t(
          'Run a local proxy that signs in there (px or cntlm, for NTLM and Negotiate) and set {variable} to it, or ask for one that takes Basic.',
          { variable: proxy.variable },
        ),
      },
    )
  }
  const said = proxy.login
    ? t('The proxy {proxy} does not accept the user name and password given to it (HTTP 407).', named)
    : t('The proxy {proxy} wants a user name and password (HTTP 407).', named)
  return new SesameError('ERR_PROXY', said, { status: 407, hint: loginHint(proxy, 'http') })
}

/** A refusal may carry a page after its head, which is not needed: the whole buffer then counts as the head. */
function endOfHead(received: Buffer): number | undefined {
  const text = received.toString('latin1')
  if (!'HTTP/1.'.startsWith(text.slice(0, 7))) throw new Error('it does not speak HTTP')
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  return /^HTTP\/1\.[01] 2\d\d/.test(text) ? end + 4 : received.length
}

function declined(proxy: ProxyServer, target: string, status: number): SesameError {
  const answer = Number.isNaN(status) ? t('an answer that is not HTTP') : `HTTP ${status}`
  return new SesameError(
    'ERR_PROXY',
    t('The proxy {proxy} refused the way to {target} with {answer}.', {
      proxy: nameOfProxy(proxy),
      target,
      answer,
    }),
    {
      status: Number.isNaN(status) ? undefined : status,
      hint: t('Check {variable}, or exempt the host with NO_PROXY.', { variable: proxy.variable }),
    },
  )
}
