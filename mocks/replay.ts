import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RecordedRequest, readRequest } from './http/recorded-request.ts'
import { type RecordedStep, readBundle } from './replay/bundle.ts'
import { makeKey, revive, type Stage } from './replay/revive.ts'

export interface Replay {
  url: string
  /** The sign-in URL of the recorded portal, or undefined. */
  signInUrl?: string
  /** The issuer of the recorded provider, or undefined. */
  issuer?: string
  /** An endpoint of STS was asked. */
  asksSts: boolean
  requests: { method: string; path: string }[]
  close(): Promise<void>
}

export interface ReplayOptions {
  port?: number
  onAnswered?: (request: { method: string; path: string; status: number | undefined }) => void
}

/** Polls are played so often at most: who replays a flow need not wait as long as its user did. */
const mostTimes = 2

const discovery = /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)/

/**
 * Plays a bundle of `sesame doctor --bundle` on 127.0.0.1: each request gets what the same request got then, in that order; the last
 * answer to it stays. All recorded hosts are this one.
 */
export async function startReplay(
  bundle: string,
  { port = 0, onAnswered }: ReplayOptions = {},
): Promise<Replay> {
  const steps = readBundle(bundle)
  const left = steps.flatMap((step) =>
    Array.from({ length: Math.min(step.times ?? 1, mostTimes) }, () => step),
  )
  const requests: Replay['requests'] = []
  const key = makeKey()
  const issuerPath = steps
    .find(({ path }) => discovery.test(path))
    ?.path.replace(discovery, '')
    .replaceAll('*', 'x')

  const tokenHasName = !steps.some(({ path }) => path === userInfoPath(steps))

  const take = (request: RecordedRequest): RecordedStep | undefined => {
    const fitting = left.filter((step) => step.method === request.method && fits(step.path, request.path))
    const [first] = fitting
    if (first !== undefined && fitting.length > 1) left.splice(left.indexOf(first), 1)
    return first
  }
  const server = createServer(async (message: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(message, 0)
    requests.push({ method: request.method, path: request.path })
    const step = take(request)
    response.once('close', () => {
      const status = response.headersSent ? response.statusCode : undefined
      onAnswered?.({ method: request.method, path: request.path, status })
    })
    const clientId = clientIdOf(request)
    play(step, response, { url: url(), issuer: `${url()}${issuerPath ?? ''}`, clientId, key, tokenHasName })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const isPortal = steps.some(({ path }) => path === '/device-authorization' || path === '/cloud-credentials')
  return {
    url: url(),
    ...(isPortal && { signInUrl: `${url()}/start/login` }),
    ...(issuerPath !== undefined && { issuer: `${url()}${issuerPath}` }),
    asksSts: steps.some(({ origin }) => /\/\/(?:[\w-]+\.)?sts[.-]/.test(origin)),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** As the recorded discovery names it. */
function userInfoPath(steps: readonly RecordedStep[]): string | undefined {
  const found = steps.find(({ path }) => discovery.test(path))?.body as Record<string, unknown> | undefined
  const address = String(found?.userinfo_endpoint ?? '').replace('(url) ', '')
  return URL.canParse(address) ? new URL(address).pathname : undefined
}

function fits(recorded: string, path: string): boolean {
  const [one, other] = [recorded.split('/'), path.split('/')]
  return one.length === other.length && one.every((part, i) => part === '*' || part === other[i])
}

function play(step: RecordedStep | undefined, response: ServerResponse, stage: Stage): void {
  if (step === undefined) {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
    return
  }
  // A server that never answers, and one that is not there, are the same as far as sesame can tell.
  if (step.failure === 'ERR_TIMEOUT') return
  if (step.status === undefined) {
    response.destroy()
    return
  }
  const isJson = step.body !== undefined
  response.writeHead(step.status, {
    'content-type': step.contentType ?? 'application/json',
    date: new Date(Date.now() + (step.clockAheadS ?? 0) * 1000).toUTCString(),
    ...(step.retryAfter !== undefined && { 'retry-after': step.retryAfter }),
  })
  response.end(isJson ? JSON.stringify(revive(step.body, stage)) : '')
}

/** From the form, a JSON body, or the Basic header. */
function clientIdOf({ body, headers }: RecordedRequest): string {
  const form = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1]
  const user = basic && decodeURIComponent(Buffer.from(basic, 'base64').toString('utf8').split(':')[0] ?? '')
  return String(form.client_id ?? user ?? 'replayed')
}
