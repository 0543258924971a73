import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JWK } from 'jose'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Reply, ReplyHeaders } from '../http/reply.ts'
import { devicePkce } from './device-pkce.ts'
import { interact, isInteraction } from './interactions.ts'
import type { MemoryStore } from './memory-store.ts'
import type { OidcClient, OidcSettings } from './options.ts'
import { makeCookieKeys, providerConfiguration } from './provider-configuration.ts'
import { importOidcProvider } from './quiet-import.ts'
import { makeSigningKey } from './signing-keys.ts'

/** oidc-provider on a loopback port of its own, where only the recording server in front of it asks. */
export async function startInnerProvider(
  issuer: string,
  settings: OidcSettings,
  store: MemoryStore,
  clients: readonly OidcClient[],
) {
  const oidcProvider = await importOidcProvider()
  const { deviceInfo, ProviderWithDevicePkce } = devicePkce(oidcProvider, settings.devicePkce)
  const parts = { settings, store, clients, cookieKeys: makeCookieKeys(), deviceInfo }
  const first = await makeSigningKey(settings.signingAlgorithm)
  const made = [first]
  let keys: JWK[] = [first.jwk]

  const build = () => {
    const provider = new ProviderWithDevicePkce(issuer, providerConfiguration(parts, keys))
    provider.proxy = true
    // What went wrong inside is a bug of the mock or of the provider: it ends the test run, outside of their handlers.
    provider.on('server_error', (_ctx, error) => {
      setImmediate(() => {
        throw error
      })
    })
    return { provider, answer: provider.callback() }
  }
  let current = build()

  const answerPage = (message: IncomingMessage, response: ServerResponse) =>
    interact(current.provider, settings, message, response).catch((error: unknown) => {
      // Closed before the form had arrived.
      if (message.complete) throw error
    })
  const server = createServer((message, response) => {
    if (isInteraction(message)) void answerPage(message, response)
    else void current.answer(message, response)
  })
  // Connections end with the front: one that the server closed just as a request left would be a failure without a cause.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true })

  return {
    /** Asks the provider what the client asked, under the name by which the client knows it. */
    forward: (request: RecordedRequest): Promise<Reply> =>
      new Promise((resolve, reject) => {
        const target = `${request.path}${request.queryAll.size > 0 ? `?${request.queryAll}` : ''}`
        const { connection: _, 'transfer-encoding': __, ...headers } = request.headers
        const outgoing = httpRequest(
          {
            agent,
            host: '127.0.0.1',
            port,
            method: request.method,
            path: target,
            headers: {
              ...headers,
              'content-length': String(Buffer.byteLength(request.text)),
              'x-forwarded-proto': new URL(issuer).protocol.slice(0, -1),
              'x-forwarded-for': request.remoteAddress,
            },
          },
          (message) => readReply(message).then(resolve, reject),
        )
        outgoing.on('error', reject).end(request.text)
      }),

    /** Signs with a new key from now on. The old one stays in the key set, or leaves it. */
    async rotateKeys(keepOld: boolean): Promise<void> {
      const next = await makeSigningKey(settings.signingAlgorithm)
      made.push(next)
      keys = keepOld ? [next.jwk, ...keys] : [next.jwk]
      current = build()
    },

    keys: () => keys,

    close(): void {
      agent.destroy()
      server.close()
      server.closeAllConnections()
      for (const key of made.splice(0)) key.giveBack()
    },
  }
}

const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'])

async function readReply(message: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = []
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  const headers: ReplyHeaders = {}
  for (const [name, value] of Object.entries(message.headers)) {
    if (!hopByHop.has(name) && value !== undefined) headers[name] = value
  }
  const isJson = /^application\/([\w.-]+\+)?json/.test(message.headers['content-type'] ?? '')
  return { status: message.statusCode ?? 502, headers, body: isJson && text !== '' ? JSON.parse(text) : text }
}
