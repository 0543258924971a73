import type { Socket } from 'node:net'
import { printable, SesameError } from '../../kit/index.ts'
import { receiveBytes } from '../receive-bytes.ts'
import { basicCredentials, loginHint, nameOfProxy, type ProxyServer } from './proxy.ts'

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
  const name = nameOfProxy(proxy)
  const others = schemes.filter((scheme) => scheme.toLowerCase() !== 'basic')
  if (others.length > 0 && others.length === schemes.length) {
    return new SesameError(
      'ERR_PROXY',
      `The ${name} offers only sign-in by ${others.join(', ')}, and sesame has only Basic (HTTP 407).`,
      {
        status: 407,
        hint: `Run a local proxy that signs in there (px or cntlm, for NTLM and Negotiate) and set ${proxy.variable} to it, or ask for one that takes Basic.`,
      },
    )
  }
  const said = proxy.login
    ? `The ${name} does not accept the user name and password given to it (HTTP 407).`
    : `The ${name} wants a user name and password (HTTP 407).`
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
  const shown = Number.isNaN(status) ? 'an answer that is not HTTP' : `HTTP ${status}`
  return new SesameError(
    'ERR_PROXY',
    `The ${nameOfProxy(proxy)} refused the way to ${target} with ${shown}.`,
    {
      status: Number.isNaN(status) ? undefined : status,
      hint: `Check ${proxy.variable}, or exempt the host with NO_PROXY.`,
    },
  )
}
