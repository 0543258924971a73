import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { startOnPty } from '../support/pty.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { spawnSync } from '../support/run-sync.ts'
import { makeHome, runSesame, sesamePath, startSesame } from '../support/sesame.ts'

runCommandsHere()

/* What the built program writes to its two streams when others have a say in it: Node, the environment, servers. */

let portal: TestPortal
let home: ReturnType<typeof makeHome>

const run = (words: readonly string[], env: Record<string, string> = {}) =>
  runSesame(words, { home: home.home, env: { SESAME_STORE: 'plaintext', ...env } })

/** Colours of text; moving the cursor and clearing a line are none. */
const colour = /\u001b\[[\d;]*m/
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

beforeAll(async () => {
  portal = await startPortal()
  home = makeHome()
  await run(['configure', '--signin-url', portal.signInUrl])
  expect((await run(['login', '--profile', 'dev'])).code).toBe(0)
})
afterAll(async () => {
  await portal.stop()
  home.remove()
})

describe('[case 113] whatever Node itself logs', () => {
  const shellSecrets = {
    HTTPS_PROXY: 'http://joe:pr0xy-pass-word@127.0.0.1:9',
    SESAME_REDIS_URL: 'rediss://:redis%20pass-word@127.0.0.1:9/0',
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'shell own key with spaces',
    DEPLOY_PASS: 'pass "quoted" word',
  }
  const pieces = ['pr0xy-pass', 'pass-word', 'own key', 'with spaces', 'quoted']

  test.each(['child_process', '*', 'CHILD_PROCESS,net'])('NODE_DEBUG=%s', async (NODE_DEBUG) => {
    const env = { ...shellSecrets, NODE_DEBUG }
    const outputs = [
      await run(['exec', '--', 'true'], env),
      await run(['doc'], { ...env, DISPLAY: ':9', BROWSER: 'true-browser' }),
      await run(['credentials', '--profile', 'dev'], env),
    ]
    for (const { stderr } of outputs) {
      for (const piece of pieces) expect(stderr).not.toContain(piece)
      for (const { value } of portal.issued) expect(stderr).not.toContain(value)
    }
    expect(outputs[0]?.stderr).toContain('withheld')
  })

  test('the browser that a login opens does not inherit the Redis password, and its start is not logged', async () => {
    const browser = join(home.home, 'browser')
    writeFileSync(browser, '#!/bin/sh\nenv >"$HOME/browser-environment"\n')
    chmodSync(browser, 0o755)
    const login = startOnPty(['login', '--force'], {
      home: home.home,
      env: {
        ...shellSecrets,
        HTTPS_PROXY: '',
        SESAME_STORE: 'memory',
        BROWSER: browser,
        NODE_DEBUG: 'child_process',
      },
    })
    const { code, seen } = await login.finished
    expect(code).toBe(0)
    expect(seen).toContain('CHILD_PROCESS')
    for (const piece of pieces) expect(seen).not.toContain(piece)
    await expect.poll(() => existsSync(join(home.home, 'browser-environment'))).toBe(true)
    expect(readFileSync(join(home.home, 'browser-environment'), 'utf8')).not.toContain('SESAME_REDIS_URL')
  })

  test('[case 123] SESAME_REDIS_URL does not reach a child of exec', async () => {
    const { stdout } = await run(['exec', '--', 'env'], shellSecrets)
    expect(stdout).not.toContain('SESAME_REDIS_URL')
  })
})

describe('[case 115] control characters that others chose', () => {
  const hostile = 'a\u001b[2J\u009b31m\u202eb\u200bc\u2028d\ufeff'

  test('in the answer of STS that whoami prints: escaped, and the JSON means the same', async () => {
    const answer = { AccountId: '1', Arn: `acs:ram::1:${hostile}`, RequestId: 'r', IdentityType: 'x' }
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      await run(['configure', '--profile', 'dev', '--sts-endpoint', endpoint])
      const { code, stdout, stderr } = await run(['whoami', '--profile', 'dev'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).not.toMatch(control)
      expect(JSON.parse(stdout).Arn).toBe(answer.Arn)
    } finally {
      server.close()
    }
  })

  test.each([
    ['SESAME_EXEC', ['exec', '--', 'true'], { SESAME_EXEC: hostile }],
    ['SESAME_CA_FILE', ['login', '--force'], { SESAME_CA_FILE: `/nowhere/${hostile}` }],
    ['SESAME_CONFIG_DIR', ['login'], { SESAME_CONFIG_DIR: `/dev/null/${hostile}` }],
    ['SESAME_STORE', ['login'], { SESAME_STORE: hostile }],
    ['SESAME_PROFILE', ['credentials'], { SESAME_PROFILE: hostile }],
    ['a profile', ['credentials', '--profile', hostile], {}],
    ['a command', [hostile], {}],
    ['an option', ['login', `--${hostile}`], {}],
    ['a program', ['exec', '--', hostile], {}],
    ['the doctor', ['doctor'], { SESAME_CONFIG_DIR: `/tmp/${hostile}`, ALIBABA_CLOUD_PROFILE: hostile }],
  ])('in %s', async (_, words, env) => {
    const { stdout, stderr } = await run(words, env as unknown as Record<string, string>)
    expect(stdout + stderr).not.toBe('')
    expect(stdout + stderr).not.toMatch(control)
  })
})

describe('[case 126] NO_COLOR', () => {
  test('nothing is coloured: spinner, debug lines, QR code', async () => {
    for (const words of [
      ['login', '--force'],
      ['login', '--force', '--qr'],
    ]) {
      const login = startOnPty([...words, '--no-browser'], {
        home: home.home,
        env: { SESAME_STORE: 'memory', NO_COLOR: '1', FORCE_COLOR: '1', DEBUG: 'sesame:*' },
      })
      const { code, seen } = await login.finished
      expect(code).toBe(0)
      expect(seen).toContain('sesame:http')
      expect(seen).not.toMatch(colour)
    }
  })

  test('without it there is colour, so that the test above could fail', async () => {
    const login = startOnPty(['login', '--force', '--no-browser'], {
      home: home.home,
      env: { SESAME_STORE: 'memory', DEBUG: 'sesame:*' },
    })
    expect((await login.finished).seen).toMatch(colour)
  })
})

describe('[case 109] SIGUSR1 opens no inspector', () => {
  test.each([
    ['serve', ['serve', '--profile', 'dev'], /^/],
    ['a waiting login', ['login', '--force', '--profile', 'slow'], /enter the code/],
  ])('in %s', async (_, words, waits) => {
    const slow = await startPortal({ approve: 'manual' })
    await run(['configure', '--profile', 'slow', '--signin-url', slow.signInUrl])
    const options = { home: home.home, env: { SESAME_STORE: 'plaintext' }, ownProcess: true }
    const running = startSesame(words, options)
    if (words[0] === 'serve') await new Promise((resolve) => running.child.stdout?.once('data', resolve))
    else await running.stderrMatches(waits)
    running.child.kill('SIGUSR1')
    // A signal that is handled is handled before the next one.
    running.child.kill('SIGTERM')
    const { stderr } = await running.finished
    expect(stderr).not.toContain('Debugger listening')
    await slow.stop()
  })

  test('exec hands it to its child', async () => {
    const script = 'trap "echo got it; exit 7" USR1; echo ready >&2; while :; do sleep 0.05; done'
    const running = startSesame(['exec', '--', 'sh', '-c', script], {
      home: home.home,
      env: { SESAME_STORE: 'plaintext' },
    })
    await running.stderrMatches(/ready/)
    running.child.kill('SIGUSR1')
    expect(await running.finished).toMatchObject({ code: 7, stdout: 'got it\n' })
  })
})

describe('[case 117] packages that are looked for and not declared', () => {
  const dist = join(sesamePath, '..')

  test('a supports-color planted above the installation does not run', () => {
    const root = join(home.home, 'root')
    const planted = join(root, 'node_modules', 'supports-color')
    mkdirSync(planted, { recursive: true })
    writeFileSync(
      join(planted, 'index.js'),
      `require('fs').writeFileSync(${JSON.stringify(join(root, 'pwned'))}, '')`,
    )
    cpSync(dist, join(root, 'app', 'dist'), { recursive: true })
    const { status } = spawnSync(
      process.execPath,
      [join(root, 'app', 'dist', 'sesame.cjs'), 'profile', 'list'],
      {
        env: { PATH: process.env.PATH, HOME: home.home, SESAME_STORE: 'plaintext', DEBUG: '*' },
      },
    )
    expect(status).toBe(0)
    expect(existsSync(join(root, 'pwned'))).toBe(false)
  })
})

describe('[case 119] completion variables left in the environment', () => {
  test.each([
    ['sesame lo', ['logout', '--profile', 'nobody']],
    ['sesame logout --profile nobody', ['logout', '--profile', 'nobody']],
    ['logout --profile nobody', ['logout', '--profile', 'nobody']],
    ['sesame ', ['profile', 'show', 'nobody']],
  ])('COMP_LINE=%j', async (COMP_LINE, words) => {
    const { code, stdout } = await run(words, {
      COMP_LINE,
      COMP_POINT: String(COMP_LINE.length),
      COMP_KEY: '9',
      COMP_TYPE: '9',
    })
    const clean = await run(words)
    expect({ code, stdout }).toEqual({ code: clean.code, stdout: clean.stdout })
  })
})

describe('[case 123] a program from the current directory', () => {
  test.each(['.', ':/usr/bin:/bin', '/usr/bin:/bin:', 'relative:/usr/bin'])(
    'PATH=%s does not get credentials',
    async (PATH) => {
      const cwd = join(home.home, 'work')
      mkdirSync(join(cwd, 'relative'), { recursive: true })
      for (const file of [join(cwd, 'deploy'), join(cwd, 'relative', 'deploy')]) {
        writeFileSync(file, '#!/bin/sh\necho ran\n')
        chmodSync(file, 0o755)
      }
      const { code, stdout, stderr } = await run(['exec', '--', 'deploy'], { PATH })
      expect({ code, stdout }).toEqual({ code: 126, stdout: '' })
      expect(stderr).toContain('./deploy')
      expect(await run(['exec', '--', './deploy'], { PATH })).toMatchObject({ code: 0, stdout: 'ran\n' })
    },
  )
})
