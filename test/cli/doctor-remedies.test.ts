import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  allSites,
  findings,
  isCommand,
  patient as newPatient,
  noteSite,
  walk,
  walked,
} from '../support/doctor-walk.ts'
import { acsSsoPath, aliyunCloudSso, planted, recordPlanted, writeAcsSso } from '../support/foreign-home.ts'
import { inFourKinds } from '../support/four-kinds.ts'
import { startTestIdaas } from '../support/idaas.ts'
import { startKeyring } from '../support/keyring.ts'
import { ageTokens, configureCorp, inOidcWorld, must } from '../support/oidc-world.ts'
import { writeOldStore } from '../support/old-encrypted-file.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { runCommandsHere } from '../support/run-here.ts'

runCommandsHere()

vi.mock('../../src/doctor/finding.ts', async (original) => {
  const real = await original<typeof import('../../src/doctor/finding.ts')>()
  const noting =
    (make: typeof real.warning): typeof real.warning =>
    (...words) => {
      const finding = make(...words)
      noteSite(finding)
      return finding
    }
  return { ...real, warning: noting(real.warning), problem: noting(real.problem) }
})

/* Break something, read the remedy that doctor prints, run it in a shell, and it is fine. */

let portal: TestPortal
beforeAll(async () => {
  recordPlanted()
  portal = await startPortal()
})
afterAll(() => portal.stop())

const patient = (options?: Parameters<typeof newPatient>[1]) => newPatient(portal, options)

const ak = {
  name: 'ak',
  mode: 'AK',
  access_key_id: 'LTAI',
  access_key_secret: planted.aliyunKeySecret,
  region_id: 'cn-beijing',
}
const written = {
  access_key_id: 'STS.x',
  access_key_secret: planted.aliyunKeySecret,
  sts_token: planted.aliyunToken,
}
const external = {
  name: 'dev',
  mode: 'External',
  process_command: 'sesame credentials --profile dev',
  region_id: 'cn-beijing',
}
const keys = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'x' }

