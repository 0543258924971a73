import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createCookieJar } from './cookie-jar.ts'

/** A page that has arrived, or a redirect to `location`. */
export interface Page {
  url: URL
  status: number
  html: string
  location?: URL
}

const personAgent = 'scripted-person'

/** A browser without scripts, with one cookie jar; its forms come from the pages of `origin`. */
export function createPageClient(origin: string, certificate?: string) {
  const jar = createCookieJar()

  const ask = (url: URL, form?: Record<string, string>): Promise<Page> =>
    new Promise((resolve, reject) => {
      const body = form === undefined ? '' : new URLSearchParams(form).toString()
      const headers: Record<string, string> = { accept: 'text/html', 'user-agent': personAgent }
      const cookies = jar.header(url)
      if (cookies !== '') headers.cookie = cookies
      if (form !== undefined) {
        headers['content-type'] = 'application/x-www-form-urlencoded'
        headers['content-length'] = String(Buffer.byteLength(body))
        headers.origin = origin
      }
      // A server certificate alone is no chain to a root; it is trusted as it is.
      const trust = certificate === undefined ? {} : { ca: certificate, allowPartialTrustChain: true }
      const options = { method: form === undefined ? 'GET' : 'POST', headers, agent: false as const }
      const take = (message: IncomingMessage): void => {
        jar.take(url, message.headers['set-cookie'] ?? [])
        readPage(url, message).then(resolve, reject)
      }
      const outgoing =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, ...trust }, take)
          : httpRequest(url, options, take)
      outgoing.on('error', reject).end(body)
    })

  return { open: (url: URL) => ask(url), send: ask }
}

async function readPage(url: URL, message: IncomingMessage): Promise<Page> {
  const chunks: Buffer[] = []
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
  const status = message.statusCode ?? 0
  const html = Buffer.concat(chunks).toString('utf8')
  const to = message.headers.location
  return { url, status, html, ...(to === undefined ? {} : { location: new URL(to, url) }) }
}
