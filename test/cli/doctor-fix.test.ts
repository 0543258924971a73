import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  allSites,
  type Finding,
  findings,
  fixedAt,
  patient as newPatient,
  noteSite,
  type Patient,
  walkByFix,
} from '../support/doctor-walk.ts'
import {
  acsSsoPath,
  aliyunCloudSso,
  planted,
  recordPlanted,
  writeAcsSso,
  writeAliyun,
} from '../support/foreign-home.ts'
import { must } from '../support/oidc-world.ts'
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

/* Break something, run `doctor --fix`, and it is fine; and nothing is lost that was only there. */

let portal: TestPortal
beforeAll(async () => {
  recordPlanted()
  portal = await startPortal()
})
afterAll(() => portal.stop())

const patient = (options?: Parameters<typeof newPatient>[1]) => newPatient(portal, options)
const plaintext = { SESAME_STORE: 'plaintext' }
const passphrase = { SESAME_STORE: 'encrypted-file', SESAME_PASSPHRASE: 'correct horse battery staple' }
const mode = (path: string) => statSync(path).mode & 0o777

async function fix(who: Patient, env: Record<string, string> = plaintext, ...words: string[]) {
  const { code, stdout, stderr } = await who.home.run(
    ['doctor', '--fix', '--yes', '--offline', '--json', ...words],
    {
      env,
    },
  )
  return { code, stderr, findings: (stdout === '' ? [] : JSON.parse(stdout)) as Finding[] }
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
const ak = {
  name: 'ak',
  mode: 'AK',
  access_key_id: 'LTAI',
  access_key_secret: 'only-copy',
  region_id: 'cn-beijing',
}

describe('plain-text leftovers', () => {
  test.each([0o644, 0o600])(
    'of acs-sso, of mode %o: its profile is taken over, then its files go',
    async (fileMode) => {
      const who = await patient()
      writeAcsSso(who.home.home, { signInUrl: portal.signInUrl, profiles: { acs: '1:ac-1' } })
      chmodSync(acsSsoPath(who.home.home), fileMode)
      await walkByFix(who, plaintext, ['leftovers'])
      expect(existsSync(acsSsoPath(who.home.home))).toBe(false)
      expect(who.home.config().profiles.acs).toMatchObject({ accountId: '1', accessConfigurationId: 'ac-1' })
    },
  )

  test('of acs-sso, one of whose profiles cannot be taken over: nothing is deleted, and it is said', async () => {
    const who = await patient()
    await must(who.home.run(['configure', '--profile', 'acs', '--signin-url', `${portal.signInUrl}x`]))
    writeAcsSso(who.home.home, { signInUrl: portal.signInUrl, profiles: { acs: '1:ac-1' } })
    const before = readFileSync(acsSsoPath(who.home.home))
    const { code, stderr, findings } = await fix(who)
    expect(code).toBe(1)
    expect(stderr).toContain('Not deleted: ')
    expect(stderr).toContain('Not fixed: The command failed; it said why.\n')
    expect(findings).toContainEqual(expect.objectContaining({ check: 'leftovers', status: 'problem' }))
    expect(readFileSync(acsSsoPath(who.home.home))).toEqual(before)
  })

  test('what an SDK wrote back goes, also from a copy; keys of the aliyun CLI stay, and so do its own sign-ins', async () => {
    const who = await patient()
    const sso = aliyunCloudSso('sso', portal.signInUrl, {
      access_key_secret: 'cli-secret',
      sts_token: 'cli-token',
    })
    const path = writeAliyun(who.home.home, [{ ...external, ...written }, ak, sso], 'dev')
    chmodSync(path, 0o644)
    const copy = `${path}.bak-20260101T000000000Z`
    writeFileSync(copy, JSON.stringify({ current: 'dev', profiles: [{ ...external, ...written }] }), {
      mode: 0o600,
    })
    await walkByFix(who, plaintext, ['leftovers'])
    for (const each of [path, copy]) expect(readFileSync(each, 'utf8')).not.toContain(planted.aliyunKeySecret)
    expect(mode(path)).toBe(0o600)
    const { profiles } = JSON.parse(readFileSync(path, 'utf8'))
    expect(profiles.slice(1)).toEqual([ak, sso])
    const left = await findings(who, plaintext, ['leftovers'])
    expect(left.map(({ message }) => message)).toEqual([
      expect.stringContaining('of profile ak (AK)'),
      expect.stringContaining('of profile sso (CloudSSO)'),
    ])
  })

  test('a profile of the aliyun CLI that runs another profile of sesame, or one that is not there, stays', async () => {
    const who = await patient()
    const profiles = [
      { ...external, ...written, name: 'web' },
      { ...external, ...written, name: 'gone', process_command: 'sesame credentials --profile gone' },
    ]
    const path = writeAliyun(who.home.home, profiles, 'web')
    const before = readFileSync(path, 'utf8')
    const { stderr } = await fix(who)
    expect(stderr).toMatch(/Fixing: .*--profile gone\nNot fixed: sesame has no profile gone, /)
    expect(stderr).not.toContain('--profile web\n')
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  test('a key of another tool that others can read is closed, not deleted', async () => {
    const who = await patient()
    const path = join(who.home.home, '.ossutilconfig')
    const text = '[Credentials]\naccessKeyID=LTAI\naccessKeySecret=hush\n'
    writeFileSync(path, text, { mode: 0o644 })
    await walkByFix(who, plaintext, ['leftovers'])
    expect({ mode: mode(path), text: readFileSync(path, 'utf8') }).toEqual({ mode: 0o600, text })
    expect(await findings(who, plaintext, ['leftovers'])).toMatchObject([
      { status: 'warning', fix: `rm ${path}` },
    ])
  })

  test('a store that was left: what it still holds goes, and the sign-in stays', async () => {
    const who = await patient()
    const secrets = join(who.home.state, 'plaintext-secrets')
    cpSync(secrets, `${secrets}.copy`, { recursive: true })
    const env = { SESAME_STORE: '', SESAME_PASSPHRASE: 'correct horse battery staple' }
    await must(who.home.run(['configure', '--store', 'encrypted-file'], { env }))
    cpSync(`${secrets}.copy`, secrets, { recursive: true })
    rmSync(`${secrets}.copy`, { recursive: true })
    expect(await findings(who, env, ['leftovers'])).toMatchObject([{ fix: 'sesame logout --profile dev' }])
    await walkByFix(who, env, ['leftovers'])
    expect(who.home.items()).toEqual([])
    expect((await who.home.run(['credentials', '--profile', 'dev'], { env })).code).toBe(0)
  })

  /** Secrets in the plaintext store, and a configuration without the profile that they are of. */
  async function orphaned(): Promise<Patient> {
    const who = await patient()
    const config = JSON.parse(readFileSync(join(who.home.directory, 'config.json'), 'utf8'))
    writeFileSync(join(who.home.directory, 'config.json'), JSON.stringify({ ...config, profiles: {} }))
    writeFileSync(join(who.home.state, 'state.json'), '{}', { mode: 0o600 })
    return who
  }

  test('secrets that no profile leads to', async () => {
    const who = await orphaned()
    expect(who.home.items().length).toBeGreaterThan(0)
    await walkByFix(who, passphrase, ['leftovers'])
    expect(who.home.items()).toEqual([])
  })

  test('they stay while it is not known of every profile where it has its own', async () => {
    const who = await orphaned()
    const path = join(who.home.directory, 'config.json')
    const items = who.home.items()
    const config = JSON.parse(readFileSync(path, 'utf8'))
    const role = { kind: 'role', roleArn: 'acs:ram::1:role/r', sourceProfile: 'gone' }
    for (const text of ['{"version": 1, "profi', JSON.stringify({ ...config, profiles: { role } })]) {
      writeFileSync(path, text)
      await fix(who, passphrase)
      expect(who.home.items()).toEqual(items)
    }
    rmSync(path)
    await fix(who, passphrase)
    writeFileSync(path, JSON.stringify({ ...config, profiles: { one: { kind: 'cloudsso' } } }))
    await fix(who, passphrase, '--profile', 'one')
    expect(who.home.items()).toEqual(items)
  })

  test('items of the plaintext store that others can read', async () => {
    const who = await patient()
    // Those that are read are closed by that.
    const path = join(who.home.state, 'plaintext-secrets', 'another.json')
    writeFileSync(path, '{}', { mode: 0o644 })
    await walkByFix(who, plaintext, ['leftovers'])
    expect({ mode: mode(path), text: readFileSync(path, 'utf8') }).toEqual({ mode: 0o600, text: '{}' })
  })
})

describe('configuration, stores and the aliyun CLI', () => {
  test('modes of the configuration', async () => {
    const who = await patient()
    chmodSync(join(who.home.directory, 'config.json'), 0o644)
    chmodSync(who.home.directory, 0o777)
    await walkByFix(who, plaintext, ['config'])
    expect([mode(join(who.home.directory, 'config.json')), mode(who.home.directory)]).toEqual([0o600, 0o700])
  })

  test('a configuration that cannot be read stays as it is', async () => {
    const who = await patient()
    const path = join(who.home.directory, 'config.json')
    writeFileSync(path, '{"version": 1, "profi')
    expect(await fix(who)).toMatchObject({ code: 1, stderr: 'Nothing here can be fixed by itself.\n' })
    expect(readFileSync(path, 'utf8')).toBe('{"version": 1, "profi')
  })

  test.each(['plaintext', 'memory'])('%s, with a passphrase at hand: the secrets move', async (store) => {
    const who = await patient()
    await must(who.home.run(['configure', '--store', store]))
    await walkByFix(who, { ...passphrase, SESAME_STORE: '' }, ['store'])
    expect(who.home.items()).toEqual([])
  })

  test('plaintext by SESAME_STORE stays: a program cannot change the shell', async () => {
    const who = await patient()
    const { stderr } = await fix(who, { ...passphrase, SESAME_STORE: 'plaintext' })
    expect(stderr).toBe('Nothing here can be fixed by itself.\n')
  })

  test.each([
    ['a byte order mark', `\ufeff${JSON.stringify({ current: 'dev', profiles: [external] })}`],
    ['other capitals', { current: 'dev', profiles: [{ ...external, mode: 'external' }] }],
    ['an empty default', { current: 'default', profiles: [{ name: 'default', mode: '', language: 'en' }] }],
    ['a current profile that is not there', { current: 'gone', profiles: [ak] }],
  ])('%s in the file of the aliyun CLI', async (_, content) => {
    const who = await patient()
    who.aliyun(content)
    await walkByFix(who, plaintext, ['aliyun-cli'])
  })
})

describe('the command', () => {
  test('without a terminal and without --yes it is exit 2 and changes nothing', async () => {
    const who = await patient()
    chmodSync(who.home.directory, 0o777)
    const { code, stdout, stderr } = await who.home.run(['doctor', '--fix', '--offline'])
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'sesame: --fix asks before it changes something, and here is no terminal.\nAdd --yes to fix everything without a question.\n',
    })
    expect(mode(who.home.directory)).toBe(0o777)
    expect(await who.home.run(['doctor', '--yes'])).toMatchObject({ code: 2, stdout: '' })
  })

  test('stdout and the exit code are those of the second look', async () => {
    const who = await patient()
    chmodSync(who.home.directory, 0o777)
    const { code, stderr, findings } = await fix(who)
    expect(code).toBe(0)
    expect(stderr).toBe(
      `other users can write to ${who.home.directory} (mode 0777)\nFixing: chmod 700 ${who.home.directory}\n`,
    )
    expect(findings.filter(({ status }) => status === 'problem')).toEqual([])
    for (const finding of findings) expect(Object.keys(finding)).not.toContain('remedy')
    mkdirSync(join(who.home.home, '.alibabacloud'))
    writeFileSync(acsSsoPath(who.home.home), '{"current": ', { mode: 0o600 })
    expect(await fix(who, { ...plaintext, NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toMatchObject({ code: 1 })
  })

  test('in Chinese', async () => {
    const who = await patient()
    chmodSync(who.home.directory, 0o777)
    const { stderr } = await fix(who, { ...plaintext, SESAME_LANGUAGE: 'zh' })
    expect(stderr).toContain(`正在修复：chmod 700 ${who.home.directory}\n`)
  })
})

test('every remedy that there is was carried out, and helped', () => {
  const handing = allSites().filter(({ call }) =>
    /\bby[A-Z]\w+\(|\.does\b|[rR]emedyFor|moveTo|emptying|closing|deletion/.test(call),
  )
  expect(handing.length).toBeGreaterThan(10)
  expect(handing.filter(({ place }) => !fixedAt.has(place)).map(({ call }) => call)).toEqual([])
})