describe('files of the aliyun CLI', () => {
  test.each([
    ['[case 216] an empty list', { current: 'default', profiles: [] }],
    ['[case 216] null', { current: 'default', profiles: null }],
    ['[case 216] a current profile that is not there', { current: 'gone', profiles: [external] }],
    [
      '[case 216] the empty default of the CLI',
      { current: 'default', profiles: [{ name: 'default', mode: '', language: 'en' }] },
    ],
    [
      '[case 158] a byte order mark',
      Buffer.from(`\ufeff${JSON.stringify({ current: 'dev', profiles: [external] })}`),
    ],
    [
      '[case 158] UTF-16',
      Buffer.from(`\ufeff${JSON.stringify({ current: 'dev', profiles: [external] })}`, 'utf16le'),
    ],
    ['[case 158] other capitals', { Current: 'dev', Profiles: [{ ...external, mode: 'EXTERNAL' }] }],
    [
      '[case 158] numeric id in our own profile',
      { current: 'dev', profiles: [{ ...external, region_id: 7 }] },
    ],
    ['[case 218] secrets that an SDK wrote', { current: 'dev', profiles: [{ ...external, ...written }] }],
  ])('%s', async (_, content) => {
    const who = await patient()
    who.aliyun(content)
    expect(await findings(who, {}, ['aliyun-cli', 'leftovers'])).not.toEqual([])
    await walk(who, {}, ['aliyun-cli', 'leftovers'])
    expect(readFileSync(who.path, 'utf8')).not.toContain(planted.aliyunKeySecret)
  })

  test('[case 158] the file is one for import, --for aliyun and doctor: a link, with a byte order mark', async () => {
    const who = await patient()
    const target = join(who.home.home, 'dotfile.json')
    const profile = aliyunCloudSso('sso', portal.signInUrl, {
      mode: undefined,
      cloud_sso_account_id: 1432949406168187,
      cloud_sso_access_config: 'admin',
      region_id: 'OSS-CN-Shanghai',
    })
    writeFileSync(target, `\ufeff${JSON.stringify({ current: 'sso', profiles: [profile] })}`, { mode: 0o600 })
    symlinkSync(target, who.path)
    const before = await findings(who, {}, ['aliyun-cli', 'leftovers'])
    expect(before.map(({ check }) => check)).toEqual(['leftovers', 'aliyun-cli'])
    const fixes = await walk(who, {}, ['leftovers', 'aliyun-cli'])
    expect(fixes[0]).toBe(
      'sesame profile import --from aliyun && sesame configure --for aliyun --profile sso --overwrite',
    )
    expect(who.home.config().profiles.sso).toMatchObject({
      accountId: '1432949406168187',
      accessConfigurationName: 'admin',
      region: 'cn-shanghai',
    })
    expect(JSON.parse(readFileSync(target, 'utf8'))).toMatchObject({
      current: 'sso',
      profiles: [{ name: 'sso', mode: 'External', region_id: 'cn-shanghai' }],
    })
    // The name is enough for the next login to find the access configuration.
    const login = await who.home.run(['login', '--profile', 'sso', '--no-browser', '--force'])
    expect(login.code, login.stderr).toBe(0)
    expect(who.home.config().profiles.sso?.accessConfigurationId).toBe('ac-01jpbjjez9lspbg18c61')
  })

  test('[case 189] an access key in the file, and then in the copy that is made when it is replaced', async () => {
    const who = await patient()
    who.aliyun({ current: 'ak', profiles: [ak] })
    const fixes = await walk(who, {}, ['leftovers'])
    expect(fixes).toEqual([
      'sesame configure --for aliyun --profile ak --overwrite',
      expect.stringMatching(/^rm \S+config\.json\.bak-\S+$/),
    ])
  })

  test('[case 193] our own secrets in a copy of an earlier version, which others can read', async () => {
    const who = await patient()
    who.aliyun({ current: 'dev', profiles: [external] })
    const copy = `${who.path}.bak-20260101T000000000Z`
    writeFileSync(copy, JSON.stringify({ current: 'dev', profiles: [{ ...external, ...written }] }))
    chmodSync(copy, 0o644)
    expect(await findings(who, {}, ['leftovers'])).toMatchObject([
      { status: 'warning', fix: 'sesame configure --for aliyun --profile dev' },
      { status: 'problem', fix: `chmod 600 ${copy}` },
    ])
    await walk(who, {}, ['leftovers'])
    expect(readFileSync(copy, 'utf8')).not.toContain(planted.aliyunKeySecret)
  })
})

test.each([
  [
    '.alibabacloud/credentials',
    '[default]\ntype = access_key\naccess_key_id = LTAI\naccess_key_secret = hush\n',
  ],
  [
    '.aliyunlogcli',
    '[main]\naccess-id = LTAI\naccess-key = hush\nregion-endpoint = cn-hangzhou.log.aliyuncs.com\n',
  ],
  ['.ossutilconfig', '[Credentials]\naccessKeyID=LTAI\naccessKeySecret=hush\n'],
])('[case 189][case 191] an access key in ~/%s is named', async (name, text) => {
  const who = await patient()
  const path = join(who.home.home, ...name.split('/'))
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text, { mode: 0o600 })
  const found = await findings(who, {}, ['leftovers'])
  expect(found).toMatchObject([{ message: expect.stringContaining(path), fix: `rm ${path}` }])
  expect(JSON.stringify(found)).not.toContain('hush')
  await walk(who, {}, ['leftovers'])
  expect(existsSync(path)).toBe(false)
  writeFileSync(path, text.replace(/(key.?secret|access-key)\s*=.*/i, ''))
  expect(await findings(who, {}, ['leftovers'])).toEqual([])
})

