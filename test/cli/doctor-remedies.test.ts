import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { aliyunCloudSso, planted, recordPlanted } from '../support/foreign-home.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { sesamePath } from '../support/sesame.ts'
import { makeTestHome, type TestHome } from '../support/test-home.ts'

runCommandsHere()

/* Break something, read the remedy that doctor prints, run it in a shell, and it is fine. */

interface Finding {
  check: string
  status: string
  message: string
  fix?: string
}

let portal: TestPortal
beforeAll(async () => {
  recordPlanted()
  portal = await startPortal()
})
afterAll(() => portal.stop())

interface Patient {
  home: TestHome
  path: string
  aliyun(content: unknown): void
}

async function patient(): Promise<Patient> {
  const home = makeTestHome(portal)
  onTestFinished(() => home.remove())
  expect((await home.run(['login', '--profile', 'dev', '--no-browser'])).code).toBe(0)
  const directory = join(home.home, '.aliyun')
  mkdirSync(directory, { mode: 0o700 })
  const path = join(directory, 'config.json')
  const aliyun = (content: unknown) => {
    const bytes = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content)
    writeFileSync(path, bytes, { mode: 0o600 })
  }
  return { home, path, aliyun }
}

async function findings({ home }: Patient, env: Record<string, string>, checks: readonly string[]) {
  const { stdout } = await home.run(['doctor', '--offline', '--json'], { env })
  const all: Finding[] = JSON.parse(stdout)
  for (const { value } of portal.issued) expect(stdout).not.toContain(value)
  return all.filter(({ check, status }) => checks.includes(check) && status !== 'ok')
}

/** Runs a remedy as a user would paste it, and returns the environment of the shell after it. */
function carryOut(fix: string, { home }: Patient, env: Record<string, string>): Record<string, string> {
  const bin = mkdtempSync(join(tmpdir(), 'remedy-'))
  onTestFinished(() => rmSync(bin, { recursive: true }))
  writeFileSync(join(bin, 'sesame'), `#!/bin/sh\nexec '${process.execPath}' '${sesamePath}' "$@"\n`, {
    mode: 0o755,
  })
  const base = { PATH: `${bin}:${process.env.PATH}`, HOME: home.home, SESAME_STORE: 'plaintext' }
  const done = spawnSync('bash', ['-c', `{ ${fix}; } >&2 && env -0`], {
    encoding: 'utf8',
    env: { ...base, ...env },
  })
  expect(done.status, `${fix}\n${done.stderr}`).toBe(0)
  const after = done.stdout.split('\0').filter(Boolean)
  const own = after
    .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
    .filter(([name]) => !(name in base) && !['_', 'SHLVL', 'PWD', 'OLDPWD'].includes(name))
  return Object.fromEntries(own)
}

/** Breaks are found, and gone after the remedies: each leads on, at most a few times. */
async function walk(who: Patient, env: Record<string, string>, checks: readonly string[]): Promise<string[]> {
  const fixes: string[] = []
  let now = env
  for (let step = 0; step < 6; step++) {
    const [first] = await findings(who, now, checks)
    if (first === undefined) return fixes
    fixes.push(first.fix ?? '')
    now = carryOut(first.fix ?? '', who, now)
  }
  throw new Error(`not fine after: ${fixes.join(' | ')}`)
}

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
