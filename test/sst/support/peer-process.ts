import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

const library = join(import.meta.dirname, '..', '..', '..', 'dist', 'sst.cjs')

const program = `
const sst = require(process.argv[1])
const { key, file, url } = JSON.parse(process.argv[2])
const revocations = url ? sst.redisRevocations({ url }) : sst.sqliteRevocations({ file })
sst.openTokenService({ key, revocations }).then((tokens) => {
  console.log('{}')
  require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
    const [method, token] = line.split(' ')
    console.log(JSON.stringify(await tokens[method](token)))
  }).on('close', () => process.exit())
})`

/** Another process with a token service of the built library. */
export interface PeerProcess {
  pid: number
  ask(method: 'verify' | 'revoke', token: string): Promise<{ kind: string; reason?: string }>
  /** Sends without waiting. */
  tell(method: 'verify' | 'revoke', token: string): void
  kill(): Promise<void>
}

/** Words for Node with which it has the same SQLite as this process. */
const sameSqlite = process.execArgv.filter((word) => word.endsWith('experimental-sqlite'))

/** Starts one; ready when this resolves. */
export async function startPeer(
  setup: { key: string; file?: string; url?: string },
  nodeArguments: readonly string[] = sameSqlite,
): Promise<PeerProcess> {
  const words = [...nodeArguments, '-e', program, library, JSON.stringify(setup)]
  const child = spawn(process.execPath, words, {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  child.stdin.on('error', () => {
    // It was killed before it had read everything: that is what some tests are about.
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value ?? '{}')
  const tell = (method: string, token: string) => void child.stdin.write(`${method} ${token}\n`)
  await next()
  return {
    pid: child.pid ?? 0,
    tell,
    kill,
    ask: (method, token) => {
      tell(method, token)
      return next()
    },
  }
}