describe('variables of the shell', () => {
  test.each([
    ['[case 155] a stale token', { ALIBABACLOUD_SECURITY_TOKEN: 'stale' }],
    ['[case 155] a stale token beside keys', { ...keys, ALICLOUD_ACCESS_KEY_STS_TOKEN: 'stale' }],
    [
      '[case 191] a whole foreign family',
      { ALIYUN_ACCESS_KEY_ID: 'a', ALIYUN_ACCESS_KEY_SECRET: 'b', ALIYUN_STS_TOKEN: 'c' },
    ],
    [
      '[case 191] PyODPS',
      {
        ODPS_STS_ACCESS_KEY_ID: 'a',
        ODPS_STS_ACCESS_KEY_SECRET: 'b',
        ODPS_STS_TOKEN: 'c',
        ODPS_BEARER_TOKEN: 'd',
      },
    ],
    ['[case 221] a mode', { ALIBABA_CLOUD_PROFILE_MODE: 'Anonymous', ALIBABA_CLOUD_BEARER_TOKEN: 'x' }],
    ['[case 222] a switch against External', { ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS: '1' }],
    ['[case 222] profiles ignored, and no keys', { ALIBABA_CLOUD_IGNORE_PROFILE: 'TRUE' }],
    ['[case 216] a profile that is not there', { ALIBABACLOUD_PROFILE: 'gone' }],
  ])('%s', async (_, env) => {
    const who = await patient()
    who.aliyun({ current: 'dev', profiles: [external] })
    expect(await findings(who, env as Record<string, string>, ['environment', 'aliyun-cli'])).not.toEqual([])
    await walk(who, env as Record<string, string>, ['environment', 'aliyun-cli'])
  })

  test('[case 214] keys in the shell beside a current profile of the CLI: both spellings', async () => {
    const who = await patient()
    who.aliyun({ current: 'ak', profiles: [{ ...ak, access_key_secret: 'x' }] })
    expect(await walk(who, keys, ['aliyun-cli'])).toEqual([
      'export ALIBABA_CLOUD_IGNORE_PROFILE=TRUE ALIBABACLOUD_IGNORE_PROFILE=TRUE',
    ])
  })
})

const mode = (path: string) => statSync(path).mode & 0o777

describe('configuration and state', () => {
  test('a file and a directory that others can use, and a current profile that is gone', async () => {
    const who = await patient()
    const config = join(who.home.directory, 'config.json')
    const state = JSON.parse(readFileSync(join(who.home.state, 'state.json'), 'utf8'))
    state.configurations.default.currentProfile = 'gone'
    writeFileSync(join(who.home.state, 'state.json'), JSON.stringify(state), { mode: 0o600 })
    chmodSync(config, 0o644)
    chmodSync(who.home.directory, 0o777)
    const fixes = await walk(who, {}, ['config'])
    // The file itself is mended by being read.
    expect(fixes).toEqual([
      `chmod 600 ${config}`,
      `chmod 700 ${who.home.directory}`,
      'sesame login --profile gone',
    ])
    expect([mode(config), mode(who.home.directory)]).toEqual([0o600, 0o700])
  })

  test.each([
    ['SESAME_CONFIG_DIR', 'here'],
    ['SESAME_STATE_DIR', 'there'],
  ])('%s=%s', async (name, value) => {
    const who = await patient()
    expect(await walk(who, { [name]: value }, ['config'])).toEqual([`unset ${name}`])
  })

  test('SESAME_STORE=nonsense', async () => {
    const who = await patient()
    await must(
      who.home.run(['configure', '--store', 'encrypted-file'], {
        env: { SESAME_PASSPHRASE: 'correct horse battery staple' },
      }),
    )
    const env = { SESAME_STORE: 'nonsense', SESAME_PASSPHRASE: 'correct horse battery staple' }
    expect(await walk(who, env, ['store'])).toEqual(['unset SESAME_STORE'])
  })
})

