import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CloudSsoOptions, createTestCa } from '../../mocks/index.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { makeDirectory } from './subject.ts'

/** A TLS portal at some distance: each new connection and each request takes `latencyMs` longer. */
export interface SlowPortal {
  portal: TestPortal
  /** Where it really listens, whatever host name it goes by. */
  port: number
  caFile: string
  stop(): Promise<void>
}

/** `host` is the name in its URL and certificate: `127.0.0.1`, or one that only a proxy can resolve. */
export async function startSlowPortal(
  latencyMs: number,
  options: CloudSsoOptions,
  host = '127.0.0.1',
): Promise<SlowPortal> {
  const authority = createTestCa()
  const directory = makeDirectory()
  const caFile = join(directory.path, 'ca.pem')
  writeFileSync(caFile, authority.ca)
  let behind = 0
  const proxy = createServer(async (client) => {
    client.on('error', () => client.destroy())
    await sleep(latencyMs)
    const upstream = connect(behind, '127.0.0.1')
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    client.setNoDelay().pipe(upstream.setNoDelay()).pipe(client)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  const publicUrl = host === '127.0.0.1' ? `https://${host}:${port}` : `https://${host}`
  const portal = await startPortal({
    ...options,
    latencyMs,
    tls: authority.issue({ hosts: [host] }),
    publicUrl,
  })
  behind = portal.port
  return {
    portal,
    port,
    caFile,
    async stop() {
      await portal.stop()
      await new Promise((resolve) => proxy.close(resolve))
      directory.remove()
    },
  }
}
