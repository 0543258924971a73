import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommandsHere } from '../support/run-here.ts'
import { spawnSync } from '../support/run-sync.ts'
import { makeHome, runSesame, sesamePath, startSesame } from '../support/sesame.ts'
import { audience, goodClaims, issuer, jwkSet, makeKey, signToken } from '../support/token-issuer.ts'

runCommandsHere()

const key = makeKey()
const now = Math.floor(Date.now() / 1000)
const claims = { ...goodClaims, iat: now, exp: now + 3600 }
const good = signToken(key, claims)

let home: ReturnType<typeof makeHome>
let directory: string
let fifos = 0
beforeAll(() => {
  home = makeHome()
  directory = mkdtempSync(join(home.home, 'files-'))
  file('jwks.json', JSON.stringify(jwkSet(key)))
  file('key.pem', String(key.publicKey.export({ type: 'spki', format: 'pem' })))
  file('token', good)
})
afterAll(() => home.remove())

const at = (name: string) => join(directory, name)
function file(name: string, text: string): string {
  writeFileSync(at(name), text)
  return at(name)
}
function fifo(name: string): string {
  rmSync(at(name), { force: true })
  expect(spawnSync('mkfifo', [at(name)]).status).toBe(0)
  return at(name)
}

const who = ['--issuer', issuer, '--audience', audience]
/** The words that name a file, for each option that does. */
const options: [string, (path: string) => string[]][] = [
  ['--jwks', (path) => ['token', 'verify', ...who, '--jwks', path]],
  ['--public-key', (path) => ['token', 'verify', ...who, '--public-key', path]],
  ['--file of verify', (path) => ['token', 'verify', ...who, '--jwks', at('jwks.json'), '--file', path]],
  ['--file of inspect', (path) => ['token', 'inspect', '--file', path]],
  [
    '--public-key of configure',
    (path) => [
      'configure',
      '--profile',
      'api',
      '--idaas-url',
      'https://idp.example.com',
      '--application-uuid',
      'u',
      '--app-key',
      'k',
      '--public-key',
      path,
    ],
  ],
]

describe.concurrent.each(options)('[case 123] %s', (_option, words) => {
  const refused = async (path: string, said: RegExp) => {
    const { code, stdout, stderr } = await runSesame(words(path), { home: home.home, input: good })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(said)
    expect(stderr).toMatch(/^sesame: [^\n]+\n$/)
  }

  test('that never ends is refused', () => refused('/dev/zero', /\/dev\/zero is longer than \d+ kB\.$/m))
  test('that is a directory', () => refused(directory, /cannot be read \(EISDIR\)/))
  test('that is not there', () => refused(at('none'), /cannot be read \(ENOENT\)/))
  test('that is larger than anything of its kind', () =>
    refused(file('large', 'x'.repeat(2_000_000)), /longer than/))
  test('without a writer does not hang', () => refused(fifo(`fifo-${++fifos}`), /did not end within 10 s/))
})

describe('[case 123] pipes with a writer', () => {
  test('<(…), as people write it', async () => {
    const script = `exec "$0" "$1" token verify --issuer "$2" --audience "$3" --jwks <(cat "$4") --file <(cat "$5")`
    const child = spawn(
      'bash',
      ['-c', script, process.execPath, sesamePath, issuer, audience, at('jwks.json'), at('token')],
      { env: { PATH: process.env.PATH, HOME: home.home }, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let stdout = ''
    child.stdout.on('data', (text) => {
      stdout += text
    })
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
    expect(JSON.parse(stdout)).toEqual(claims)
  })

  test('a FIFO whose writer comes late', async () => {
    const path = fifo('late')
    const words = ['token', 'verify', ...who, '--public-key', at('key.pem'), '--file', path]
    const running = startSesame(words, { home: home.home })
    // Opening for writing waits until the other end has been opened for reading.
    createWriteStream(path).end(good)
    const { code, stdout } = await running.finished
    expect([code, JSON.parse(stdout)]).toEqual([0, claims])
  })

  test('/dev/stdin is the standard input, whatever that is', async () => {
    for (const path of ['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']) {
      const words = ['token', 'verify', ...who, '--jwks', at('jwks.json'), '--file', path]
      expect(await runSesame(words, { home: home.home, input: good })).toMatchObject({ code: 0 })
    }
  })

  test('[case 121] a JWK Set of brackets alone is none', async () => {
    const deep = file('deep.json', `{"keys":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`)
    for (const option of ['--jwks', '--public-key']) {
      const { code, stderr } = await runSesame(['token', 'verify', ...who, option, deep], {
        home: home.home,
        input: good,
      })
      expect([code, stderr.split('\n')[0]]).toEqual([2, expect.stringMatching(/no JWK Set|no JSON/)])
    }
  })
})
