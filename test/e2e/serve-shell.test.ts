import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { asSdk, logIn, printVariables, runProgram, sdkProgram } from '../support/sdk.ts'
import { sesamePath } from '../support/sesame.ts'
import { inWorld, type World } from '../support/world.ts'

const patience = 60_000
const node = process.execPath
const sesame = `'${node}' '${sesamePath}'`

/** How each shell evaluates what a program prints. */
const shells: [string, (words: string) => string][] = [
  ...['bash', 'dash', 'zsh', 'ksh'].map((shell): [string, (words: string) => string] => [
    shell,
    (words) => `eval "$(${sesame} ${words})"`,
  ]),
  [
    'fish',
    (words) =>
      `${sesame} ${words.replace('--env', '--format fish').replace('--stop', '--stop --format fish')} | source`,
  ],
]

/** Runs lines in a shell; `program` is at hand as the variable `sdk`. */
function inShell(shell: string, lines: readonly string[], world: World, env: Record<string, string> = {}) {
  return runProgram(shell, ['-c', lines.join('\n')], world, { sdk: sdkProgram, show: printVariables, ...env })
}

const isGone = (url: string) =>
  fetch(url).then(
    () => false,
    () => true,
  )
const untilGone = (url: string) =>
  vi.waitFor(async () => expect(await isGone(url)).toBe(true), { timeout: 30_000, interval: 100 })

/** An AccessKey of another identity where SDKs look before the URI. */
function otherIdentities({ home }: World): void {
  mkdirSync(join(home.home, '.aliyun'), { recursive: true })
  writeFileSync(
    join(home.home, '.aliyun', 'config.json'),
    JSON.stringify({
      current: 'other',
      profiles: [
        {
          name: 'other',
          mode: 'AK',
          access_key_id: 'other',
          access_key_secret: 'other',
          region_id: 'cn-hangzhou',
        },
      ],
    }),
  )
  mkdirSync(join(home.home, '.alibabacloud'), { recursive: true })
  writeFileSync(
    join(home.home, '.alibabacloud', 'credentials'),
    '[default]\ntype = access_key\naccess_key_id = other\naccess_key_secret = other\n',
  )
}

// Mostly waiting: side by side.
describe.concurrent.each(shells)('[case 194] serve --env in %s', (shell, evaluate) => {
  test(
    'an SDK gets the credentials, whatever else is there, and the server ends with the shell',
    { timeout: patience },
    inWorld({}, async (world) => {
      const login = await logIn(world)
      otherIdentities(world)
      const lines = [
        evaluate('serve --profile dev --env'),
        `'${node}' -e "$sdk"`,
        'printenv ALIBABA_CLOUD_CREDENTIALS_URI SESAME_SERVE_PID',
      ]
      const stale = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'other', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'other' }
      const { stdout, stderr, code } = await inShell(shell, lines, world, stale)
      const [got = '', url = '', pid = ''] = stdout.split('\n')
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(JSON.parse(got)).toEqual(asSdk(login, 'default/credential_uri'))
      expect(Number(pid)).toBeGreaterThan(1)
      await untilGone(url)
    }),
  )

  test(
    'it lives while the shell does, also behind a wrapper, and --stop ends it and cleans up',
    { timeout: patience },
    inWorld({}, async (world) => {
      await logIn(world)
      const ask = `'${node}' -e 'fetch(process.env.ALIBABA_CLOUD_CREDENTIALS_URI).then((r) => console.log(r.status), () => console.log(0))'`
      const served = evaluate('serve --profile dev --env')
      const lines = [
        // ksh reads no pipe but a file, so that a wrapper looks the same.
        shell === 'ksh' ? served : served.replace(sesame, `sh -c '"$@"; exit' sh ${sesame}`),
        'echo $ALIBABA_CLOUD_CREDENTIALS_URI',
        // Longer than the server takes to see that its helper has ended.
        'sleep 3',
        ask,
        evaluate('serve --stop'),
        `'${node}' -e "$show"`,
      ]
      const { stdout, stderr, code } = await inShell(shell, lines, world)
      const [url = '', status, left] = stdout.split('\n')
      expect({ code, status, left, stderr }).toEqual({
        code: 0,
        status: '200',
        left: '{"SESAME_PROFILE":"dev"}',
        stderr: '',
      })
      expect(await isGone(url)).toBe(true)
    }),
  )

  test(
    'without a sign-in nothing is served, and nothing else is left to serve in its place',
    { timeout: patience },
    inWorld({}, async (world) => {
      const env = {
        ALIBABA_CLOUD_ACCESS_KEY_ID: 'other',
        ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:9/',
      }
      const line = evaluate('serve --profile dev --env')
      const status = shell === 'fish' ? '$status' : '$?'
      const { stdout, stderr } = await inShell(
        shell,
        [line, `echo ${status}`, `'${node}' -e "$show"`],
        world,
        env,
      )
      expect(stdout).toBe('1\n{}\n')
      expect(stderr).toBe('sesame: Sign in first: sesame login --profile dev\n')
    }),
  )
})

