import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fileNameOf } from '../../src/store/item-file.ts'
import { beginDay, type DayWorld, day } from '../support/day-world.ts'
import { firstLine } from '../support/first-line.ts'
import { ageTokens, must, providerArn, roleArn } from '../support/oidc-world.ts'
import { writeOldStore } from '../support/old-encrypted-file.ts'
import { spawnSync } from '../support/run-sync.ts'
import { secretItems } from '../support/secret-items.ts'
import { isStandalone, sesamePath } from '../support/sesame.ts'
import { makeTestHome } from '../support/test-home.ts'

/*
 * One user, one machine, one day. Each test goes on where the one before has ended; what is expected of the whole is at the end:
 * after a logout nothing that any server gave out is left anywhere, and no refresh token works.
 */

const passphrase = { SESAME_PASSPHRASE: 'correct horse battery staple' }
const own = ['dev', 'ops', 'corp', 'tokens', 'api', 'batch', 'deployer', 'auditor']

let world: DayWorld
beforeAll(async () => {
  world = await beginDay()
})
afterAll(() => world.end())

const usual = (...words: string[]) => must(world.run(words))
const directory = (name: string) => join(world.home.home, 'clients', name)
/** In the configuration directory of a client. */
const at = (name: string, env: Record<string, string> = {}) => ({
  env: { SESAME_CONFIG_DIR: directory(name), ...env },
})
const credentials = (name: string) => usual('credentials', '--profile', name)
const keptNames = () => secretItems(world.keyring).names
const findings = async (env: Record<string, string> = {}) => {
  const { stdout } = await world.run(['doctor', '--json'], { env })
  return (JSON.parse(stdout) as { check: string; status: string; message: string }[]).filter(
    ({ status }) => status === 'problem',
  )
}

/** What two earlier versions left: a plain store of 0.2.0 and an encrypted one of 0.1.0, beside a configuration with the state in it. */
async function layEarlierVersions(): Promise<{ credentials: string; token: string }> {
  const { portal, oidc, home } = world
  const past = makeTestHome(portal)
  const { clientId } = oidc.clients.public
  const choice = ['--account-id', day.accounts[0].AccountId]
  await must(past.run(['configure', '--profile', 'tokens', '--issuer', oidc.issuer, '--client-id', clientId]))
  const credentials = await must(past.run(['login', '--profile', 'dev', ...choice]))
  await must(past.run(['login', '--profile', 'tokens']))
  const token = await must(past.run(['token', 'get', '--profile', 'tokens']))
  const { accountId, accessConfigurationId } = past.config().profiles.dev ?? {}
  const plain = join(home.directory, 'plaintext-secrets')
  mkdirSync(plain, { mode: 0o700 })
  const encrypted: Record<string, string> = {}
  for (const { key, value } of past.items()) {
    const { bootId: _, ...before } = value
    const text = JSON.stringify(before)
    const file = JSON.stringify({ v: 1, key, value: text })
    if (key.includes('oidc')) encrypted[key] = text
    else writeFileSync(join(plain, `${fileNameOf(key)}.json`), file, { mode: 0o600 })
  }
  writeOldStore(home.directory, passphrase.SESAME_PASSPHRASE, encrypted)
  const profiles = {
    dev: { kind: 'cloudsso', accountId, accessConfigurationId, store: 'plaintext' },
    tokens: { kind: 'oidc', issuer: oidc.issuer, clientId, store: 'encrypted-file' },
  }
  const content = { version: 1, signInUrl: portal.signInUrl, currentProfile: 'dev', profiles }
  writeFileSync(join(home.directory, 'config.json'), JSON.stringify(content), { mode: 0o600 })
  past.remove()
  return { credentials, token }
}

