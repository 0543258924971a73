import { request } from 'node:http'
import { createCookieJar } from '../../mocks/oidc/cookie-jar.ts'

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

interface RequestOptions {
  method?: string
  host?: string
  path?: string
  headers?: Record<string, string | string[]>
}

/** A browser as far as a program on loopback sees one: cookies, and redirects one at a time. */
export interface LoopbackBrowser {
  /** One request as no fetch would send it: any method, path and Host. */
  ask(target: string | URL, options?: RequestOptions): Promise<Answer>
  /** Opens the start address of a sign-in; gives the authorization URL that it leads to. */
  begin(start: string | URL): Promise<URL>
  /** Follows an answer of the program to its page. Gives the path of that, if it was led to one, and the last answer. */
  browse(target: URL): Promise<{ page: string | undefined; answer: Answer }>
}

export function openLoopbackBrowser(): LoopbackBrowser {
  const jar = createCookieJar()

  function ask(target: string | URL, options: RequestOptions = {}): Promise<Answer> {
    const url = new URL(target)
    const { hostname, port, pathname, search } = url
    const { method = 'GET', host, path = `${pathname}${search}` } = options
    const cookie = jar.header(url)
    const headers = {
      ...(host !== undefined && { host }),
      ...(cookie !== '' && { cookie }),
      ...options.headers,
    }
    return new Promise((resolve, reject) => {
      const outgoing = request({ hostname, port, path, method, headers, agent: false }, (incoming) => {
        jar.take(url, incoming.headers['set-cookie'] ?? [])
        let body = ''
        incoming.setEncoding('utf8').on('data', (chunk) => {
          body += chunk
        })
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }),
        )
        incoming.on('error', reject)
      })
      outgoing.on('error', reject).end()
    })
  }

  return {
    ask,
    async begin(start) {
      const { status, headers } = await ask(start)
      if (status !== 303) throw new Error(`the start address answered ${status}`)
      return new URL(String(headers.location))
    },
    async browse(target) {
      const answer = await ask(target)
      if (answer.status !== 303) return { page: undefined, answer }
      const page = String(answer.headers.location)
      return { page, answer: await ask(`${target.origin}${page}`) }
    },
  }
}

/** The address that the browser is sent back to, with these parameters and the right state unless they say otherwise. */
export function backTo(authorizationUrl: URL, parameters: Record<string, string>): URL {
  const { redirect_uri: redirectUri = '', state = '' } = Object.fromEntries(authorizationUrl.searchParams)
  const url = new URL(redirectUri)
  url.search = new URLSearchParams({ state, ...parameters }).toString()
  return url
}
