import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTestCa } from '../../mocks/index.ts'
import { startRedis } from '../sst/support/redis-server.ts'
import { inBase64, original, otherKey } from '../sst/support/samples.ts'
import { recordSecrets } from '../support/record.ts'
import { runCommandsHere } from '../support/run-here.ts'
import {
  type Finished,
  isStandalone,
  makeHome,
  type RunOptions,
  runSesame,
  sesameInShell,
} from '../support/sesame.ts'

// Each is a process of the executable; of the package those are that say so, and what is pasted into a shell.
if (!isStandalone) runCommandsHere()

recordSecrets([
  { kind: 'sst-key', value: original.key },
  { kind: 'sst-key', value: otherKey },
  // Tokens belong on stdout of `create` alone, and nowhere on stderr.
  { kind: 'server-side-token', value: original.token },
])

interface Bench {
  home: string
  keyFile: string
  sst(words: readonly string[], options?: { input?: string; env?: Record<string, string> }): Promise<Finished>
}

const key = `key: "${original.key}"\n`

/** Its commands may be processes wherever the others run. */
function prepare(content = key, more: Pick<RunOptions, 'ownProcess'> = {}): Bench {
  const { home, remove } = makeHome()
  onTestFinished(remove)
  live(home)
  const keyFile = join(home, 'work', 'key.yaml')
  writeFileSync(keyFile, content, { mode: 0o600 })
  return {
    home,
    keyFile,
    sst: (words, options) => runSesame(['sst', ...words], { home, ...more, ...options }),
  }
}

/** What runs in this process has its home and its directory from it. */
function live(home: string): void {
  const [directory, { HOME }] = [process.cwd(), process.env]
  process.chdir(join(home, 'work'))
  process.env.HOME = home
  onTestFinished(() => {
    process.chdir(directory)
    process.env.HOME = HOME
  })
}

/** With a revocation list in its usual place. */
async function prepareWithList(content?: string): Promise<Bench> {
  const bench = prepare(content)
  expect(await bench.sst(['init'])).toMatchObject({ code: 0, stdout: '' })
  return bench
}

/** The token on stdout, which from now on may be on no stderr. */
function created({ stdout, code }: Finished): string {
  expect(code).toBe(0)
  const token = stdout.trim()
  recordSecrets([{ kind: 'server-side-token', value: token }])
  return token
}

