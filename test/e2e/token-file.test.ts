import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { makeServerTls } from '../../mocks/index.ts'
import { configureCorp, inOidcWorld, type OidcWorld, providerArn, roleArn } from '../support/oidc-world.ts'
import { runProgram } from '../support/sdk.ts'
import { sesamePath } from '../support/sesame.ts'

const patience = 60_000
const node = process.execPath

/** The SDK takes role, provider and token file from the environment; it speaks https only. */
const sdkWithTokenFile = `
  const { default: Credential, Config } = require('@alicloud/credentials')
  new Credential(new Config({ type: 'oidc_role_arn', stsEndpoint: process.argv[1], durationSeconds: 3600 }))
    .getCredential().then(({ accessKeyId }) => console.log(accessKeyId))`

async function signIn(world: OidcWorld): Promise<void> {
  await configureCorp(world, { role: false })
  expect(await world.home.prepare(['login', '--profile', 'corp', '--no-browser'])).toMatchObject({ code: 0 })
}

const fileIn = ({ home }: OidcWorld) => join(home.home, 'token')
const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

// Mostly waiting: side by side.
test.concurrent(
  '[case 197] --out: the token and nothing else, for its owner only; nothing on stdout',
  { timeout: patience },
  inOidcWorld({}, async (world) => {
    await signIn(world)
    const path = fileIn(world)
    writeFileSync(path, 'former', { mode: 0o644 })
    const words = ['token', 'get', '--profile', 'corp', '--id']
    expect(await world.home.run([...words, '--out', path])).toEqual({
      code: 0,
      signal: null,
      stdout: '',
      stderr: '',
    })
    expect(`${read(path)}\n`).toBe((await world.home.run(words)).stdout)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    // What is no file stays what it is.
    const [link, directory] = [`${path}.link`, `${path}.d`]
    symlinkSync(path, link)
    mkdirSync(directory)
    for (const other of [link, directory, '/dev/null', `${path}/in`]) {
      const { code, stdout, stderr } = await world.home.run([...words, '--out', other])
      expect({ code, stdout }, other).toEqual({ code: 5, stdout: '' })
      expect(stderr).toContain(other)
    }
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
    expect(await world.home.run([...words, '--keep'])).toMatchObject({ code: 2 })
    expect(world.oidc.violations).toEqual([])
  }),
)

const tls = makeServerTls()

test.concurrent(
  '[case 197] @alicloud/credentials takes it as ALIBABA_CLOUD_OIDC_TOKEN_FILE at a strict STS',
  { timeout: patience },
  inOidcWorld({ sts: { tls } }, async (world) => {
    const { home, sts } = world
    await signIn(world)
    const [path, ca] = [fileIn(world), join(home.home, 'ca.pem')]
    writeFileSync(ca, tls.ca)
    expect(await home.run(['token', 'get', '--profile', 'corp', '--id', '--out', path])).toMatchObject({
      code: 0,
    })
    const env = {
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: path,
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: providerArn,
      ALIBABA_CLOUD_ROLE_ARN: roleArn('developer'),
      ALIBABA_CLOUD_ROLE_SESSION_NAME: 'alice',
      NODE_EXTRA_CA_CERTS: ca,
    }
    const words = ['-e', sdkWithTokenFile, new URL(sts.url).host]
    const { stdout, stderr } = await runProgram(
      node,
      words,
      { home } as Parameters<typeof runProgram>[2],
      env,
    )
    expect(sts.identityOf(stdout.trim()), stderr).toMatchObject({ via: expect.stringContaining('oidc:') })
  }),
)

