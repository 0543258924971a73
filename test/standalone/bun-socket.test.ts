import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { standalone } from '../support/standalone.ts'

/** The same as `test/store/secret-service/unix-socket.test.ts` demands of the sockets of Node, in the runtime of an executable. */
describe.skipIf(standalone === undefined)('the socket of Bun', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sesame-bun-socket-'))
  const worker = join(directory, 'talk.cjs')
  const path = join(directory, 'socket')
  const connections = new Set<Socket>()
  let server: Server | undefined

  beforeAll(async () => {
    const input = join(import.meta.dirname, 'workers', 'talk.ts')
    const build = await rolldown({ input, platform: 'node', logLevel: 'silent' })
    await build.write({ file: worker, format: 'cjs' })
    await build.close()
  })
  afterEach(async () => {
    for (const connection of connections) connection.destroy()
    if (server?.listening) await new Promise((resolve) => server?.close(resolve))
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  function listen(at: string, onConnection: (socket: Socket) => void): Promise<void> {
    server = createServer((socket) => {
      connections.add(socket.on('error', () => socket.destroy()))
      onConnection(socket)
    })
    return new Promise((resolve) => server?.listen(at, resolve))
  }

  async function talk(at: string, length: number, enough = Number.POSITIVE_INFINITY) {
    const env = { HOME: directory, BUN_BE_BUN: '1' }
    const words = [worker, at, String(length), String(enough)]
    return JSON.parse((await promisify(execFile)(standalone ?? '', words, { env, cwd: directory })).stdout)
  }

  test('carries bytes both ways, in order, also more than a socket takes at once', async () => {
    await listen(path, (socket) => socket.pipe(socket))
    const answer = await talk(path, 3_000_000, 3_000_000)
    expect(answer).toEqual({ connected: 1, ended: 0, bytes: 3_000_000, inOrder: true })
  })

  test('says once that no server listens, or that the other side has gone', async () => {
    const nothing = join(directory, 'nothing')
    expect(await talk(nothing, 1)).toEqual({ connected: 0, ended: 1, bytes: 0, inOrder: true })
    await listen(path, (socket) => socket.once('data', () => socket.end(Buffer.from([0, 1, 2]))))
    expect(await talk(path, 1)).toEqual({ connected: 1, ended: 1, bytes: 3, inOrder: true })
  })

  test('is silent after destroy', async () => {
    await listen(path, (socket) => socket.write('unasked'))
    expect(await talk(path, 1, 0)).toMatchObject({ connected: 0, ended: 0, bytes: 0 })
  })

  test.skipIf(process.platform !== 'linux' || Number.parseInt(process.versions.node, 10) < 22)(
    'connects to an abstract name',
    async () => {
      const name = `sesame-${process.pid}`
      await listen(`\0${name}`, (socket) => socket.pipe(socket))
      expect(await talk(`@${name}`, 10, 10)).toMatchObject({ connected: 1, bytes: 10 })
    },
  )
})