describe('sesame sst', () => {
  test('create, verify, revoke, list', async () => {
    const { home, sst } = prepare(key, { ownProcess: true })
    const token = created(await sst(['create', '--key-file', 'key.yaml', 'bob']))
    expect(token).toMatch(/^SST-[0-9a-f]+$/)
    expect(existsSync(join(home, '.config'))).toBe(false)
    expect(await sst(['init'])).toMatchObject({ code: 0, stdout: '' })
    expect(await sst(['verify', '--key-file', 'key.yaml', '-'], { input: token })).toMatchObject({
      code: 0,
      stdout: 'bob\n',
      stderr: '',
    })
    const revoke = await sst(['revoke', '--key-file', 'key.yaml', '-'], { input: `${token}\n` })
    expect(revoke).toMatchObject({ code: 0, stdout: '', stderr: 'Revoked: a token of bob.\n' })
    for (const spelling of [token, inBase64(token), `SST-ORDERS-${token.slice(4).toUpperCase()}`]) {
      const verified = await sst(['verify', '--key-file', 'key.yaml', spelling])
      expect(verified).toMatchObject({ code: 1, stdout: '' })
      expect(verified.stderr).toContain('revoked')
    }
    const again = await sst(['revoke', '--key-file', 'key.yaml', '--json', token])
    expect([again.code, JSON.parse(again.stdout)]).toEqual([0, { userId: 'bob', wasRevoked: true }])
    const list = await sst(['list', '--json'])
    expect(JSON.parse(list.stdout)).toEqual([
      { fingerprint: token.slice(-32), userId: 'bob', revokedAt: expect.stringMatching(/Z$/) },
    ])
    expect((await sst(['list'])).stdout).toMatch(new RegExp(`Z {2}${token.slice(-32)} {2}bob\n$`))
    expect(statSync(join(home, '.config', 'sst')).mode & 0o777).toBe(0o700)
    expect(statSync(join(home, '.config', 'sst', 'sst.db')).mode & 0o777).toBe(0o600)
  })

  test("the original's vector, by argument, by standard input, as JSON", async () => {
    const { sst } = await prepareWithList()
    const words = ['verify', '--key-file', 'key.yaml']
    expect(await sst([...words, original.token])).toMatchObject({ code: 0, stdout: 'cdiservice\n' })
    expect(await sst([...words, '-'], { input: inBase64(original.token) })).toMatchObject({
      code: 0,
      stdout: 'cdiservice\n',
    })
    const { stdout } = await sst([...words, '--json', original.token])
    expect(JSON.parse(stdout)).toEqual({ userId: 'cdiservice', createdAt: '2022-07-10T08:38:39Z' })
    const forged = await sst([...words, '-'], { input: original.token.replace(/92$/, '93') })
    expect(forged).toMatchObject({ code: 1, stdout: '' })
    expect(forged.stderr.split('\n')).toHaveLength(3)
  })

  test('a time to live, a service, former keys, both generations of the key file', async () => {
    const { keyFile, sst } = await prepareWithList(
      `serviceName: "orders"\naesKey: "${otherKey}"\nformerKeys: ["${original.key}"]\n`,
    )
    const made = await sst(['create', '--key-file', keyFile, '--ttl', '1h30m', 'bob'])
    const token = created(made)
    expect(token).toMatch(/^SST-ORDERS-[0-9a-f]+$/)
    const { createdAt, expiresAt } = JSON.parse(
      (await sst(['verify', '--json', '--key-file', keyFile, token])).stdout,
    )
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(5_400_000)
    expect((await sst(['verify', '--key-file', keyFile, original.token])).stdout).toBe('cdiservice\n')
    expect((await sst(['verify', '--key-file', keyFile, '--service', 'billing', token])).code).toBe(1)
  })

  test('create-key: to stdout, as JSON, and to a new private file that create takes', async () => {
    const { home, sst } = await prepareWithList()
    const plain = await sst(['create-key'])
    expect(plain).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^\S{20}\n$/) })
    expect(JSON.parse((await sst(['create-key', '--json', '--length', '40'])).stdout).key).toHaveLength(40)
    expect(await sst(['create-key', '--length', '15'])).toMatchObject({ code: 2, stdout: '' })
    expect(await sst(['create-key', '--key-file', 'new.yaml'])).toMatchObject({ code: 0, stdout: '' })
    const path = join(home, 'work', 'new.yaml')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const content = readFileSync(path, 'utf8')
    recordSecrets([{ kind: 'sst-key', value: JSON.parse(content.slice('key: '.length)) }])
    expect(await sst(['create-key', '--key-file', 'new.yaml'])).toMatchObject({ code: 2 })
    expect(readFileSync(path, 'utf8')).toBe(content)
    const token = created(await sst(['create', '--key-file', 'new.yaml', 'bob']))
    expect((await sst(['verify', '--key-file', '-', token], { input: content })).stdout).toBe('bob\n')
    expect((await sst(['verify', '--key-file', '-', token], { input: plain.stdout })).code).toBe(1)
  })

  test('[case 95] a key file that others can read is refused, unless it is meant', async () => {
    const { keyFile, sst } = await prepareWithList()
    chmodSync(keyFile, 0o644)
    const refused = await sst(['verify', '--key-file', keyFile, original.token])
    expect(refused).toMatchObject({ code: 5, stdout: '' })
    expect(refused.stderr).toContain('chmod 600')
    expect((await sst(['verify', '--key-file', keyFile, '--force', original.token])).stdout).toBe(
      'cdiservice\n',
    )
  })

  test('[case 92] neither a key nor a password of Redis can be an argument', async () => {
    const { sst } = prepare()
    for (const option of ['--key', '--aes-key', '--secret', '--password']) {
      const { code, stdout } = await sst(['create', option, original.key, 'bob'])
      expect([code, stdout], option).toEqual([2, ''])
    }
    const url = 'redis://:p4ss-word.of-redis@127.0.0.1:6379'
    recordSecrets([{ kind: 'redis-password', value: 'p4ss-word.of-redis' }])
    const refused = await sst(['verify', '--key-file', 'key.yaml', '--redis', url, original.token])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('SESAME_REDIS_URL')
  })

  test('Redis: by option without a password, by environment with one; unreachable is exit 5', async () => {
    const { home, sst } = prepare(key, { ownProcess: true })
    const password = 'p4ss-word.of-redis'
    const server = await startRedis({ password })
    const env = { SESAME_REDIS_URL: server.url }
    const words = ['--key-file', 'key.yaml', original.token]
    const without = await sst(['verify', ...words], { env })
    expect([without.code, without.stderr.trim().split('\n').at(-1)]).toEqual([5, 'sesame sst init'])
    for (const said of [
      'A new revocation list is in Redis.',
      'A revocation list is in Redis already; nothing was changed.',
    ])
      expect(await sst(['init'], { env })).toEqual({ code: 0, signal: null, stdout: '', stderr: `${said}\n` })
    expect((await sst(['verify', ...words], { env })).stdout).toBe('cdiservice\n')
    expect((await sst(['revoke', ...words], { env })).code).toBe(0)
    expect(await sst(['verify', ...words], { env })).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse((await sst(['list', '--json'], { env })).stdout)).toHaveLength(1)
    expect(existsSync(join(home, '.config', 'sst'))).toBe(false)
    expect((await sst(['init', '--db', 'own.db'], { env })).code).toBe(0)
    expect((await sst(['verify', '--db', 'own.db', ...words], { env })).stdout).toBe('cdiservice\n')
    await server.stop()
    const down = await sst(['verify', '--redis', `redis://127.0.0.1:${server.port}`, ...words])
    expect(down).toMatchObject({ code: 5, stdout: '' })
    for (const command of ['list', 'init'])
      expect(await sst([command, '--redis', `redis://127.0.0.1:${server.port}`])).toMatchObject({
        code: 5,
        stdout: '',
      })
  })

  test('[case 96] a damaged database: exit 5, and nothing on stdout', async () => {
    const { home, sst } = prepare()
    writeFileSync(join(home, 'work', 'bad.db'), 'x'.repeat(5000))
    expect(await sst(['init', '--db', 'bad.db'])).toMatchObject({ code: 5, stdout: '' })
    for (const command of ['verify', 'revoke']) {
      const ended = await sst([command, '--db', 'bad.db', '--key-file', 'key.yaml', original.token])
      expect(ended).toMatchObject({ code: 5, stdout: '' })
    }
    expect(await sst(['list', '--db', 'bad.db'])).toMatchObject({ code: 5, stdout: '' })
  })

  test.each([
    [[]],
    [['create']],
    [['create', '--key-file', 'key.yaml']],
    [['create', '--key-file', 'key.yaml', 'a|b']],
    [['create', '--key-file', 'key.yaml', '--ttl', '0', 'bob']],
    [['create', 'bob']],
    [['verify', '--key-file', 'key.yaml']],
    [['verify', '--key-file', 'key.yaml', '-']],
    [['verify', '--key-file', '-', '-']],
    [['verify', '--key-file', 'key.yaml', '--db', 'x', '--redis', 'redis://127.0.0.1:1', 'SST-00']],
    [['verify', '--key-file', 'key.yaml', '--redis', 'redis://redis.example', 'SST-00']],
    [['-secretFile', 'key.yaml', '-createToken', 'a', '-verifyToken', 'b']],
  ])('%j is wrong usage', async (words) => {
    const { sst } = prepare()
    expect(await sst(words)).toMatchObject({ code: 2, stdout: '' })
  })

  test('without a log of its own DEBUG shows neither key nor token', async () => {
    const { sst } = await prepareWithList()
    const { stderr, stdout } = await sst(['verify', '--key-file', 'key.yaml', original.token], {
      env: { DEBUG: '*' },
    })
    expect(stdout).toBe('cdiservice\n')
    expect(stderr).not.toContain(original.token)
    expect(stderr).not.toContain(original.key)
  })
})

