import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that passed through, and how it was answered; 0 while it is not, or when its answer was lost. */
interface Passed {
  method: string
  path: string
  status: number
}

/** A proxy before a provider: its address is the issuer's, it sees what passes, and it can lose an answer. */
export interface Front {
  url: string
  requests: Passed[]
  /** The next answer to this method and path is lost: the provider has acted, the connection ends. */
  loseNext(method: string, path: RegExp): void
  /** Where the provider listens, once it does. */
  forwardTo(port: number): void
  close(): Promise<void>
}

export async function startFront(): Promise<Front> {
  const requests: Passed[] = []
  let target = 0
  let lost: { method: string; path: RegExp } | undefined

  const server = createServer((incoming, outgoing) => {
    const passed: Passed = { method: incoming.method ?? '', path: pathOf(incoming), status: 0 }
    requests.push(passed)
    const loses = lost?.method === passed.method && lost.path.test(passed.path)
    if (loses) lost = undefined
    forward(incoming, outgoing, passed, { port: target, loses })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    loseNext: (method, path) => {
      lost = { method, path }
    },
    forwardTo: (port) => {
      target = port
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** The Host header stays as it came: the provider must believe that it is the front. */
function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  passed: Passed,
  { port, loses }: { port: number; loses: boolean },
): void {
  const { method, url: path, headers } = incoming
  const inner = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    if (loses) {
      answer.resume().on('end', () => outgoing.destroy())
      return
    }
    passed.status = answer.statusCode ?? 0
    outgoing.writeHead(passed.status, answer.headers)
    answer.pipe(outgoing)
  })
  inner.on('error', () => outgoing.destroy())
  incoming.pipe(inner)
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/\?.*$/s, '')
}
