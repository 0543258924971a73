import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { shownText } from '../../src/kit/index.ts'
import { ownFamilies, regionVariables } from '../../src/output/index.ts'
import { findProgram } from '../peers/find-program.ts'
import { codeBlocks, sectionsOf } from '../support/markdown.ts'
import { recordOutput } from '../support/record.ts'
import { asSdk, logIn, sdkProgram } from '../support/sdk.ts'
import { sesameInShell } from '../support/sesame.ts'
import { makeOtherMachine, namespaceWords, whyNoNamespace, whyNoSsh } from '../support/ssh.ts'
import { inWorld, type World } from '../support/world.ts'

/*
 * The recipes of docs/containers.md, as they stand there: `HOST`, `IMAGE` and the port are all that is replaced. The other machine has a
 * network of its own; what a container has beside that is the mount.
 */

const patience = 60_000
const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'containers.md'), 'utf8')
const root = join(import.meta.dirname, '..', '..')

/** The shell blocks of a section, in order. */
function blocksOf(heading: string): string[] {
  const section = sectionsOf(page).find((each) => each.heading === heading)
  return codeBlocks(section?.text ?? '').flatMap(({ language, text }) => (language === 'sh' ? [text] : []))
}

/** Runs lines in bash, with `sesame` and programs of the test's own before those of PATH. */
async function bash(
  lines: readonly string[],
  { home }: World,
  bin?: string,
  env: Record<string, string> = {},
) {
  const own = join(home.home, 'bin')
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'sesame'), `#!/bin/sh\nexec ${sesameInShell} "$@"\n`, { mode: 0o755 })
  const shell = spawn('bash', ['-c', lines.join('\n')], {
    cwd: root,
    env: {
      PATH: [bin, own, process.env.PATH].filter(Boolean).join(delimiter),
      HOME: home.home,
      SESAME_STORE: 'plaintext',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, 'close')])
  recordOutput({ words: ['bash'], stdout: '', stderr, code: shell.exitCode })
  return { stdout, stderr }
}

function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  return new Promise((resolve) =>
    server.once('listening', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    }),
  )
}