describe('[case 103] without a revocation list', () => {
  test.each([
    [[], 'sesame sst init'],
    [['--db', 'typo/sst.db'], 'sesame sst init --db typo/sst.db'],
    [['--db', 'a b.db'], 'sesame sst init --db "a b.db"'],
    [['--db', '$(touch P).db'], "sesame sst init --db '$(touch P).db'"],
    [['--db=-x.db'], 'sesame sst init --db ./-x.db'],
  ])('%j: exit 5, the command that makes one, and nothing is made', async (place, command) => {
    const { home, sst } = prepare()
    const words = ['--key-file', 'key.yaml', '-', ...place]
    for (const run of [
      ['verify', ...words],
      ['revoke', ...words],
      ['list', ...place],
    ]) {
      const { code, stdout, stderr } = await sst(run, { input: original.token })
      expect([code, stdout]).toEqual([5, ''])
      expect(stderr.split('\n')).toEqual([expect.stringContaining('no revocation list'), command, ''])
    }
    expect(readdirSync(join(home, 'work'))).toEqual(['key.yaml'])
    expect(existsSync(join(home, '.config'))).toBe(false)
    // The command does what it says, in a shell.
    const made = await runInShell(command, home)
    expect(made).toContain('A new revocation list is in')
    expect((await sst(['verify', ...words], { input: original.token })).stdout).toBe('cdiservice\n')
    expect((await sst(['revoke', ...words], { input: original.token })).code).toBe(0)
    expect(await runInShell(command, home)).toContain('nothing was changed')
    expect((await sst(['verify', ...words], { input: original.token })).code).toBe(1)
  })

  test('an empty and a truncated file', async () => {
    const { home, sst } = prepare()
    const file = join(home, 'work', 'sst.db')
    const verify = ['verify', '--key-file', 'key.yaml', '--db', 'sst.db', '-']
    writeFileSync(file, '', { mode: 0o600 })
    const empty = await sst(verify, { input: original.token })
    expect([empty.code, empty.stdout]).toEqual([5, ''])
    expect(empty.stderr).toContain('sesame sst init --db sst.db\n')
    expect(statSync(file).size).toBe(0)
    expect((await sst(['init', '--db', 'sst.db'])).code).toBe(0)
    truncateSync(file, statSync(file).size - 4096)
    for (const run of [verify, ['list', '--db', 'sst.db'], ['init', '--db', 'sst.db']]) {
      expect(await sst(run, { input: original.token })).toMatchObject({ code: 5, stdout: '' })
    }
  })
})