test(
  '[case 194] the exit code is 3 where only a sign-in helps, 2 for options that contradict each other',
  { timeout: patience },
  inWorld({}, async ({ home }) => {
    expect(await home.run(['serve', '--env', '--profile', 'dev'])).toMatchObject({ code: 3 })
    for (const words of [
      ['--env', '--json'],
      ['--env', '--format', 'fish'],
      ['--stop', '--json'],
      ['--stop', '--port', '1'],
      ['--stop', '--profile', 'dev'],
      ['--format', 'json'],
      ['--stop'],
    ])
      expect(await home.run(['serve', ...words]), words.join(' ')).toMatchObject({ code: 2 })
  }),
)

test(
  '[case 194] the help page shows it, and its example works in bash',
  { timeout: patience },
  inWorld({}, async (world) => {
    const login = await logIn(world)
    const { stdout: help } = await world.home.run(['help', 'serve'])
    const example = help.match(/^ *(eval "\$\(sesame serve .*)$/m)?.[1] ?? ''
    const lines = [`sesame() { ${sesame} "$@"; }`, example, `'${node}' -e "$sdk"`]
    const { stdout, stderr } = await inShell('bash', lines, world)
    expect(JSON.parse(stdout), stderr).toEqual(asSdk(login, 'default/credential_uri'))
  }),
)

test(
  '[case 192] the address reaches no proxy from the served shell',
  { timeout: patience },
  inWorld({}, async (world) => {
    await logIn(world)
    const asked: IncomingMessage[] = []
    const proxy = createServer((request, response) => {
      asked.push(request)
      response.end()
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    const { port } = proxy.address() as { port: number }
    const env = {
      HTTP_PROXY: `http://127.0.0.1:${port}`,
      http_proxy: `http://127.0.0.1:${port}`,
      NO_PROXY: 'a',
    }
    const lines = [
      `eval "$(${sesame} serve --profile dev --env)"`,
      'curl -s "$ALIBABA_CLOUD_CREDENTIALS_URI" | head -c 17',
      'printf "\\n%s" "$HTTP_PROXY$http_proxy" "$NO_PROXY"',
    ]
    const { stdout, stderr } = await inShell('bash', lines, world, env)
    expect(stdout).toBe('{"Code":"Success"\n\na,127.0.0.1,localhost,::1')
    expect(stderr).toMatch(/^Not passed on: HTTP_PROXY and http_proxy, [^\n]+\n$/)
    expect(asked).toEqual([])
  }),
)

test(
  '[case 194] --stop ends no other process that has the number by now',
  { timeout: patience },
  inWorld({}, async (world) => {
    const other = spawn('sleep', ['60'], { stdio: 'ignore' })
    onTestFinished(() => void other.kill())
    for (const pid of [String(other.pid), '999999999']) {
      const { code, stdout, stderr } = await runProgram(node, [sesamePath, 'serve', '--stop'], world, {
        SESAME_SERVE_PID: pid,
      })
      expect({ code, stderr }).toEqual({ code: 0, stderr: 'The server of this shell has ended before.\n' })
      expect(stdout).toMatch(/^unset -v [\w ]+\n$/)
    }
    expect(other.exitCode).toBe(null)
    expect(other.signalCode).toBe(null)
  }),
)