describe('stores', () => {
  const passphrase = { SESAME_PASSPHRASE: 'correct horse battery staple' }

  test.each(['plaintext', 'memory'])(
    '%s by variable, then as configured, with a passphrase at hand',
    async (store) => {
      const who = await patient({ env: { SESAME_STORE: store } })
      expect(await walk(who, { SESAME_STORE: store, ...passphrase }, ['store'])).toContain(
        'unset SESAME_STORE',
      )
      await must(who.home.run(['configure', '--store', store], { env: { SESAME_STORE: '' } }))
      const fix = 'sesame configure --store encrypted-file'
      expect(await walk(who, { SESAME_STORE: '', ...passphrase }, ['store'])).toEqual([fix])
      expect(who.home.items()).toEqual([])
    },
  )

  test('plaintext where nothing else can be used: no command is printed that would end worse', async () => {
    const who = await patient()
    await must(who.home.run(['configure', '--store', 'plaintext']))
    const [found] = await findings(who, { SESAME_STORE: '' }, ['store'])
    expect(isCommand(found?.fix)).toBe(false)
    expect(found?.fix).toContain('sesame configure --store encrypted-file --new-key')
  })

  test('plaintext beside a keychain that works', async () => {
    const keyring = await startKeyring({ mode: 'unlocked' })
    onTestFinished(() => keyring.stop())
    const { DBUS_SESSION_BUS_ADDRESS = '' } = keyring.env
    const who = await patient()
    await must(who.home.run(['configure', '--store', 'plaintext']))
    const env = { SESAME_STORE: '', DBUS_SESSION_BUS_ADDRESS }
    expect(await walk(who, env, ['store', 'leftovers'])).toEqual(['sesame configure --store keychain'])
    expect(who.home.items()).toEqual([])
    expect((await who.home.run(['credentials'], { env })).code).toBe(0)
  })

  test('an encrypted file of 0.1.0, whose derivation is weak, used by a profile that is not the current one', async () => {
    const who = await patient()
    const env = { SESAME_STORE: '', ...passphrase }
    const { run, state, items } = who.home
    writeOldStore(
      state,
      passphrase.SESAME_PASSPHRASE,
      Object.fromEntries(items().map(({ key, value }) => [key, JSON.stringify(value)])),
    )
    rmSync(join(state, 'plaintext-secrets'), { recursive: true })
    const file = JSON.parse(readFileSync(join(state, 'state.json'), 'utf8'))
    file.configurations.default.profiles.dev.store = 'encrypted-file'
    writeFileSync(join(state, 'state.json'), JSON.stringify(file), { mode: 0o600 })
    await must(run(['login', '--profile', 'other'], { env: { SESAME_STORE: 'plaintext' } }))
    const weak = (await findings(who, env, ['store'])).filter(({ message }) => message.includes('floor'))
    expect(weak).toMatchObject([{ fix: 'sesame login --profile dev --force' }])
    await must(run(['logout', '--profile', 'other'], { env }))
    await must(run(['profile', 'delete', 'other'], { env }))
    await walk(who, env, ['store'])
  })

  test('secrets that are elsewhere still: a login takes them along', async () => {
    const who = await patient()
    const env = { SESAME_STORE: 'encrypted-file', ...passphrase }
    const requests = portal.requests.length
    expect(await walk(who, env, ['profile', 'leftovers'])).toEqual(['sesame login --profile dev'])
    expect(who.home.items()).toEqual([])
    // Not a new sign-in.
    expect(portal.calls().slice(requests)).not.toContain('POST /token')
  })

  test('secrets that were left, of profiles and of none, and files that others can read', async () => {
    const who = await patient()
    const plain = join(who.home.state, 'plaintext-secrets')
    const before = who.home.items().map(({ path }) => [path, readFileSync(path)] as const)
    const env = { SESAME_STORE: 'encrypted-file', ...passphrase }
    await must(who.home.run(['login'], { env }))
    mkdirSync(plain, { recursive: true, mode: 0o700 })
    for (const [path, text] of before) writeFileSync(path, text, { mode: 0o644 })
    expect(await walk(who, env, ['leftovers'])).toEqual([
      `chmod -R go= ${plain}`,
      'sesame logout --profile dev',
    ])
    expect(who.home.items()).toEqual([])
    for (const [path, text] of before) {
      const { value } = JSON.parse(text.toString())
      writeFileSync(path.replace('.json', '-x.json'), JSON.stringify({ v: 1, key: 'token:x', value }), {
        mode: 0o644,
      })
    }
    expect(await walk(who, env, ['leftovers'])).toEqual([`rm -r ${plain}`])
  })

  test('files of the plaintext store that others can read', async () => {
    const who = await patient()
    for (const { path } of who.home.items()) chmodSync(path, 0o644)
    const plain = join(who.home.state, 'plaintext-secrets')
    // Reading them mends those that are read.
    writeFileSync(join(plain, 'another.json'), '{}', { mode: 0o644 })
    expect(await walk(who, {}, ['leftovers'])).toEqual([`chmod -R go= ${plain}`])
  })
})

