import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A real server on a port of its own, gone after the test. */
export interface RedisServer {
  port: number
  url: string
  start(): Promise<void>
  stop(): Promise<void>
  /** It keeps its connections and answers nothing. */
  pause(): void
  resume(): void
}

export interface RedisServerOptions {
  password?: string
  /** Keeps what is written to it over a restart; default true. */
  persistent?: boolean
  /** Files of a TLS server. */
  tls?: { cert: string; key: string }
}

/** Starts a redis-server on loopback. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { password, persistent = true, tls } = options
  const directory = mkdtempSync(join(tmpdir(), 'sesame-redis-'))
  const port = await freePort()
  const words = ['--bind', '127.0.0.1', '--dir', directory, '--save', '']
  words.push('--appendonly', persistent ? 'yes' : 'no', '--appendfsync', 'always')
  if (password !== undefined) words.push('--requirepass', password)
  if (tls === undefined) words.push('--port', String(port))
  else
    words.push(
      ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
      ...['--tls-cert-file', tls.cert, '--tls-key-file', tls.key, '--tls-ca-cert-file', tls.cert],
    )
  let child: ChildProcess | undefined

  const server: RedisServer = {
    port,
    url: `redis${tls === undefined ? '' : 's'}://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
    async start() {
      const started = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] })
      child = started
      for await (const line of started.stdout.iterator({ destroyOnReturn: false })) {
        if (String(line).includes('Ready to accept connections')) break
      }
      started.stdout.resume()
    },
    async stop() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGCONT')
      child.kill('SIGKILL')
      await ended
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
  }
  onTestFinished(async () => {
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  })
  await server.start()
  return server
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
