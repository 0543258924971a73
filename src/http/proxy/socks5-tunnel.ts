import { isIP, type Socket } from 'node:net'
import { type FixedText, SesameError, t } from '../../kit/index.ts'
import { loginHint, nameOfProxy, type ProxyServer } from './proxy.ts'
import { receiveBytes } from './receive-bytes.ts'

const version = 5
const method = { none: 0, password: 2, nothingFits: 0xff }
const addressType = { ipv4: 1, name: 3, ipv6: 4 }

/** Reply codes of RFC 1928 section 6. */
const refusals: Record<number, FixedText> = {
  1: 'it failed',
  2: 'its rules do not allow it',
  3: 'the network is unreachable',
  4: 'the host is unreachable',
  5: 'the connection was refused',
  6: 'the way is too long (TTL expired)',
  7: 'it does not know the CONNECT command',
  8: 'it does not know this kind of address',
}
/** Those that stem from the network behind the proxy and can pass. */
const passing = new Set([1, 3, 4, 5, 6])

/**
 * Asks a SOCKS5 proxy for a tunnel (RFC 1928, RFC 1929) on a socket that is connected to it. The proxy resolves names.
 *
 * @throws SesameError ERR_PROXY when the proxy declines; the socket's own error when it breaks
 */
export async function openSocks5Tunnel(
  socket: Socket,
  proxy: ProxyServer,
  target: { hostname: string; port: number },
): Promise<void> {
  const offered = proxy.login ? [method.none, method.password] : [method.none]
  socket.write(Buffer.from([version, offered.length, ...offered]))
  const [spoken, chosen] = await receiveBytes(socket, (received) => enough(received, 2))
  if (spoken !== version) throw declined(proxy, t('it does not speak SOCKS5'))
  if (chosen === method.password && proxy.login) await sendLogin(socket, proxy, proxy.login)
  else if (chosen === method.nothingFits && proxy.login)
    throw declined(proxy, t('it takes neither no sign-in nor user name and password'))
  else if (chosen !== method.none) throw wantsLogin(proxy)

  // The protocol has one byte for its length: of a longer name the rest would be read as something else.
  if (Buffer.byteLength(target.hostname) > 255)
    throw declined(proxy, t('the host name is too long for SOCKS5'))
  socket.write(connectRequest(target.hostname, target.port))
  const reply = (await receiveBytes(socket, lengthOfReply))[1] ?? 1
  if (reply === 0) return
  const known = refusals[reply]
  const reason = known === undefined ? t('reply {reply}', { reply }) : t(known)
  throw new SesameError(
    'ERR_PROXY',
    t('The proxy {proxy} refused the way to {target}: {reason}.', {
      proxy: nameOfProxy(proxy),
      target: `${target.hostname}:${target.port}`,
      reason,
    }),
    {
      hint: t('Check {variable}, or exempt the host with NO_PROXY.', { variable: proxy.variable }),
      status: passing.has(reply) ? 502 : 403,
    },
  )
}

async function sendLogin(
  socket: Socket,
  proxy: ProxyServer,
  login: { username: string; password: string },
): Promise<void> {
  const username = Buffer.from(login.username)
  const password = Buffer.from(login.password)
  if (username.length > 255 || password.length > 255)
    throw declined(proxy, t('user name or password is too long'))
  socket.write(Buffer.from([1, username.length, ...username, password.length, ...password]))
  const answer = await receiveBytes(socket, (received) => enough(received, 2))
  if (answer[1] !== 0) throw wantsLogin(proxy)
}

function connectRequest(hostname: string, port: number): Buffer {
  return Buffer.from([version, 1, 0, ...addressBytes(hostname), port >> 8, port & 0xff])
}

function addressBytes(hostname: string): number[] {
  if (isIP(hostname) === 4) return [addressType.ipv4, ...hostname.split('.').map(Number)]
  if (isIP(hostname) === 6) return [addressType.ipv6, ...ipv6Bytes(hostname)]
  const name = Buffer.from(hostname)
  return [addressType.name, name.length, ...name]
}

/** The 16 bytes of an address as `URL` spells it: without dotted quads and zone. */
function ipv6Bytes(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const zeros = new Array<number>(8 - left.length - right.length).fill(0)
  return [...left, ...zeros, ...right].flatMap((group) => [group >> 8, group & 0xff])
}

function lengthOfReply(received: Buffer): number | undefined {
  if (received.length < 5) return undefined
  const [, , , type, first = 0] = received
  const addressLength = type === addressType.ipv4 ? 4 : type === addressType.ipv6 ? 16 : 1 + first
  return enough(received, 4 + addressLength + 2)
}

function enough(received: Buffer, length: number): number | undefined {
  return received.length >= length ? length : undefined
}

function wantsLogin(proxy: ProxyServer): SesameError {
  return new SesameError(
    'ERR_PROXY',
    proxy.login
      ? t('The proxy {proxy} does not accept the user name and password given to it.', {
          proxy: nameOfProxy(proxy),
        })
      : t('The proxy {proxy} wants a user name and password.', { proxy: nameOfProxy(proxy) }),
    {
      status: 407,
      hint: loginHint(proxy, 'socks5'),
    },
  )
}

function declined(proxy: ProxyServer, reason: string): SesameError {
  return new SesameError(
    'ERR_PROXY',
    t('The proxy {proxy} cannot be used: {reason}.', { proxy: nameOfProxy(proxy), reason }),
    {
      hint: t('Check {variable}.', { variable: proxy.variable }),
    },
  )
}