/** Pastes a command as a person would. */
async function runInShell(command: string, home: string): Promise<string> {
  const sesame = `sesame() { ${sesameInShell} "$@"; }`
  const { stderr } = await promisify(execFile)('/bin/sh', ['-c', `${sesame}; ${command}`], {
    cwd: join(home, 'work'),
    env: { PATH: process.env.PATH, HOME: home },
  })
  return stderr
}

describe('what others could see or change', () => {
  test('[case 123] a token in the arguments: one line says who can read it there', async () => {
    const { sst } = await prepareWithList()
    for (const words of [
      ['verify', '--key-file', 'key.yaml', original.token],
      ['-secretFile', 'key.yaml', '-verifyToken', original.token],
    ]) {
      const { stdout, stderr } = await sst(words)
      expect(stdout).toBe('cdiservice\n')
      expect(stderr.match(/^Warning: .*standard input.*$/gm)).toHaveLength(1)
      expect(stderr).not.toContain(original.token)
    }
    const revoked = await sst(['revoke', '--json', '--key-file', 'key.yaml', original.token])
    expect(JSON.parse(revoked.stdout)).toEqual({ userId: 'cdiservice', wasRevoked: false })
    expect(revoked.stderr).toMatch(/^Warning: /)
  })

  test('[case 123] eight create-key at once: one makes the file, which is whole; the others say so', async () => {
    const { home, sst } = prepare(key, { ownProcess: true })
    const path = join(home, 'work', 'new.yaml')
    const ended = await Promise.all(
      Array.from({ length: 8 }, () => sst(['create-key', '--key-file', 'new.yaml'])),
    )
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 2, 2, 2, 2, 2, 2, 2])
    for (const { code, stdout, stderr } of ended) {
      expect(stdout).toBe('')
      expect(stderr).toContain(code === 0 ? 'A new key is in' : 'not overwritten')
    }
    expect(readFileSync(path, 'utf8')).toMatch(/^key: "\S{20}"\n$/)
    recordSecrets([{ kind: 'sst-key', value: JSON.parse(readFileSync(path, 'utf8').slice('key: '.length)) }])
    expect(readdirSync(join(home, 'work')).sort()).toEqual(['key.yaml', 'new.yaml'])
  })

  test('[case 108] a dangling link is not written through, a directory of others not written to', async () => {
    const { home, sst } = prepare()
    symlinkSync(join(home, 'elsewhere'), join(home, 'work', 'link.yaml'))
    expect(await sst(['create-key', '--key-file', 'link.yaml'])).toMatchObject({ code: 2 })
    expect(existsSync(join(home, 'elsewhere'))).toBe(false)
    chmodSync(join(home, 'work'), 0o777)
    expect(await sst(['create-key', '--key-file', 'new.yaml'])).toMatchObject({ code: 5, stdout: '' })
    expect(await sst(['init', '--db', 'new.db'])).toMatchObject({ code: 5, stdout: '' })
    expect(readdirSync(join(home, 'work')).sort()).toEqual(['key.yaml', 'link.yaml'])
  })

  test('[case 104] NODE_TLS_REJECT_UNAUTHORIZED=0 is refused as for https; a CA of our own is not needed for that', async () => {
    const { sst } = prepare()
    const env = {
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      SESAME_REDIS_URL: 'rediss://:p4ss-word.of-redis@127.0.0.1:1',
    }
    for (const words of [['verify', '--key-file', 'key.yaml', '-'], ['list'], ['init']]) {
      const { code, stdout, stderr } = await sst(words, { env, input: original.token })
      expect([code, stdout]).toEqual([6, ''])
      expect(stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0')
    }
  })

  test('[case 104] SESAME_CA_FILE is what Redis is checked against, and must hold certificates', async () => {
    const { home, sst } = prepare()
    const ca = createTestCa()
    const { cert, key } = ca.issue()
    const [certFile, keyFile, caFile] = ['cert.pem', 'tls-key.pem', 'ca.pem'].map((name) =>
      join(home, 'work', name),
    )
    writeFileSync(certFile ?? '', cert)
    writeFileSync(keyFile ?? '', key)
    writeFileSync(caFile ?? '', ca.ca)
    const { url } = await startRedis({ tls: { cert: certFile ?? '', key: keyFile ?? '' } })
    const made = await sst(['init', '--redis', url], { env: { SESAME_CA_FILE: caFile ?? '' } })
    expect(made).toMatchObject({ code: 0, stderr: 'A new revocation list is in Redis.\n' })
    expect(await sst(['init', '--redis', url])).toMatchObject({ code: 5 })
    expect(await sst(['init', '--redis', url], { env: { SESAME_CA_FILE: keyFile ?? '' } })).toMatchObject({
      code: 6,
    })
  })

  test('[case 123] a Redis URL that cannot be decoded', async () => {
    const { sst } = prepare()
    const { code, stdout, stderr } = await sst(['list'], {
      env: { SESAME_REDIS_URL: 'rediss://:p%zz@redis.example' },
    })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('percent-encoded')
    expect(stderr).not.toContain('%zz')
  })
})

