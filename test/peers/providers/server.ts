import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { whenListening } from './port.ts'

/** A provider that runs as a process of its own. */
export interface Server {
  stop(): Promise<void>
}

/** Starts it and waits until it listens there. What it prints is in the error, should it end before that. */
export async function startServer(
  program: string,
  words: readonly string[],
  { port, env = {}, cwd }: { port: number; env?: Record<string, string>; cwd?: string },
): Promise<Server> {
  // A group of its own, as a script may start the server as its child.
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...env },
    cwd,
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed = `${printed}${chunk}`.slice(-2000)
    })
  }
  try {
    await whenListening(port, child)
  } catch (error) {
    await stop()
    throw new Error(`${(error as Error).message}: ${printed}`)
  }
  return { stop }

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    const ended = once(child, 'exit')
    process.kill(-child.pid, 'SIGTERM')
    await ended
  }
}
