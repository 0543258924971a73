import type { Socket } from 'node:net'
import { SesameError } from '../../kit/index.ts'
import { receiveBytes } from '../receive-bytes.ts'
import { basicCredentials, nameOfProxy, type ProxyServer } from './proxy.ts'

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

  const head = await receiveBytes(socket, (received) => endOfHead(received))
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head.toString('latin1'))?.[1])
  if (status >= 200 && status < 300) return
  throw declined(proxy, target, status)
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
  if (status === 407) {
    return new SesameError(
      'ERR_PROXY',
      proxy.login
        ? `The ${nameOfProxy(proxy)} does not accept the user name and password given to it (HTTP 407).`
        : `The ${nameOfProxy(proxy)} wants a user name and password (HTTP 407).`,
      {
        status,
        hint: `Set ${proxy.variable} to http://USER:PASSWORD@host:port (percent-encode special characters).`,
      },
    )
  }
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