describe.sequential('a day of one user', () => {
  test('an upgrade: what 0.1.0 and 0.2.0 kept is used without a sign-in, and moved once', async () => {
    const { home, approvals } = world
    const before = await layEarlierVersions()
    const asked = approvals()
    expect(await usual('credentials')).toBe(before.credentials)
    const token = await must(world.run(['token', 'get', '--profile', 'tokens'], { env: passphrase }))
    expect(token).toBe(before.token)
    expect(readdirSync(home.directory).sort()).toEqual(['config.json'])
    expect(existsSync(join(home.state, 'plaintext-secrets'))).toBe(true)
    expect(existsSync(join(home.state, 'secrets'))).toBe(true)
    expect(approvals()).toEqual(asked)
  })

  test('a change of store: all of it goes into the keyring, and nothing stays in files', async () => {
    const { approvals, holders, home } = world
    const asked = approvals()
    await must(world.run(['configure', '--store', 'keychain'], { env: passphrase }))
    expect(holders()).toEqual(keptNames())
    expect(home.items()).toEqual([])
    await usual('credentials')
    await usual('token', 'get', '--profile', 'tokens')
    expect(approvals()).toEqual(asked)
  })

  test('two profiles of each kind, and as few sign-ins as there are servers', async () => {
    const { oidc, sts, idaas, run } = world
    const { basic } = oidc.clients
    const role = ['--oidc-provider-arn', providerArn, '--sts-endpoint', sts.url]
    const corp = ['--issuer', oidc.issuer, '--client-id', basic.clientId, '--role-arn', roleArn('developer')]
    await must(
      run(['configure', '--profile', 'corp', ...corp, ...role, '--client-secret-stdin'], {
        input: basic.clientSecret,
      }),
    )
    const addApplication = async (name: string, { application, settings }: DayWorld['idaas'][0]) => {
      const { url, applicationUuid, appKey } = application
      const words = ['--idaas-url', url, '--application-uuid', applicationUuid, '--app-key', appKey]
      const input = settings.appSecret
      await must(run(['configure', '--profile', name, ...words, '--app-secret-stdin'], { input }))
      await usual('login', '--profile', name)
    }
    const addRole = async (name: string, source: string) => {
      const words = ['--source-profile', source, '--role-arn', roleArn(name), '--sts-endpoint', sts.url]
      await usual('configure', '--profile', name, ...words)
      await usual('login', '--profile', name)
    }
    await usual('login', '--profile', 'ops', '--account-id', day.accounts[1].AccountId)
    // In four terminals at once.
    await Promise.all([
      addApplication('api', idaas[0]),
      addApplication('batch', idaas[1]),
      addRole('deployer', 'corp'),
      addRole('auditor', 'ops'),
    ])
    // One of each was left by the earlier versions; only the confidential client is new.
    expect(world.approvals()).toEqual({ portal: 1, oidc: 2 })
    for (const name of ['deployer', 'auditor'])
      expect(JSON.parse(await usual('whoami', '--profile', name)).Arn).toContain(`/${name}/`)
    const list: { name: string; status: string; store: string }[] = JSON.parse(
      await usual('profile', 'list', '--json'),
    )
    expect(list.map(({ name }) => name).sort()).toEqual([...own].sort())
    expect(new Set(list.map(({ store }) => store))).toEqual(new Set(['keychain']))
    expect(await findings()).toEqual([])
  })

  test('another directory is another identity, with an encrypted file that is unlocked for the day', async () => {
    const { portal, oidc, run } = world
    mkdirSync(directory(''), { recursive: true })
    const before = keptNames()
    const here = at('acme', passphrase)
    const client = ['--issuer', oidc.issuer, '--client-id', oidc.clients.public.clientId]
    await must(run(['configure', '--signin-url', portal.signInUrl, '--store', 'encrypted-file'], here))
    await must(run(['configure', '--profile', 'tokens', ...client], here))
    await must(run(['login', '--profile', 'tokens'], here))
    await must(run(['login', '--profile', 'dev', '--account-id', day.accounts[0].AccountId], here))
    expect(world.approvals()).toEqual({ portal: 2, oidc: 3 })
    expect(keptNames()).toEqual(before)
    expect(await run(['credentials'], at('acme'))).toMatchObject({ code: 5, stdout: '' })
    await must(run(['unlock'], here))
    const theirs = JSON.parse(await must(run(['credentials'], at('acme')))).access_key_id
    expect(theirs).not.toBe(JSON.parse(await credentials('dev')).access_key_id)
  })

  test('exec, serve and the hook hand over what "credentials" prints', async () => {
    const { run, start, session, home } = world
    const wanted = JSON.parse(await credentials('deployer'))
    const script = 'echo "$ALIBABA_CLOUD_ACCESS_KEY_ID $ALIBABACLOUD_SECURITY_TOKEN $SESAME_PROFILE"'
    const exec = await run(['exec', '--profile', 'deployer', '--', '/bin/sh', '-c', script], {
      env: { ALIBABACLOUD_SECURITY_TOKEN: 'stale' },
    })
    expect(exec.stdout).toBe(`${wanted.access_key_id} ${wanted.sts_token} deployer\n`)
    const server = start(['serve', '--profile', 'deployer'])
    const answer = await fetch(await firstLine(server))
    expect(await answer.json()).toMatchObject({ AccessKeyId: wanted.access_key_id })
    server.child.kill('SIGTERM')
    expect(await server.finished).toMatchObject({ code: 143 })
    const bin = join(home.home, 'bin')
    mkdirSync(bin)
    const program = `#!/bin/sh\nexec '${process.execPath}' '${sesamePath}' "$@"\n`
    writeFileSync(join(bin, 'sesame'), program, { mode: 0o755 })
    // What is about to expire is renewed before the next prompt.
    const lines = [
      'eval "$(sesame hook bash)"',
      'sesame-login --profile deployer',
      'SESAME_EXPIRATION=2020-01-01T00:00:00Z ALIBABA_CLOUD_ACCESS_KEY_ID=old',
      'eval "$PROMPT_COMMAND"',
      'echo "$ALIBABA_CLOUD_ACCESS_KEY_ID $SESAME_EXPIRATION"',
    ]
    const shell = spawnSync('bash', ['-c', lines.join('\n')], {
      encoding: 'utf8',
      env: { ...session, HOME: home.home, PATH: [bin, process.env.PATH].join(delimiter) },
    })
    expect(shell.stdout, shell.stderr).toBe(`${wanted.access_key_id} ${wanted.expiration}\n`)
  })

  // Another boot is played by a module that Node loads first.
  test.skipIf(isStandalone)(
    'a restart: the keyring is locked until the user is back, and the file wants its passphrase again',
    async () => {
      const { keyring, run, home, approvals } = world
      const before = await credentials('deployer')
      const asked = approvals()
      const preload = join(home.home, 'another-boot.cjs')
      const boot = `
      const { readFileSync } = require('node:fs')
      require('node:fs').readFileSync = (path, ...more) =>
        path === '/proc/sys/kernel/random/boot_id' ? 'another-boot\\n' : readFileSync(path, ...more)
      require('node:os').uptime = () => 60`
      writeFileSync(preload, boot)
      const restarted = { NODE_OPTIONS: `--require ${preload}` }
      await keyring.lock()
      const locked = await run(['credentials', '--profile', 'deployer'], { env: restarted })
      expect(locked).toMatchObject({ code: 5, stdout: '' })
      expect((await findings(restarted)).map(({ check }) => check)).toContain('store')
      await keyring.unlock()
      expect(await must(run(['credentials', '--profile', 'deployer'], { env: restarted }))).toBe(before)
      const closed = await run(['credentials'], at('acme', restarted))
      expect(closed).toMatchObject({ code: 5, stdout: '' })
      await must(run(['unlock'], at('acme', passphrase)))
      await must(run(['credentials'], at('acme')))
      expect(approvals()).toEqual(asked)
    },
  )

  test('an expiry: many programs at once, one renewal, one rotation, no sign-in', async () => {
    const { home, run, approvals, oidc, portal } = world
    // The third store, by variable: what these profiles have goes along.
    const plain = { env: { SESAME_STORE: 'plaintext' } }
    await Promise.all(['dev', 'corp'].map((name) => must(run(['login', '--profile', name], plain))))
    expect(home.items().map(({ key }) => key.split(':')[0])).toContain('token')
    const asked = approvals()
    const rotations = () => oidc.log.filter(({ kind }) => kind === 'refresh-rotated').length
    const exchanges = () => portal.calls().filter((call) => call === 'POST /cloud-credentials').length
    const before = { rotations: rotations(), exchanges: exchanges() }
    const given = (name: string) => must(run(['credentials', '--profile', name], plain))
    const [dev, corp] = await Promise.all([given('dev'), given('corp')])
    ageTokens(world, 'credentials', -1000)
    // The access token of the portal is not over: only the provider's is.
    home.change(({ key, value }) => (key.startsWith('token:oidc') ? aged(value) : value))
    const many = (name: string) => Array.from({ length: 4 }, () => given(name))
    const [devs, corps] = await Promise.all([Promise.all(many('dev')), Promise.all(many('corp'))])
    for (const [all, old] of [
      [devs, dev],
      [corps, corp],
    ] as const) {
      expect(new Set(all).size).toBe(1)
      expect(all[0]).not.toBe(old)
    }
    expect(rotations() - before.rotations).toBe(1)
    expect(exchanges() - before.exchanges).toBe(1)
    await usual('configure', '--store', 'keychain')
    expect(home.items()).toEqual([])
    expect(await credentials('corp')).toBe(corps[0])
    expect(approvals()).toEqual(asked)
  })

  test('a directory that is renamed stays signed in; a copy of it is not, and keeps nothing of the other', async () => {
    const { run, approvals, holders } = world
    const before = await must(run(['credentials'], at('acme')))
    const asked = approvals()
    renameSync(directory('acme'), directory('acme-2026'))
    expect(await must(run(['credentials'], at('acme-2026', passphrase)))).toBe(before)
    cpSync(directory('acme-2026'), directory('copy'), { recursive: true })
    expect(await run(['credentials'], at('copy', passphrase))).toMatchObject({ code: 3, stdout: '' })
    expect(holders().filter((path) => path.startsWith(directory('copy')))).toEqual([])
    expect(await must(run(['credentials'], at('acme-2026', passphrase)))).toBe(before)
    expect(approvals()).toEqual(asked)
    rmSync(directory('copy'), { recursive: true })
  })

  test('the evening: after "logout --all" nothing that was given out is left, and no refresh token works', async () => {
    const { run, oidc, idaas, given, holders } = world
    expect(given().length).toBeGreaterThan(30)
    expect(holders()).not.toEqual([])
    await usual('logout', '--all')
    // The other directory is signed in still.
    await must(run(['credentials'], at('acme-2026', passphrase)))
    await must(run(['logout', '--all'], at('acme-2026', passphrase)))
    await must(run(['lock'], at('acme-2026')))
    expect(holders()).toEqual([])
    for (const name of ['dev', 'corp', 'deployer', 'auditor'])
      expect(await run(['credentials', '--profile', name])).toMatchObject({ code: 3, stdout: '' })
    const dead = new Set(
      oidc.log.flatMap((event) =>
        event.kind === 'revoked' ? [event.token] : event.kind === 'refresh-rotated' ? [event.from] : [],
      ),
    )
    const refresh = oidc.issued.filter(({ kind }) => kind === 'refresh-token')
    expect(refresh.length).toBeGreaterThanOrEqual(4)
    for (const { value } of refresh) expect(dead.has(value), value).toBe(true)

    // What the user typed in goes with the profiles.
    const typed = [...idaas.map(({ settings }) => settings.appSecret), oidc.clients.basic.clientSecret]
    expect(holders(typed)).not.toEqual([])
    for (const name of own.toReversed()) await usual('profile', 'delete', name)
    expect(holders([...given(), ...typed])).toEqual([])
    expect(keptNames()).toEqual([])
    for (const { violations } of [world.portal, oidc, ...idaas]) expect(violations).toEqual([])
  })
})

function aged(value: Record<string, unknown>): Record<string, unknown> {
  const over = new Date(Date.now() - 1000).toISOString()
  const idToken = value.idToken as object | undefined
  return { ...value, expiresAt: over, ...(idToken && { idToken: { ...idToken, expiresAt: over } }) }
}