/** A program with the SDK's default chain, where the SDK is found; it finds nothing but the URI. */
const askSdk = `cd '${root}'; '${process.execPath}' -e "$sdk"`
const sdkEnvironment = { sdk: sdkProgram, ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true' }

/** Awaits a port of this network, on which what was started before listens soon. */
const untilOpen = (port: string) => `until (: </dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 0.05; done`

test('the page lists the variables of every program, whole', () => {
  const cells = page
    .split('\n')
    .flatMap((line) => /^\| ([^|]+) \| (`[A-Z].*`) \|$/.exec(line)?.slice(1, 3) ?? [])
  const rows = Array.from({ length: cells.length / 2 }, (_, i) => [
    cells[2 * i],
    ...((cells[2 * i + 1] ?? '').match(/\w+/g) ?? []),
  ])
  expect(rows).toEqual([
    ...ownFamilies.map(({ readBy, id, secret, tokens }) => [shownText(readBy), id, secret, ...tokens]),
    ['the region, if the profile has one', ...regionVariables],
  ])
})

test(
  'docker run with variables by name: the values are in its environment, and not among its words',
  { timeout: patience },
  inWorld({}, async (world) => {
    const login = await logIn(world)
    const bin = join(world.home.home, 'docker-bin')
    mkdirSync(bin)
    // Starts the command with the named variables alone, as Docker does.
    const docker = `#!/usr/bin/env node
      const words = process.argv.slice(2)
      const names = words.flatMap((word, i) => (word === '-e' ? [words[i + 1]] : []))
      const env = Object.fromEntries(names.map((name) => [name, process.env[name]]))
      console.log(JSON.stringify({ words, env }))`
    writeFileSync(join(bin, 'docker'), docker, { mode: 0o755 })
    const [recipe = ''] = blocksOf('One command in a container')
    const { stdout, stderr } = await bash([recipe], world, bin)
    expect(stderr).toBe('')
    const { words, env } = JSON.parse(stdout)
    const { access_key_id, access_key_secret, sts_token } = JSON.parse(login)
    expect(env).toEqual({
      ALIBABA_CLOUD_ACCESS_KEY_ID: access_key_id,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: access_key_secret,
      ALIBABA_CLOUD_SECURITY_TOKEN: sts_token,
    })
    for (const value of [access_key_id, access_key_secret, sts_token])
      expect(words.join(' ')).not.toContain(value)
  }),
)

test('a container with the socket mounted: its own network, and the SDK in it', {
  timeout: patience,
}, async ({ skip }) => {
  const why = whyNoNamespace() ?? (findProgram('socat') === undefined ? 'socat is not installed' : undefined)
  skip(why !== undefined, why)
  await inWorld({}, async (world) => {
    const login = await logIn(world)
    const bin = join(world.home.home, 'docker-bin')
    mkdirSync(bin)
    const inside = join(world.home.home, 'run')
    mkdirSync(inside)
    const [start = '', forward = '', curl = ''] = blocksOf('A container that lives longer').map((block) =>
      block.replaceAll('/run/sesame', inside),
    )
    writeFileSync(
      join(world.home.home, 'container.sh'),
      [
        'set -e; ip link set lo up; mount --bind "$1" "$2"; mount -o remount,bind,ro "$2"; set +e',
        forward.replace('&\n', '& socat=$!\n'),
        untilOpen('8021'),
        `(${askSdk})`,
        curl,
        'kill $socat',
      ].join('\n'),
    )
    // What `docker run -v FROM:TO:ro` gives to a program: the mount, and a network of its own.
    writeFileSync(
      join(bin, 'docker'),
      `#!/bin/sh\nwhile [ "$1" != -v ]; do shift; done; mounted=\${2%:ro}
exec ${namespaceWords.join(' ')} bash ~/container.sh "\${mounted%%:*}" "\${mounted#*:}"\n`,
      { mode: 0o755 },
    )
    const { stdout, stderr } = await bash([start], world, bin, sdkEnvironment)
    const [bySdk = '', byCurl = ''] = stdout.split('\n')
    expect(JSON.parse(bySdk || '{}'), stderr).toEqual(asSdk(login, 'default/credential_uri'))
    expect(JSON.parse(byCurl || '{}')).toMatchObject({
      Code: 'Success',
      SecurityToken: JSON.parse(login).sts_token,
    })
  })()
})

/** A home on another machine, and what leads `ssh HOST` to it. */
function otherMachine({ home }: World) {
  const there = join(home.home, 'there')
  const keys = join(home.home, 'keys')
  for (const directory of [there, keys]) mkdirSync(directory, { mode: 0o700 })
  chmodSync(home.home, 0o755)
  return { there, ...makeOtherMachine(keys, there) }
}

/** A word for the shell of the other machine. */
const quoted = (lines: readonly string[]) => `'${lines.join('\n').replaceAll("'", "'\\''")}'`

test('ssh -R to a port: the SDK over there', { timeout: patience }, async ({ skip }) => {
  const why = whyNoSsh()
  skip(why !== undefined, why)
  await inWorld({}, async (world) => {
    const login = await logIn(world)
    const { there, bin } = otherMachine(world)
    const port = await freePort()
    const [here = '', onHost = ''] = blocksOf('SSH to a port').map((block) =>
      block.replaceAll('8021', `${port}`),
    )
    const remote = [
      onHost,
      ...Object.entries(sdkEnvironment).map(([name, value]) => `export ${name}=${quoted([value])}`),
      askSdk,
      'stat -c %a ~/.sesame-url',
    ]
    const line = here.replace(/HOST\n$/, () => `HOST ${quoted(remote)}\n`)
    const { stdout, stderr } = await bash([line], world, bin)
    const [bySdk = '', mode] = stdout.split('\n')
    expect(JSON.parse(bySdk || '{}'), stderr).toEqual(asSdk(login, 'default/credential_uri'))
    expect({ mode, stderr }).toEqual({ mode: '600', stderr: '' })
    expect(lstatSync(join(there, '.sesame-url')).isFile()).toBe(true)
  })()
})

test('ssh -R to a socket, whose mode is 0600; a port forwarded to it needs the path', {
  timeout: patience,
}, async ({ skip }) => {
  const why = whyNoSsh()
  skip(why !== undefined, why)
  await inWorld({}, async (world) => {
    const login = await logIn(world)
    const { there, bin } = otherMachine(world)
    const [recipe = ''] = blocksOf('SSH to a socket')
    const [, , curl = ''] = blocksOf('A container that lives longer')
    const remote = [
      'stat -c %a ~/.sesame-dev/socket',
      curl.replaceAll('/run/sesame', '~/.sesame-dev'),
      'echo',
      'curl -s -o /dev/null -w "%{http_code}\\n" http://127.0.0.1:8021/',
      `printf 'url = "%s"\\n' "$(sed 's,127.0.0.1,&:8021,' ~/.sesame-dev/url)" | curl -sS --fail -K - | head -c 17`,
    ]
    const line = recipe
      .replace('/home/YOU', there)
      .replace(/HOST\n$/, () => `-R 127.0.0.1:8021:"$SESAME_SERVE_SOCKET" HOST ${quoted(remote)}\n`)
    // Twice: the socket that sshd has left behind is no obstacle.
    for (const time of [1, 2]) {
      const { stdout, stderr } = await bash([line, 'eval "$(sesame serve --stop)"'], world, bin)
      const [mode, byCurl = '', ...atPort] = stdout.split('\n')
      expect({ time, mode, stderr, atPort }).toEqual({
        time,
        mode: '600',
        stderr: '',
        atPort: ['404', '{"Code":"Success"'],
      })
      expect(JSON.parse(byCurl)).toMatchObject({
        Code: 'Success',
        SecurityToken: JSON.parse(login).sts_token,
      })
    }
  })()
})
