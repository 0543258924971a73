import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on loopback with files by path, and what was asked of it. */
export interface ReleaseServer {
  address: string
  files: Map<string, Buffer | string>
  /** Paths that are answered with a redirection to the address. */
  redirects: Map<string, string>
  /** A path of which only the first half is sent, and nothing after it. */
  stalls: Set<string>
  asked: string[]
  /** Resolves when the first half of the path has been sent. */
  halfSent(path: string): Promise<void>
  close(): void
}

export async function startReleaseServer(): Promise<ReleaseServer> {
  const files = new Map<string, Buffer | string>()
  const redirects = new Map<string, string>()
  const stalls = new Set<string>()
  const asked: string[] = []
  const waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const target = redirects.get(path)
    const content = files.get(path)
    if (target !== undefined) response.writeHead(302, { location: target }).end()
    else if (content === undefined) response.writeHead(404).end('not found')
    else if (stalls.has(path)) {
      const bytes = Buffer.from(content)
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, bytes.length / 2), () => {
        for (const go of waiting) go()
      })
    } else response.end(content)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    redirects,
    stalls,
    asked,
    halfSent: () => new Promise((resolve) => waiting.push(resolve)),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A line of SHA256SUMS. */
export function checksumLine(name: string, content: Buffer | string): string {
  return `${createHash('sha256').update(content).digest('hex')}  ${name}\n`
}