describe('profiles', () => {
  test('signed out, and expired', async () => {
    const who = await patient({ signedIn: false })
    await must(who.home.run(['configure', '--profile', 'dev', '--signin-url', portal.signInUrl]))
    expect(await walk(who, {}, ['profile'])).toEqual(['sesame login --profile dev'])
    who.home.change(({ value }) => ({ ...value, expiresAt: new Date(Date.now() - 1000).toISOString() }))
    expect(await walk(who, {}, ['profile'])).toEqual(['sesame login --profile dev'])
  })

  test('an application without its secret', async () => {
    const idaas = await startTestIdaas()
    onTestFinished(() => idaas.stop())
    const who = await patient({ signedIn: false })
    const { url, applicationUuid, appKey } = idaas.application
    const words = ['--idaas-url', url, '--application-uuid', applicationUuid, '--app-key', appKey]
    await must(who.home.run(['configure', '--profile', 'api', ...words]))
    expect(await walk(who, {}, ['profile'], idaas.settings.appSecret)).toEqual([
      'sesame configure --profile api --app-secret-stdin',
    ])
    await must(who.home.run(['token', 'get', '--profile', 'api']))
  })

  test(
    'a sign-in that the provider no longer renews',
    inOidcWorld({}, async (world) => {
      await configureCorp(world, { role: false })
      await must(world.home.run(['login', '--profile', 'corp']))
      world.oidc.revokeGrants()
      ageTokens(world, 'token', -1000)
      world.oidc.fault('POST /token', { kind: 'json', status: 400, body: { error: 'invalid_request' } })
      expect((await world.home.run(['token', 'get', '--profile', 'corp'])).code).toBe(3)
      const who = { home: world.home, path: '', aliyun: () => {}, portal }
      expect(await walk(who, {}, ['profile'])).toEqual(['sesame login --profile corp'])
      await must(world.home.run(['token', 'get', '--profile', 'corp']))
    }),
  )

  test(
    'a sign-in without the ID token that its role needs',
    inOidcWorld({}, async (world) => {
      await configureCorp(world, { words: ['--scope', 'offline_access'] })
      expect((await world.home.run(['login', '--profile', 'corp'])).code).not.toBe(0)
      const who = { home: world.home, path: '', aliyun: () => {}, portal }
      expect(await walk(who, {}, ['profile'])).toEqual([
        'sesame configure --profile corp --scope "openid offline_access"',
        'sesame login --profile corp',
      ])
      await must(world.home.run(['credentials', '--profile', 'corp']))
    }),
  )

  test('what is called ok works', async () => {
    await inFourKinds(async (world) => {
      for (const name of ['auditor', 'sso', 'tokens', 'api'])
        await must(world.home.run(['login', '--profile', name]))
      const { stdout } = await world.home.run(['doctor', '--offline', '--json'])
      const good = (JSON.parse(stdout) as { check: string; status: string; message: string }[]).filter(
        ({ check, status }) => check === 'profile' && status === 'ok',
      )
      expect(good).toHaveLength(6)
      for (const { message } of good) {
        const [name = ''] = message.split(/[ :]/)
        const words = ['tokens', 'api'].includes(name) ? ['token', 'get'] : ['credentials']
        await must(world.home.run([...words, '--profile', name]))
      }
    })()
  })
})

