import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { isStandalone, makeHome, type RunOptions, runSesame, startSesame } from '../support/sesame.ts'

let portal: TestPortal
let home: ReturnType<typeof makeHome>

const options = (env: Record<string, string> = {}): RunOptions => ({
  home: home.home,
  env: { SESAME_STORE: 'plaintext', ...env },
})
const exec = (words: readonly string[], env?: Record<string, string>) =>
  runSesame(['exec', ...words], options(env))
const secret = (kind: string) =>
  portal.issued.findLast((issued) => issued.kind === kind)?.value ?? 'nothing issued'

/** What `env` prints, as a record. */
function parseEnvironment(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
}

beforeAll(async () => {
  portal = await startPortal()
  home = makeHome()
  await runSesame(['configure', '--signin-url', portal.signInUrl], options())
  expect((await runSesame(['login', '--profile', 'dev'], options())).code).toBe(0)
})
afterAll(async () => {
  await portal.stop()
  home.remove()
})

describe('exec', () => {
  test('[case 52] [case 53] the child sees our credentials, and none of those that were there before', async () => {
    const stale = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'old',
      ALIBABA_CLOUD_PROFILE: 'other',
      ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:1/',
      ACCESS_KEY_ID: 'bare',
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/nowhere',
      SESAME_PASSPHRASE: 'passphrase of the test',
      KEPT: 'yes',
    }
    const { code, stdout, stderr } = await exec(['--', 'env'], stale)
    const env = parseEnvironment(stdout)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(env).toMatchObject({
      ALIBABA_CLOUD_ACCESS_KEY_ID: expect.stringMatching(/^STS\./),
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret('access-key-secret'),
      ALICLOUD_SECURITY_TOKEN: secret('security-token'),
      OSS_SESSION_TOKEN: secret('security-token'),
      ALIBABA_CLOUD_IGNORE_PROFILE: 'TRUE',
      SESAME_PROFILE: 'dev',
      SESAME_EXEC: 'dev',
      KEPT: 'yes',
    })
    for (const name of Object.keys(stale)) {
      if (name !== 'KEPT' && name !== 'ALIBABA_CLOUD_ACCESS_KEY_ID') expect(env).not.toHaveProperty(name)
    }
  })

  test('words reach the child as they are, without a shell, and its exit code comes back', async () => {
    const script = 'console.log(JSON.stringify(process.argv.slice(1))); process.exit(7)'
    const hostile = ['a b', '$(id)', '', '--help', '-h', '*', "'", '--', 'x']
    const { code, stdout } = await exec([
      '--profile',
      'dev',
      '--',
      process.execPath,
      '-e',
      script,
      '--',
      ...hostile,
    ])
    expect(code).toBe(7)
    expect(JSON.parse(stdout)).toEqual(hostile)
  })

  test('a missing command is 127, one that cannot run 126, a killed one 128 and the signal', async () => {
    expect(await exec(['--', 'no-such-program'])).toMatchObject({
      code: 127,
      stdout: '',
      stderr: 'sesame: There is no program no-such-program.\n',
    })
    expect((await exec(['--', '/etc/passwd'])).code).toBe(126)
    expect((await exec(['--', 'sh', '-c', 'kill -KILL $$'])).code).toBe(137)
  })

  test('without a command it runs the shell of the person', async () => {
    const { code, stdout } = await runSesame(['exec'], {
      ...options({ SHELL: '/bin/sh' }),
      input: 'echo "profile $SESAME_EXEC, key $ALIBABA_CLOUD_ACCESS_KEY_ID"; exit 3\n',
    })
    expect({ code, stdout }).toEqual({
      code: 3,
      stdout: expect.stringMatching(/^profile dev, key STS\.\w+\n$/),
    })
  })

  test('inside another exec it is refused, unless forced', async () => {
    const { code, stdout, stderr } = await exec(['--', 'env'], { SESAME_EXEC: 'prod' })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('profile prod')
    expect((await exec(['--force', '--', 'true'], { SESAME_EXEC: 'prod' })).code).toBe(0)
  })

  test('a command without -- is refused, and the error says how', async () => {
    expect(await exec(['env'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('sesame exec -- env'),
    })
  })

  test('without a sign-in no child runs', async () => {
    const { code, stdout, stderr } = await exec(['--profile', 'nobody', '--', 'echo', 'ran'])
    expect({ code, stdout, stderr }).toEqual({
      code: 3,
      stdout: '',
      stderr: 'sesame: Sign in first: sesame login --profile nobody\n',
    })
  })

  test('[case 53] a signal to sesame alone reaches the child, which decides', async () => {
    const running = startSesame(
      [
        'exec',
        '--',
        'sh',
        '-c',
        'trap "echo got it >&2; exit 9" TERM; echo ready >&2; while :; do sleep 0.05; done',
      ],
      options(),
    )
    await running.stderrMatches(/ready/)
    running.child.kill('SIGTERM')
    expect(await running.finished).toMatchObject({ code: 9, stderr: 'ready\ngot it\n' })
  })

  test('[case 54] no command line, ours or the child’s, holds a secret', async () => {
    const running = startSesame(['exec', '--', 'sh', '-c', 'echo ready >&2; read line'], {
      ...options(),
      input: '',
    })
    await running.stderrMatches(/ready/).catch(() => undefined)
    const lines = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        } catch (error) {
          // It has ended meanwhile.
          if (error instanceof Error) return ''
          throw error
        }
      })
      .join('\n')
    await running.finished
    for (const { value } of portal.issued) expect(lines).not.toContain(value)
  })

  test('[case 76] NODE_DEBUG, which makes Node print a child’s environment, shows no secret', async () => {
    const { code, stderr } = await exec(['--', 'true'], { NODE_DEBUG: 'child_process' })
    expect(code).toBe(0)
    // Bun prints nothing of the kind.
    expect(stderr.includes('withheld')).toBe(!isStandalone)
    for (const { value } of portal.issued) expect(stderr).not.toContain(value)
  })
})

describe('exec --server', () => {
  test('gives the child an address and no keys, and the switches that make it win', async () => {
    const { code, stdout } = await exec(['--server', '--', 'env'])
    const env = parseEnvironment(stdout)
    expect(code).toBe(0)
    expect(env.ALIBABA_CLOUD_CREDENTIALS_URI).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22,}$/)
    expect(env).toMatchObject({
      ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
    })
    expect(Object.keys(env).filter((name) => /ACCESS_KEY|SECRET|SECURITY_TOKEN/.test(name))).toEqual([])
    for (const { value } of portal.issued) expect(stdout).not.toContain(value)
  })

  test('the address answers while the child runs, and no server does afterwards', async () => {
    const script = `fetch(process.env.ALIBABA_CLOUD_CREDENTIALS_URI).then(async (answer) => {
      console.log(process.env.ALIBABA_CLOUD_CREDENTIALS_URI); console.log(JSON.stringify(await answer.json())) })`
    const { code, stdout } = await exec(['--server', '--', process.execPath, '-e', script])
    const [url = '', body = ''] = stdout.split('\n')
    expect(code).toBe(0)
    expect(JSON.parse(body)).toMatchObject({ Code: 'Success', AccessKeySecret: secret('access-key-secret') })
    await expect(fetch(url)).rejects.toThrow()
  })
})