test.concurrent(
  '[case 197] --keep: renews in time, and removes the file when its parent ends',
  { timeout: patience },
  inOidcWorld({ oidc: { idTokenSeconds: 6 } }, async (world) => {
    await signIn(world)
    const path = fileIn(world)
    const script = `'${node}' '${sesamePath}' token get --profile corp --id --out '${path}' --keep & wait`
    const shell = spawn('sh', ['-c', script], {
      env: { PATH: process.env.PATH, HOME: world.home.home, SESAME_STORE: 'plaintext' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    shell.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
    })
    const poll = { timeout: 30_000, interval: 100 }
    await vi.waitFor(() => expect(read(path)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/), poll)
    const first = read(path)
    await vi.waitFor(() => expect(read(path)).not.toBe(first), poll)
    expect(read(path)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    const closed = new Promise((resolve) => shell.stderr.once('close', resolve))
    shell.kill('SIGKILL')
    await closed
    expect(read(path)).toBe(undefined)
    expect(said).toBe(`The token is kept in ${path} until this program ends.\n`)
  }),
)

test.concurrent(
  '[case 197] --keep: exit 3 when the sign-in is over, and by a signal; the file goes along, a foreign one stays',
  { timeout: patience },
  inOidcWorld({ oidc: { idTokenSeconds: 6 } }, async (world) => {
    const { home, oidc } = world
    await configureCorp(world, { role: false })
    const path = fileIn(world)
    const words = ['token', 'get', '--profile', 'corp', '--id', '--out', path, '--keep']
    writeFileSync(path, 'foreign')
    expect(await home.run(words)).toMatchObject({ code: 3, stdout: '' })
    expect(read(path)).toBe('foreign')
    await home.prepare(['login', '--profile', 'corp', '--no-browser'])
    const ended = home.start(words)
    await ended.stderrMatches(/is kept in/)
    ended.child.kill('SIGTERM')
    expect((await ended.finished).code).toBe(143)
    expect(read(path)).toBe(undefined)
    const running = home.start(words)
    await running.stderrMatches(/is kept in/)
    oidc.revokeGrants()
    const { code, stderr } = await running.finished
    expect(code).toBe(3)
    expect(stderr).toContain('sesame login --profile corp')
    expect(read(path)).toBe(undefined)
  }),
)

test.concurrent(
  '[case 197] --keep: a provider that is out of reach is asked again, and that is said once',
  { timeout: patience },
  inOidcWorld({ oidc: { idTokenSeconds: 8 } }, async (world) => {
    await signIn(world)
    const path = fileIn(world)
    const running = world.home.start(['token', 'get', '--profile', 'corp', '--id', '--out', path, '--keep'])
    await running.stderrMatches(/is kept in/)
    const first = read(path)
    const down = { kind: 'status', status: 503, headers: {}, body: '' } as const
    world.oidc.fault('POST /token', down, { times: Number.POSITIVE_INFINITY })
    await running.stderrMatches(/Renewal failed|not renewed/)
    world.oidc.clearFaults()
    await vi.waitFor(() => expect(read(path)).not.toBe(first), { timeout: 50_000, interval: 200 })
    running.child.kill('SIGTERM')
    const { code, stderr } = await running.finished
    expect(code).toBe(143)
    const lines = stderr.trim().split('\n')
    expect(new Set(lines).size).toBe(lines.length)
  }),
)

test.concurrent(
  '--keep with --format exec-credential: what is in the file is always a whole ExecCredential',
  { timeout: patience },
  inOidcWorld({ oidc: { idTokenSeconds: 6 } }, async (world) => {
    await signIn(world)
    const path = fileIn(world)
    const script = `'${node}' '${sesamePath}' token get --profile corp --format exec-credential --out '${path}' --keep & wait`
    const shell = spawn('sh', ['-c', script], {
      env: { PATH: process.env.PATH, HOME: world.home.home, SESAME_STORE: 'plaintext' },
      stdio: 'ignore',
    })
    const poll = { timeout: 30_000, interval: 100 }
    const end = () => {
      const text = read(path)
      return text === undefined ? 0 : Date.parse(JSON.parse(text).status.expirationTimestamp)
    }
    await vi.waitFor(() => expect(end()).toBeGreaterThan(0), poll)
    const first = end()
    await vi.waitFor(() => expect(end()).toBeGreaterThan(first), poll)
    shell.kill('SIGKILL')
    await vi.waitFor(() => expect(read(path)).toBe(undefined), poll)
  }),
)