describe('files of other tools', () => {
  test('tokens of acs-sso, which others can read, and then not', async () => {
    for (const fileMode of [0o644, 0o600]) {
      const who = await patient()
      writeAcsSso(who.home.home, { signInUrl: portal.signInUrl, profiles: { acs: '1:ac-1' } })
      chmodSync(acsSsoPath(who.home.home), fileMode)
      expect(await walk(who, {}, ['leftovers'])).toEqual([
        'sesame profile import --from acs-sso --delete-source',
      ])
      expect(existsSync(acsSsoPath(who.home.home))).toBe(false)
    }
  })

  test.each([
    ['acs-sso', '.alibabacloud_sso_sts'],
    ['the aliyun CLI', '.aliyun/config.json'],
  ])('what cannot be read of %s', async (_, name) => {
    const who = await patient()
    const path = join(who.home.home, name)
    writeFileSync(path, '{"current": ', { mode: 0o600 })
    expect(await walk(who, {}, ['leftovers'])).toEqual([`mv ${path} ${path}.bad`])
  })

  test('an access key that others can read', async () => {
    const who = await patient()
    const path = join(who.home.home, '.ossutilconfig')
    writeFileSync(path, '[Credentials]\naccessKeyID=LTAI\naccessKeySecret=hush\n', { mode: 0o644 })
    expect(await findings(who, {}, ['leftovers'])).toMatchObject([{ status: 'problem' }])
    expect(await walk(who, {}, ['leftovers'])).toEqual([`rm ${path}`])
  })

  test('an empty profile that the aliyun CLI would use, and one that it spells otherwise', async () => {
    const who = await patient()
    who.aliyun({ current: 'dev', profiles: [{ ...external, mode: 'external' }] })
    expect(await walk(who, {}, ['aliyun-cli'])).toEqual(['sesame configure --for aliyun --profile dev'])
  })

  test('an access key in the aliyun CLI’s file, which others can read', async () => {
    const who = await patient()
    who.aliyun({ current: 'dev', profiles: [external] })
    chmodSync(who.path, 0o644)
    expect(await walk(who, {}, ['leftovers'])).toEqual([`chmod 600 ${who.path}`])
  })

  test('numbers in a profile of another kind are named, since no command mends them', async () => {
    const who = await patient()
    who.aliyun({ current: 'ak', profiles: [{ ...ak, region_id: 5 }] })
    expect(await findings(who, {}, ['aliyun-cli'])).toMatchObject([{ fix: 'put the value between quotes' }])
  })
})

