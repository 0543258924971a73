import { onTestFinished } from 'vitest'
import {
  createTestCa,
  type HttpServer,
  type IssueOptions,
  startHttpServer,
  type TestCa,
} from '../../../mocks/index.ts'
import { temporaryFile } from './open-fetch.ts'

/** The routes that these tests need of a server. */
export type Route = 'GET /' | 'POST /token'

export interface Portal extends HttpServer<Route> {
  ca: TestCa
  /** The CA's certificate, for SESAME_CA_FILE. */
  caFile: string
  /** `https://portal.test:<port>`, a name that only a proxy of the test knows. */
  namedUrl: string
  /** What such a proxy needs to know. */
  hosts: Record<string, string>
}

/** A TLS server for 127.0.0.1, localhost and portal.test. */
export async function startPortal(certificate: IssueOptions = {}): Promise<Portal> {
  const ca = createTestCa()
  const tls = ca.issue({ hosts: ['127.0.0.1', 'localhost', 'portal.test'], ...certificate })
  const server = await startHttpServer({ tls, routes: routes() })
  onTestFinished(() => server.close())
  return Object.assign(server, {
    ca,
    caFile: await temporaryFile(ca.ca),
    namedUrl: `https://portal.test:${server.port}`,
    hosts: { [`portal.test:${server.port}`]: `127.0.0.1:${server.port}` },
  })
}

/** The same without TLS. */
export async function startPlainPortal(): Promise<HttpServer<Route>> {
  const server = await startHttpServer({ routes: routes() })
  onTestFinished(() => server.close())
  return server
}

function routes() {
  const answer = () => ({ status: 200, body: { ok: true } })
  return { 'GET /': answer, 'POST /token': answer }
}
