import { spawn } from 'node:child_process'
import { connect, createServer, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { firstLine } from '../support/first-line.ts'
import { openLoopbackBrowser } from '../support/loopback-browser.ts'
import { configureCorp, inOidcWorld } from '../support/oidc-world.ts'
import { getAsOtherUser, needOtherUser } from '../support/other-user.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { inQuirkyWorld } from '../support/quirky-world.ts'
import { makeHome, type Running, runSesame, sesameCommand, startSesame } from '../support/sesame.ts'

let portal: TestPortal
let home: ReturnType<typeof makeHome>
const env = { SESAME_STORE: 'plaintext' }
const run = (...words: string[]) => runSesame(words, { home: home.home, env })

beforeAll(async () => {
  portal = await startPortal()
  home = makeHome()
  await run('configure', '--signin-url', portal.signInUrl)
  expect((await run('login', '--profile', 'dev')).code).toBe(0)
})
afterAll(async () => {
  await portal.stop()
  home.remove()
})

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

test('prints one line, answers, and frees the port at once when terminated', async () => {
  const running = startSesame(['serve', '--profile', 'dev'], { home: home.home, env })
  const url = await firstLine(running)
  const answer = await fetch(url)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(await answer.json()).toEqual({
    Code: 'Success',
    AccessKeyId: expect.stringMatching(/^STS\./),
    AccessKeySecret: portal.issued.findLast(({ kind }) => kind === 'access-key-secret')?.value,
    SecurityToken: portal.issued.findLast(({ kind }) => kind === 'security-token')?.value,
    Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  })
  running.child.kill('SIGTERM')
  expect(await running.finished).toMatchObject({ code: 143, stdout: `${url}\n`, stderr: '' })
  expect(await canListen(Number(new URL(url).port))).toBe(true)
})

test('[case 105] serve and exec --server: a process of another user who knows the address gets 403', async (context) => {
  needOtherUser(context)
  const script = 'echo $ALIBABA_CLOUD_CREDENTIALS_URI; exec sleep 60'
  const exec = ['exec', '--server', '--profile', 'dev', '--', '/bin/sh', '-c', script]
  for (const words of [['serve', '--profile', 'dev'], exec]) {
    const program = startSesame(words, { home: home.home, env })
    const url = await firstLine(program)
    const { status, body } = await getAsOtherUser(url)
    expect({ status, code: JSON.parse(body).Code }).toEqual({ status: 403, code: 'Forbidden' })
    expect((await fetch(url)).status).toBe(200)
    program.child.kill('SIGTERM')
    await program.finished
  }
})

test('--json shows the expiration too; --port is taken', async () => {
  const probe = createServer()
  const port = await new Promise<number>((resolve) => {
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
  const running = startSesame(['serve', '--json', '--port', String(port)], { home: home.home, env })
  const line = JSON.parse(await firstLine(running))
  expect(new URL(line.url).port).toBe(String(port))
  expect(line).toEqual({ url: expect.any(String), expiration: expect.stringMatching(/Z$/) })
  running.child.kill('SIGINT')
  expect((await running.finished).code).toBe(130)
})

test('a port in use, or none at all, is exit 2', async () => {
  const blocker = createServer()
  const port = await new Promise<number>((resolve) => {
    blocker.listen(0, '127.0.0.1', () => {
      const address = blocker.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  expect((await run('serve', '--port', String(port))).code).toBe(2)
  expect((await run('serve', '--port', '70000')).code).toBe(2)
  await new Promise((resolve) => blocker.close(resolve))
})

test('does not start when a person must sign in first', async () => {
  const { code, stdout, stderr } = await run('serve', '--profile', 'nobody')
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  expect(stderr).toBe('sesame: Sign in first: sesame login --profile nobody\n')
})

test('[case 66] ends within five seconds of its parent’s end, though its standard input stays open', async () => {
  const script = `
    const { spawn } = require('node:child_process')
    const child = spawn(${JSON.stringify(sesameCommand[0])}, ${JSON.stringify([...sesameCommand.slice(1), 'serve'])}, { stdio: ['ignore', 'inherit', 'inherit'] })
    process.stdin.resume().once('data', () => process.kill(process.pid, 'SIGKILL'))`
  const parent = spawn(process.execPath, ['-e', script], {
    env: { PATH: process.env.PATH, HOME: home.home, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const url = await new Promise<string>((resolve) =>
    parent.stdout.once('data', (chunk) => resolve(String(chunk).trim())),
  )
  expect((await fetch(url)).status).toBe(200)
  const closed = new Promise((resolve) => parent.stdout.once('close', resolve))
  const killedAt = performance.now()
  parent.stdin.write('now')
  await closed
  expect(performance.now() - killedAt).toBeLessThan(60_000)
  await expect(fetch(url)).rejects.toThrow()
})

test('[case 64] with the sign-in gone and the credentials at their end it says what to do, and hands out nothing', async () => {
  const short = await startPortal({ sessionSeconds: 4 })
  const other = makeHome()
  const there = { home: other.home, env }
  try {
    await runSesame(['configure', '--signin-url', short.signInUrl], there)
    expect((await runSesame(['login', '--profile', 'dev'], there)).code).toBe(0)
    const running = startSesame(['serve'], there)
    const url = await firstLine(running)
    short.revokeTokens()
    const ask = async () => {
      const answer = await fetch(url)
      return { status: answer.status, text: await answer.text() }
    }
    // While a renewal is still being tried, the answer says so.
    const refused = { status: 503, text: expect.stringContaining('sesame login --profile dev') }
    await expect.poll(ask, { timeout: 30_000, interval: 500 }).toEqual(refused)
    const { text } = await ask()
    for (const { value } of short.issued) expect(text).not.toContain(value)
    expect(short.calls().filter((call) => call === 'POST /device-authorization')).toHaveLength(1)
    running.child.kill('SIGTERM')
    await running.finished
  } finally {
    await short.stop()
    other.remove()
  }
})

/** In the proportion of 1,500 half-sent requests to 1,024 descriptors. */
const descriptors = 256
const flood = 375

const held: Socket[] = []
afterEach(() => {
  for (const socket of held.splice(0)) socket.destroy()
})

/** Opens connections, puts half a request on each and keeps them open as long as the server does. */
async function holdHalfRequests(port: number): Promise<void> {
  for (let i = 0; i < flood; i++) {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('GET /callback HTTP/1.1\r\nX-Half: ')
        socket.on('error', () => socket.destroy()).off('error', reject)
        resolve()
      }).once('error', reject)
      held.push(socket)
    })
  }
}

describe('[case 116] half-sent requests to a program with few descriptors', () => {
  test(
    'login: the browser begins and comes back all the same',
    inQuirkyWorld({}, async ({ op, home }) => {
      const running = home.start(['login', '--profile', 'corp', '--flow', 'code'], { descriptors })
      const [, start = ''] = await running.stderrMatches(/^ {2}(http\S+)\n/m)
      const port = Number(new URL(start).port)
      await holdHalfRequests(port)
      const browser = openLoopbackBrowser()
      const { headers } = await browser.ask(await browser.begin(start))
      await holdHalfRequests(port)
      const { page, answer } = await browser.browse(new URL(String(headers.location)))
      expect({ page, status: answer.status }).toEqual({ page: '/done', status: 200 })
      expect(await running.finished).toMatchObject({ code: 0, stdout: '' })
      expect(op.violations).toEqual([])
    }),
  )

  test(
    'serve: a client gets its credentials, and the program can still open what it needs',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      expect((await world.home.prepare(['login', '--profile', 'corp'])).code).toBe(0)
      const running: Running = world.home.start(['serve', '--profile', 'corp'], { descriptors })
      const url = await firstLine(running)
      await holdHalfRequests(Number(new URL(url).port))
      expect(await (await fetch(url)).json()).toMatchObject({ Code: 'Success' })
      running.child.kill('SIGTERM')
      expect(await running.finished).toMatchObject({ code: 143, stderr: '' })
    }),
  )
})
