import type { ChildProcess } from 'node:child_process'
import { parseRecord, t } from '../kit/index.ts'
import type { ByteItems } from './chunked.ts'
import { bindingPlace, whyNotLoaded } from './keyring-binding.ts'

/** The keychain of the platform, one native call each. */
export interface NativeCalls extends ByteItems {
  /** Why the binding does not load; undefined when it does. */
  whyNot(): Promise<string | undefined>
  /** Gives up what is still asked. */
  end(): void
}

/**
 * What runs in the child: lines of JSON in and out. It is a text, so that it needs no file of its own that a bundle, a package or an
 * executable would have to keep beside it.
 */
const program = `
const { createRequire } = require('node:module')
const [index, direct] = process.argv.slice(1)
const messages = []
let binding
for (const name of direct ? [direct, index] : [index]) {
  try { binding ??= createRequire(index)(name) }
  catch (error) { for (let at = error; at instanceof Error; at = at.cause) messages.push(at.message) }
}
const answers = {
  load: async () => ({ messages: binding ? undefined : messages }),
  get: async (entry) => {
    const bytes = await entry.getSecret()
    return { value: bytes && Buffer.from(bytes).toString('base64') }
  },
  set: async (entry, value) => void (await entry.setSecret(Buffer.from(value, 'base64'))),
  delete: async (entry) => ({ value: await entry.deleteCredential() }),
}
const answer = async ({ action, service, name, value }) => {
  try { return await answers[action](name === undefined ? undefined : new binding.AsyncEntry(service, name), value) }
  catch (error) { return { failure: String(error?.message || error) } }
}
// The parent decides: Ctrl-C reaches both. Its end is the end of the input, and a call that is stuck must not outlive it.
process.on('SIGINT', () => {})
require('node:readline').createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const request = JSON.parse(line)
    process.stdout.write(JSON.stringify({ id: request.id, ...(await answer(request)) }) + '\\n')
  })
  .on('close', () => process.kill(process.pid, 'SIGKILL'))
`

interface Answer {
  value?: unknown
  messages?: unknown
  failure?: unknown
}

interface NativeProcessOptions {
  platform: NodeJS.Platform
  service: string
  /** Node, and what it is started with. */
  node: readonly string[]
}

interface Waiting {
  resolve(answer: Answer): void
  reject(error: Error): void
}

/**
 * The native calls in a process of their own. While a keychain waits for a dialog, its call cannot be given up, and Node does not end a
 * process in which a thread is stuck; a child can be killed. It is the same program, so the permissions of the keychain hold for it.
 * Secrets cross its pipes only.
 */
export function nativeProcess({ platform, service, node }: NativeProcessOptions): NativeCalls {
  const waiting = new Map<number, Waiting>()
  let child: ChildProcess | undefined
  let lastId = 0

  function start(index: string, direct: string | undefined): ChildProcess {
    const { spawn } = process.getBuiltinModule('node:child_process')
    const [command = '', ...words] = [
      ...node,
      '-e',
      program,
      index,
      ...(direct === undefined ? [] : [direct]),
    ]
    const started = spawn(command, words, { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true })
    const fail = () => {
      if (child === started) child = undefined
      for (const { reject } of waiting.values())
        reject(new Error(t('the process that asks the keychain has ended')))
      waiting.clear()
    }
    started.on('error', fail).on('exit', fail)
    started.stdin.on('error', () => {})
    let received = ''
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (received + text).split('\n')
      received = lines.pop() ?? ''
      for (const line of lines) take(line)
    })
    // It must not keep this process from ending: what waits for an answer has a limit that does.
    started.unref()
    for (const stream of [started.stdin, started.stdout])
      if ('unref' in stream) (stream as { unref(): void }).unref()
    return started
  }

  function take(line: string): void {
    const { id, ...answer } = parseRecord(line) ?? {}
    if (typeof id !== 'number') return
    waiting.get(id)?.resolve(answer)
    waiting.delete(id)
  }

  function ask(request: { action: string; name?: string; value?: string }): Promise<Answer> {
    const { index, direct } = bindingPlace(platform)
    if (index === undefined) return Promise.resolve({ messages: [] })
    child ??= start(index, direct)
    const id = ++lastId
    const answer = new Promise<Answer>((resolve, reject) => waiting.set(id, { resolve, reject }))
    child.stdin?.write(`${JSON.stringify({ id, service, ...request })}\n`)
    return answer
  }

  async function call(action: string, name: string, value?: string): Promise<unknown> {
    const answer = await ask({ action, name, ...(value === undefined ? {} : { value }) })
    if (typeof answer.failure === 'string') throw new Error(answer.failure)
    return answer.value
  }

  return {
    async whyNot() {
      const { messages } = await ask({ action: 'load' })
      return Array.isArray(messages) ? whyNotLoaded(messages.map(String), platform) : undefined
    },
    async get(name) {
      const value = await call('get', name)
      return typeof value === 'string' ? Buffer.from(value, 'base64') : undefined
    },
    async set(name, bytes) {
      await call('set', name, Buffer.from(bytes).toString('base64'))
    },
    delete: async (name) => (await call('delete', name)) === true,
    end: () => void child?.kill('SIGKILL'),
  }
}