describe('more variables of the shell', () => {
  const sts = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.a', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'x' }
  const oss = { OSS_ACCESS_KEY_ID: 'STS.b', OSS_ACCESS_KEY_SECRET: 'y' }
  test.each<[string, Record<string, string>]>([
    ['an id alone', { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI' }],
    ['a secret alone', { OSS_ACCESS_KEY_SECRET: 'x' }],
    ['a temporary key without its token', sts],
    ['a long-term key with a token', { ...keys, ALIBABA_CLOUD_SECURITY_TOKEN: 't' }],
    [
      'two tokens of one key',
      {
        ALIBABACLOUD_ACCESS_KEY_ID: 'STS.a',
        ALIBABACLOUD_ACCESS_KEY_SECRET: 'x',
        SECURITY_TOKEN: 'a',
        ALIBABACLOUD_SECURITY_TOKEN: 'b',
      },
    ],
    [
      'two keys with one token',
      { ...sts, ALIBABA_CLOUD_SECURITY_TOKEN: 't', ...oss, OSS_SESSION_TOKEN: 't' },
    ],
    ['two keys', { ...keys, OSS_ACCESS_KEY_ID: 'LTAJ', OSS_ACCESS_KEY_SECRET: 'y' }],
    ['one key with two secrets', { ...keys, OSS_ACCESS_KEY_ID: 'LTAI', OSS_ACCESS_KEY_SECRET: 'other' }],
    ['an expiration that is none', { SESAME_EXPIRATION: 'soon' }],
    [
      'credentials that have expired',
      {
        ...sts,
        ALIBABA_CLOUD_SECURITY_TOKEN: 't',
        SESAME_EXPIRATION: '2020-01-01T00:00:00Z',
        SESAME_PROFILE: 'dev',
      },
    ],
    [
      'an expiration that is over, without keys',
      { SESAME_EXPIRATION: '2020-01-01T00:00:00Z', SESAME_PROFILE: 'dev' },
    ],
    ['certificates that are not checked', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ])('%s', async (_, env) => {
    const who = await patient()
    expect(await findings(who, env, ['environment', 'tls'])).not.toEqual([])
    await walk(who, env, ['environment', 'tls'])
  })

  test.each<[string, Record<string, string>, string]>([
    [
      'a proxy before a credentials URI',
      {
        ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:1/x',
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
        http_proxy: 'http://p:1',
      },
      'unset http_proxy',
    ],
    [
      'ECS metadata before a credentials URI',
      { ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:1/x' },
      'export ALIBABA_CLOUD_ECS_METADATA_DISABLED=true',
    ],
  ])('[case 191] %s', async (_, env, fix) => {
    const who = await patient()
    expect(await walk(who, env, ['sdk-chain'])).toContain(fix)
  })

  test('IGNORE_PROFILE with a value that the aliyun CLI does not take', async () => {
    const who = await patient()
    who.aliyun({ current: 'dev', profiles: [external] })
    const both = 'export ALIBABA_CLOUD_IGNORE_PROFILE=TRUE ALIBABACLOUD_IGNORE_PROFILE=TRUE'
    const env = { ...keys, ALIBABA_CLOUD_IGNORE_PROFILE: 'true' }
    expect(await walk(who, env, ['aliyun-cli'])).toEqual([both])
  })
})

/** What no walk can show, with the reason: the file, words of the finding in the source, and why. */
const notWalked: readonly [file: string, words: string, reason: string][] = [
  ['versions.ts', 'problem', 'needs another Node.js'],
  ['servers.ts', '', 'the network, and sentences'],
  ['clock.ts', '', 'the clock of the machine'],
  ['config.ts', 'read.message', 'a sentence'],
  ['config.ts', 'does not exist yet', 'has a gap for the address'],
  ['config.ts', "problem('state'", 'a sentence'],
  ['profiles.ts', 'failure.message', 'a sentence'],
  ['profiles.ts', 'no sign-in URL', 'has a gap for the address'],
  ['profiles.ts', 'its store cannot be read', 'a sentence'],
  ['store.ts', 'facts.message', 'a sentence, or has a gap for the passphrase'],
  ['store.ts', 'notes[0]', 'a sentence, or has a gap for the passphrase'],
  ['left-stores.ts', 'const [first', 'a sentence'],
  ['sdk-chain.ts', 'exec -- COMMAND', 'has a gap for the command'],
]

test('every finding with a remedy that a program can carry out was walked', () => {
  const open = allSites().filter(
    ({ place, text }) =>
      !walked.has(place) &&
      !place.startsWith('finding.ts') &&
      !notWalked.some(([file, words]) => place.startsWith(`${file}:`) && text.includes(words)),
  )
  expect(open).toEqual([])
})
