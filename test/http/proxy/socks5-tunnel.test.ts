import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startSocksProxy } from '../../../mocks/index.ts'
import { openSocks5Tunnel } from '../../../src/http/proxy/socks5-tunnel.ts'

test.each([256, 257, 300, 511, 512])(
  '[case 123] a host name of %i bytes is refused, not cut by the one byte that SOCKS5 has for its length',
  async (length) => {
    const proxy = await startSocksProxy()
    const socket = connect(proxy.port, '127.0.0.1')
    await once(socket, 'connect')
    const server = {
      kind: 'socks5',
      host: '127.0.0.1',
      port: proxy.port,
      login: undefined,
      variable: 'ALL_PROXY',
    } as const
    const tunnel = openSocks5Tunnel(socket, server, { hostname: 'a'.repeat(length), port: 443 })
    await expect(tunnel).rejects.toMatchObject({
      code: 'ERR_PROXY',
      message: expect.stringContaining('too long'),
    })
    expect(proxy.tunnels).toEqual([])
    socket.destroy()
    await proxy.close()
  },
)
