import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import fastify from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  expressTokenGuard,
  fastifyTokenGuard,
  memoryRevocations,
  nodeTokenGuard,
  openTokenService,
  type TokenService,
} from '../../src/sst/index.ts'
import { original } from './support/samples.ts'

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** A small service of each kind; it answers with the user id, and with a body's length if there is one. */
const services: Record<string, (tokens: Pick<TokenService, 'verify'>) => Promise<string>> = {
  async 'node:http'(tokens) {
    const guard = nodeTokenGuard(tokens)
    return listen(
      createServer(async (request: Parameters<typeof guard>[0], response) => {
        if (await guard(request, response)) response.end(`hello ${request.userId}`)
      }),
    )
  },
  async Express(tokens) {
    const app = express()
    app.use(expressTokenGuard(tokens))
    app.all(
      '/',
      (request, response) => void response.send(`hello ${(request as { userId?: string }).userId}`),
    )
    return listen(createServer(app))
  },
  async Fastify(tokens) {
    const app = fastify()
    app.addHook('onRequest', fastifyTokenGuard(tokens))
    app.all('/', async (request) => `hello ${(request as { userId?: string }).userId}`)
    onTestFinished(() => app.close())
    return `${await app.listen({ port: 0, host: '127.0.0.1' })}/`
  },
}

describe.each(Object.entries(services))('%s', (_, start) => {
  const ask = (url: string, token?: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: token === undefined ? {} : { 'X-Server-Side-Token': token } })

  test('lets a good token in, with the user id on the request', async () => {
    const tokens = await openTokenService({ key: original.key, revocations: memoryRevocations() })
    const url = await start(tokens)
    const answer = await ask(url, original.token)
    expect([answer.status, await answer.text()]).toEqual([200, 'hello cdiservice'])
    const posted = await ask(url, original.token, { method: 'POST', body: 'x'.repeat(100_000) })
    expect(posted.status).toBe(200)
    await tokens.revoke(original.token)
    expect((await ask(url, original.token)).status).toBe(401)
  })

  test('[case 99] answers every other caller the same: 401 and JSON', async () => {
    const tokens = await openTokenService({ key: original.key, revocations: memoryRevocations() })
    const url = await start(tokens)
    const expired = await openTokenService({
      key: original.key,
      revocations: memoryRevocations(),
      clock: {
        now: () => new Date(0),
        monotonicMs: () => 0,
        bootedAt: () => ({ at: new Date(0), id: undefined }),
        sleep: async () => undefined,
      },
    })
    const bad = [
      undefined,
      '',
      'nonsense',
      original.token.replace(/92$/, '93'),
      expired.create('bob', { ttlSeconds: 1 }),
    ]
    for (const token of bad) {
      const answer = await ask(url, token, { method: 'POST', body: 'x'.repeat(100_000) })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
      expect(answer.headers.get('www-authenticate')).toBe('SST')
      expect(await answer.json()).toEqual({
        error: 'unauthorized',
        message: 'A valid X-Server-Side-Token is required.',
      })
    }
    const twice = await fetch(url, {
      headers: [
        ['X-Server-Side-Token', original.token],
        ['X-Server-Side-Token', original.token],
      ],
    })
    expect(twice.status).toBe(401)
  })

  test('answers 503 while the revocation list cannot be asked', async () => {
    const url = await start({ verify: async () => ({ kind: 'invalid', reason: 'unavailable' }) })
    const answer = await ask(url, original.token)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await answer.json()).toMatchObject({ error: 'unavailable' })
  })
})
