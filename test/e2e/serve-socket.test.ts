import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { firstLine } from '../support/first-line.ts'
import { needOtherUser, runAsOtherUser } from '../support/other-user.ts'
import { edgesHere, partHere } from '../support/run-here.ts'
import { logIn } from '../support/sdk.ts'
import { sesameInShell } from '../support/sesame.ts'
import { inWorld, type World } from '../support/world.ts'

const patience = 60_000

/** A directory of the user, closed to others, and a path in it. */
function privatePath({ home }: World): string {
  const directory = join(home.home, '.sesame-dev')
  mkdirSync(directory, { mode: 0o700 })
  return join(directory, 'socket')
}

/** Asks a socket for a URL, under the Host that a client of a forwarded port would name. */
async function ask(socketPath: string, url: string, host = '127.0.0.1') {
  const asked = request({ socketPath, path: new URL(url).pathname, headers: { host } }).end()
  const [answer] = await once(asked, 'response')
  return { status: answer.statusCode, body: JSON.parse(await text(answer)) as Record<string, string> }
}

async function serveAt(path: string, { home }: World, ...words: string[]) {
  const running = home.start(['serve', '--profile', 'dev', '--socket', path, ...words])
  const line = await firstLine(running)
  onTestFinished(() => void running.child.kill('SIGKILL'))
  return { running, line }
}

describe('serve --socket', () => {
  test(
    'answers at its secret path, whatever port was forwarded to it, and nowhere else',
    { timeout: patience },
    inWorld({}, async (world) => {
      const { access_key_id, sts_token } = JSON.parse(await logIn(world))
      const path = privatePath(world)
      const { running, line } = await serveAt(path, world, '--json')
      const { url, socket, expiration } = JSON.parse(line)
      expect({ socket, expiration }).toEqual({ socket: path, expiration: expect.stringMatching(/Z$/) })
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1\/[\w-]{43}$/)
      expect(lstatSync(path).mode & 0o777).toBe(0o600)
      for (const host of ['127.0.0.1', '127.0.0.1:8021', 'localhost:1', 'localhost']) {
        const { status, body } = await ask(path, url, host)
        expect({ status, id: body.AccessKeyId, token: body.SecurityToken }, host).toEqual({
          status: 200,
          id: access_key_id,
          token: sts_token,
        })
      }
      expect((await ask(path, 'http://127.0.0.1/')).status).toBe(404)
      expect((await ask(path, url, 'evil.test')).status).toBe(403)
      running.child.kill('SIGTERM')
      expect(await running.finished).toMatchObject({ code: 143, stderr: '' })
      expect(existsSync(path)).toBe(false)
    }),
  )

  test(
    'a relative path; each signal removes it; a server that was killed is replaced, one that lives is not',
    { timeout: patience },
    inWorld({}, async (world) => {
      await logIn(world)
      const path = join(world.home.home, 'work', 's')
      for (const [signal, code] of [
        ['SIGINT', 130],
        ['SIGHUP', 129],
      ] as const) {
        const { running } = await serveAt('s', world)
        running.child.kill(signal)
        expect((await running.finished).code).toBe(code)
        expect(existsSync(path)).toBe(false)
      }
      const killed = await serveAt('s', world)
      killed.running.child.kill('SIGKILL')
      await killed.running.finished
      expect(lstatSync(path).isSocket()).toBe(true)
      const { line } = await serveAt('s', world)
      expect((await ask(path, line)).status).toBe(200)
      expect(await world.home.run(['serve', '--profile', 'dev', '--socket', 's'])).toEqual({
        code: 2,
        signal: null,
        stdout: '',
        stderr: `sesame: Refusing to use ${path}: a program listens on that socket\nEnd it first, or name another path.\n`,
      })
      expect((await ask(path, line)).status).toBe(200)
    }),
  )

  test('another user who knows path and URL cannot connect', { timeout: patience }, async (context) => {
    needOtherUser(context)
    await inWorld({}, async (world) => {
      await logIn(world)
      // A place that everyone can enter, as /tmp is: the mode of the socket alone decides.
      const directory = join(world.home.home, 'open')
      mkdirSync(directory, { mode: 0o755 })
      chmodSync(world.home.home, 0o755)
      const path = join(directory, 'socket')
      const { line } = await serveAt(path, world)
      const script = `
          import { request } from 'node:http'
          const [socketPath, path] = process.argv.slice(1)
          request({ socketPath, path }, (answer) => console.log(answer.statusCode)).on('error', ({ code }) => console.log(code)).end()`
      expect(await runAsOtherUser(script, path, new URL(line).pathname)).toBe('EACCES\n')
    })()
  })

  test(
    'in the background of a shell: the shell gets the socket, and --stop or its end takes it away',
    { timeout: patience },
    inWorld({}, async (world) => {
      await logIn(world)
      const path = privatePath(world)
      const run = async (lines: readonly string[]) => {
        const shell = spawn('bash', ['-c', lines.join('\n')], {
          env: {
            PATH: process.env.PATH,
            HOME: world.home.home,
            SESAME_STORE: 'plaintext',
            ALIBABA_CLOUD_ACCESS_KEY_ID: 'stays',
          },
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        return text(shell.stdout)
      }
      const start = `eval "$(${sesameInShell} serve --profile dev --env --socket ~/.sesame-dev/socket)"`
      const fetch =
        'printf \'url = "%s"\\n\' "$SESAME_SERVE_URL" | curl -sS -K - --unix-socket "$SESAME_SERVE_SOCKET"'
      const stopped = await run([
        start,
        'echo "$SESAME_SERVE_SOCKET $ALIBABA_CLOUD_ACCESS_KEY_ID$ALIBABA_CLOUD_CREDENTIALS_URI"',
        `${fetch} | head -c 17; echo`,
        `eval "$(${sesameInShell} serve --stop)"`,
        'echo "$SESAME_SERVE_SOCKET$SESAME_SERVE_URL$SESAME_SERVE_PID"',
        'ls ~/.sesame-dev',
      ])
      expect(stopped).toBe(`${path} stays\n{"Code":"Success"\n\n`)
      expect(await run([start, 'echo done'])).toBe('done\n')
      await expect.poll(() => existsSync(path), { timeout: 30_000, interval: 100 }).toBe(false)
    }),
  )

  test(
    'what cannot be is exit 2, before anything else; on Windows too',
    { timeout: patience },
    inWorld({}, async (world) => {
      const long = join(world.home.home, 'x'.repeat(108))
      for (const words of [
        ['--socket', 'a', '--port', '1'],
        ['--socket', 'a', '--stop'],
        ['--socket', ''],
      ])
        expect(await world.home.run(['serve', ...words]), words.join(' ')).toMatchObject({ code: 2 })
      await logIn(world)
      const { code, stderr } = await world.home.run(['serve', '--profile', 'dev', '--socket', long])
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/ 107 is the most .*\n.*\n$/),
      })
      writeFileSync(join(world.home.home, 'work', 'file'), '')
      expect(await world.home.run(['serve', '--profile', 'dev', '--socket', 'file'])).toMatchObject({
        code: 2,
      })

      const { edges, texts } = edgesHere(['serve', '--socket', 's'], { HOME: world.home.home })
      expect(await partHere(() => main({ ...edges, platform: 'win32' }))).toBe(2)
      expect(texts.err).toMatch(/^sesame: --socket needs Unix sockets, .*Windows\.\nUse a port: /)
    }),
  )
})
