import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import fastify from 'fastify'
import type { AuthenticatedRequest, BearerGuard } from '../../../src/jwt/index.ts'

/** A service that answers `GET /orders` with the claims of its caller, guarded. */
export interface Service {
  url: string
  /** How many requests came past the guard. */
  readonly passed: number
  close(): Promise<void>
}

export const frameworks = ['node:http', 'Express', 'Fastify'] as const
export type Framework = (typeof frameworks)[number]

export async function startService(framework: Framework, guard: BearerGuard): Promise<Service> {
  let passed = 0
  const answer = ({ auth }: AuthenticatedRequest) => {
    passed++
    return { sub: auth?.claims.sub, alg: auth?.header.alg }
  }
  const { port, close } = await start[framework](guard, answer)
  return {
    url: `http://127.0.0.1:${port}/orders`,
    get passed() {
      return passed
    },
    close,
  }
}

type Answer = (request: AuthenticatedRequest) => object
type Started = Promise<{ port: number; close(): Promise<void> }>

const start: Record<Framework, (guard: BearerGuard, answer: Answer) => Started> = {
  'node:http': (guard, answer) => {
    const server = createServer(async (request, response) => {
      const auth = await guard.http(request, response)
      if (auth === undefined) return
      response.end(JSON.stringify(answer({ auth })))
    })
    return listening(server.listen(0, '127.0.0.1'))
  },
  Express: (guard, answer) => {
    const app = express()
    app.use(guard.express)
    app.get('/orders', (request, response) => {
      response.json(answer(request as AuthenticatedRequest))
    })
    return listening(app.listen(0, '127.0.0.1'))
  },
  Fastify: async (guard, answer) => {
    const app = fastify({ forceCloseConnections: true })
    app.addHook('onRequest', guard.fastify)
    app.get('/orders', async (request) => answer(request as AuthenticatedRequest))
    await app.listen({ port: 0, host: '127.0.0.1' })
    return { port: (app.server.address() as AddressInfo).port, close: () => app.close() }
  },
}

async function listening(server: Server): Started {
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