describe("sstcli's flags", () => {
  test.each([
    ['one dash', ['-secretFile', 'key.yaml', '-createToken', 'bob']],
    ['two dashes', ['--secretFile', 'key.yaml', '--createToken', 'bob']],
    ['an equals sign', ['-secretFile=key.yaml', '-createToken=bob']],
    ['the other order', ['-createToken', 'bob', '-secretFile', 'key.yaml']],
  ])('%s', async (_, words) => {
    const { sst } = await prepareWithList()
    const token = created(await sst(words))
    expect((await sst(['-secretFile', 'key.yaml', '-verifyToken', token])).stdout).toBe('bob\n')
    expect(await sst(['-secretFile', 'key.yaml', '-revokeToken', token])).toMatchObject({
      code: 0,
      stdout: '',
    })
    expect(await sst(['-secretFile', 'key.yaml', '-verifyToken', token])).toMatchObject({
      code: 1,
      stdout: '',
    })
  })

  test('-createAesKey, a user whose name begins with a dash, and our options beside theirs', async () => {
    const { sst } = prepare()
    expect((await sst(['-createAesKey', '24'])).stdout).toMatch(/^\S{24}\n$/)
    const token = created(await sst(['-secretFile', 'key.yaml', '-createToken', '-bob', '--service', 'x']))
    expect(token).toMatch(/^SST-X-/)
    expect((await sst(['init', '--db', 'own.db'])).code).toBe(0)
    expect((await sst(['-secretFile', 'key.yaml', '--db', 'own.db', '-verifyToken', token])).stdout).toBe(
      '-bob\n',
    )
  })
})
