import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { inFourKinds } from '../support/four-kinds.ts'
import { sesamePath } from '../support/sesame.ts'
import type { TestHome } from '../support/test-home.ts'
import { inWorld } from '../support/world.ts'

/*
 * `npm install -g` replaces the files of a program that runs. Each test runs a copy of the built program and takes its files
 * away once it waits.
 */

const installed = dirname(sesamePath)
const running = new Set<() => void>()
afterEach(() => {
  for (const end of running) end()
  running.clear()
})

/** Starts a copy of the program; `remove` takes all its files away. */
function startCopy(words: readonly string[], env: Record<string, string | undefined>) {
  const root = mkdtempSync(join(tmpdir(), 'installed-'))
  const dist = join(root, 'dist')
  cpSync(installed, dist, { recursive: true })
  // The keychain binding is a dependency, and found beside the program.
  symlinkSync(join(dirname(installed), 'node_modules'), join(root, 'node_modules'))
  const child = spawn(process.execPath, [join(dist, 'sesame.cjs'), ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    texts.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    texts.err += text
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  running.add(() => {
    child.kill('SIGKILL')
    rmSync(root, { recursive: true, force: true })
  })
  const until = (stream: NodeJS.ReadableStream, done: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (done()) resolve()
      }
      stream.on('data', look)
      void ended.then(() => reject(new Error(`it ended: ${texts.err}`)))
      look()
    })
  return {
    child,
    texts,
    ended,
    firstLine: async () => {
      await until(child.stdout, () => texts.out.includes('\n'))
      return texts.out.split('\n')[0] ?? ''
    },
    errorShows: (part: string) => until(child.stderr, () => texts.err.includes(part)),
    remove() {
      rmSync(root, { recursive: true, force: true })
      expect(() => readdirSync(dist)).toThrow('ENOENT')
    },
  }
}

/** Asks until the server has other credentials than these. */
async function nextKey(url: string, formerKey: string): Promise<string> {
  for (;;) {
    const answer = await fetch(url)
    const { AccessKeyId } = (await answer.json()) as { AccessKeyId: string }
    expect(answer.status).toBe(200)
    if (AccessKeyId !== formerKey) return AccessKeyId
    await setTimeout(50)
  }
}

/** Credentials that a server renews with the next question, and that a start still takes. */
function age(home: TestHome): void {
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
  home.change(({ key, value }) =>
    key.startsWith('credentials:') ? { ...value, obtainedAt: at(-50), expiresAt: at(9) } : value,
  )
}

test.each(['sso', 'corp', 'auditor'])(
  '[case 137] serve renews profile %s when its files are gone',
  (profile) =>
    inFourKinds(async ({ home }) => {
      const { stdout } = await home.prepare(['login', '--profile', profile])
      age(home)
      const env = { PATH: process.env.PATH, HOME: home.home, SESAME_STORE: 'plaintext' }
      const serve = startCopy(['serve', '--profile', profile], env)
      const url = await serve.firstLine()
      serve.remove()
      expect(await nextKey(url, JSON.parse(stdout).access_key_id)).toMatch(/^STS\./)
      serve.child.kill('SIGTERM')
      expect(await serve.ended).toBe(143)
      expect(serve.texts.err).toBe('')
    })(),
)

const encrypted = { SESAME_STORE: 'encrypted-file', SESAME_PASSPHRASE: 'correct horse battery' }

test(
  '[case 137] exec --server writes to the encrypted file when its files are gone',
  inWorld(
    { sessionSeconds: 4 },
    async ({ home }) => {
      expect(await home.prepare(['login'])).toMatchObject({ code: 0 })
      const script = 'echo $ALIBABA_CLOUD_CREDENTIALS_URI; exec sleep 600'
      const env = { PATH: process.env.PATH, HOME: home.home, ...encrypted }
      const exec = startCopy(['exec', '--server', '--', '/bin/sh', '-c', script], env)
      const url = await exec.firstLine()
      exec.remove()
      const { AccessKeyId } = (await (await fetch(url)).json()) as { AccessKeyId: string }
      await nextKey(url, AccessKeyId)
      exec.child.kill('SIGTERM')
      await exec.ended
      expect(exec.texts.err).toBe('')
    },
    encrypted,
  ),
)

test(
  '[case 137] a login that waits for approval ends well when its files are gone',
  inWorld(
    { approve: 'manual' },
    async ({ home, portal }) => {
      const env = { PATH: process.env.PATH, HOME: home.home, ...encrypted }
      const login = startCopy(['login', '--no-browser'], env)
      await login.errorShows('Waiting for your approval')
      // What is loaded is loaded before the first poll.
      while (!portal.calls().includes('POST /token')) await setTimeout(20)
      login.remove()
      portal.approve(/the page shows ([A-Z-]+) /.exec(login.texts.err)?.[1] ?? '')
      expect(await login.ended).toBe(0)
      expect(JSON.parse(login.texts.out)).toHaveProperty('access_key_id')
      expect(await home.run(['credentials'])).toMatchObject({ code: 0, stdout: login.texts.out })
    },
    encrypted,
  ),
)
