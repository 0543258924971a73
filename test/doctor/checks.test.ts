import { describe, expect, test } from 'vitest'
import { aliyunFacts } from '../../src/doctor/aliyun-facts.ts'
import { checkClock } from '../../src/doctor/clock.ts'
import { checkLeftovers } from '../../src/doctor/leftovers.ts'
import { checkProfile } from '../../src/doctor/profiles.ts'
import { checkServer, type ServerFacts } from '../../src/doctor/servers.ts'
import { checkStore, type StoreInspection } from '../../src/doctor/store.ts'
import { checkVersions } from '../../src/doctor/versions.ts'
import { shells } from '../../src/kit/index.ts'
import { readAliyunProfile } from '../../src/profiles/index.ts'

const now = new Date('2026-11-21T08:00:00Z')

test.each([
  ['20.18.1', 'ok'],
  ['20.19.0', 'ok'],
  ['22.3.0', 'ok'],
  ['24.0.0', 'ok'],
  ['22.2.0', 'problem'],
  ['22.0.0', 'problem'],
  ['21.7.3', 'problem'],
  ['20.18.0', 'problem'],
  ['18.20.8', 'problem'],
])('[case 149] Node.js %s is %s', (node, status) => {
  expect(checkVersions({ sesame: '1.0.0', node, platform: 'linux x64' })).toMatchObject({ status })
})

test('the build is named with its runtime, whatever Node that resembles', () => {
  const versions = {
    sesame: '1.0.0',
    build: 'linux-x64',
    node: '22.1.0',
    bun: '1.4.5',
    platform: 'linux x64',
  }
  expect(checkVersions(versions)).toMatchObject({
    status: 'ok',
    message: 'sesame 1.0.0 (standalone, linux-x64), Bun 1.4.5, linux x64',
  })
  const ofPackage = { sesame: '1.0.0', node: '24.1.0', platform: 'linux x64' }
  expect(checkVersions(ofPackage).message).toBe('sesame 1.0.0 (npm package), Node.js 24.1.0, linux x64')
})

const use = { fromEnvironment: false, words: shells.posix }

describe('the clock', () => {
  const portal = (skewMs: number | undefined): ServerFacts => ({
    role: 'portal',
    origin: 'https://portal.example',
    way: undefined,
    outcome: { kind: 'answered', status: 404, tookMs: 12, skewMs },
  })
  test.each([
    [0, 'ok', 'right'],
    [30_000, 'ok', 'right, to 30 s'],
    [31_000, 'warning', 'this clock is 31 s slow'],
    [-300_000, 'warning', 'this clock is 5 min fast'],
    [-301_000, 'problem', 'this clock is 5 min fast'],
    [86_400_000, 'problem', 'this clock is 1440 min slow'],
  ])('%d ms: %s', (skewMs, status, message) => {
    const finding = checkClock([portal(skewMs)], 'linux')
    expect(finding).toMatchObject({ status, message: expect.stringContaining(message) })
    if (status !== 'ok') expect(finding?.fix).toBe('sudo timedatectl set-ntp true')
  })

  test('of several portals the nearest is believed; without a Date there is no word', () => {
    expect(checkClock([portal(-600_000), portal(1000)], 'linux')).toMatchObject({ status: 'ok' })
    expect(checkClock([portal(undefined)], 'linux')).toBeUndefined()
  })

  test('a portal: any answer below 500 is fine, and the proxy is shown', () => {
    const way = 'proxy p:3128 (HTTPS_PROXY)'
    expect(checkServer({ ...portal(0), way })).toMatchObject({
      status: 'ok',
      message: 'https://portal.example answers in 12 ms, through proxy p:3128 (HTTPS_PROXY), TLS ok',
    })
    const outcome = { kind: 'answered' as const, status: 503, tookMs: 1, skewMs: 0 }
    expect(checkServer({ ...portal(0), outcome })).toMatchObject({ status: 'warning' })
  })
})

describe('a profile', () => {
  const facts = { name: 'my dev', current: true, signInUrl: 'https://x.example/a' }
  const expiresAt = new Date('2026-11-21T09:00:00Z')
  test('is reported with what would help', () => {
    expect(checkProfile({ ...facts, status: 'valid', expiresAt })).toMatchObject({ status: 'ok' })
    expect(checkProfile({ ...facts, status: 'expired', expiresAt })).toEqual({
      check: 'profile',
      status: 'warning',
      message: 'my dev (current): expired at 2026-11-21T09:00:00Z',
      fix: 'sesame login --profile "my dev"',
    })
    expect(checkProfile({ ...facts, status: 'expired', expiresAt, beforeTime: true }).message).toContain(
      "counts as expired, since this machine's clock was set or is slow (valid until 2026-11-21T09:00:00Z",
    )
    const renewal = { kind: 'until', at: new Date('2026-11-21T15:00:00Z') } as const
    expect(checkProfile({ ...facts, status: 'expired', expiresAt, renewal })).toMatchObject({
      status: 'ok',
      message: 'my dev (current): expired; renews by itself until 2026-11-21T15:00:00Z',
    })
    expect(checkProfile({ ...facts, signInUrl: undefined, status: 'none' })).toMatchObject({
      status: 'problem',
    })
  })
})

describe('a store', () => {
  test.each([
    [{ kind: 'keychain', probe: 'unlocked', notes: [] }, 'auto', 'ok'],
    [{ kind: 'encrypted-file', probe: 'no-bus', notes: [] }, 'auto', 'ok'],
    [{ kind: 'memory', probe: 'locked', notes: ['…: the keyring is locked.'] }, 'auto', 'warning'],
    [{ kind: 'plaintext', notes: [] }, 'plaintext', 'warning'],
  ] as const)('%o is %s', (inspection, choice, status) => {
    expect(checkStore({ choice, kind: 'opened', inspection }, use)).toMatchObject({ status })
  })
  const encrypted = { kind: 'encrypted-file', notes: [] } as const
  const line = (inspection: StoreInspection) =>
    checkStore({ choice: 'encrypted-file', kind: 'opened', inspection }, use)
  test('[case 123] an encrypted file below the floor is a warning, with what is known of its key', () => {
    const unlockedUntil = new Date('2026-11-21T20:00:00Z')
    const facts = { openedBy: 'passphrase', belowFloor: true, unlockedUntil } as const
    expect(line({ ...encrypted, encryption: facts })).toEqual({
      check: 'store',
      status: 'warning',
      message:
        "encrypted-file: opened by a passphrase whose derivation is below OWASP's floor until something is written; unlocked until 2026-11-21T20:00:00Z; the keychain is not asked",
      fix: 'sesame login --force',
    })
    const key = { openedBy: 'key', belowFloor: false, unlockedUntil: undefined } as const
    expect(line({ ...encrypted, encryption: key }).message).toContain('a key of full strength; not unlocked')
  })
  test('[case 107] what is to be known of the bus is reported', () => {
    const bus = 'the D-Bus session bus at /run/user/1000/bus belongs to another user (uid 1000)'
    expect(line({ ...encrypted, probe: 'no-bus', bus }).message).toContain(`no-bus (${bus})`)
    expect(line({ kind: 'keychain', probe: 'unlocked', bus, notes: [] }).message).toContain(bus)
  })
  test('that cannot be opened is a problem; one named by the environment is unset there', () => {
    expect(
      checkStore({ choice: 'keychain', kind: 'failed', message: 'locked', hint: 'Unlock it.' }, use),
    ).toEqual({
      check: 'store',
      status: 'problem',
      message: 'keychain: locked',
      fix: 'Unlock it.',
    })
    const inspection = { kind: 'memory', notes: [] } as const
    expect(
      checkStore({ choice: 'memory', kind: 'opened', inspection }, { ...use, fromEnvironment: true }).fix,
    ).toBe('unset SESAME_STORE')
  })
})

describe('leftovers', () => {
  const none = { acsSso: undefined, aliyun: undefined, plaintextStore: undefined, unreadable: [] }
  const file = {
    profiles: [
      { name: 'ak', mode: 'AK', access_key_id: 'LTAI', access_key_secret: 'hush-hush' },
      { name: 'sso', mode: 'CloudSSO', access_token: 'hush-hush', cloud_sso_access_token_expire: 1 },
      {
        name: 'ext',
        mode: 'External',
        process_command: '/usr/bin/sesame credentials',
        sts_token: 'hush-hush',
      },
      {
        name: 'other',
        mode: 'External',
        process_command: 'vault-sesameseed x',
        access_key_secret: 'hush-hush',
      },
      { name: '__proto__', mode: 'cloudsso', sts_token: 7, access_token: '' },
    ],
  }
  const { profiles } = aliyunFacts(
    {
      kind: 'content',
      path: '/h/.aliyun/config.json',
      text: '',
      encoding: 'utf-8',
      mode: 0o600,
      current: 'sso',
      profiles: file.profiles.map((entry) => readAliyunProfile(entry)),
      file: { kind: 'text', path: '', text: '', mode: 0o600, encoding: 'utf-8' },
    },
    now,
  )

  test('[case 189][case 217] every profile with secrets is named with its own remedy, a long-term key too', () => {
    const findings = checkLeftovers({
      ...none,
      aliyun: { path: '/h/.aliyun/config.json', mode: 0o600, profiles },
    })
    expect(findings.map(({ status, fix }) => [status, fix])).toEqual([
      ['warning', 'sesame configure --for aliyun --profile ak --overwrite'],
      [
        'warning',
        'sesame profile import --from aliyun && sesame configure --for aliyun --profile sso --overwrite',
      ],
      ['warning', 'sesame configure --for aliyun --profile ext'],
      ['warning', 'sesame configure --for aliyun --profile other --overwrite'],
    ])
    expect(JSON.stringify(findings)).not.toContain('hush')
    expect(profiles.map(({ usable }) => usable)).toEqual([true, false, true, true, false])
  })

  test('what other users can read is a problem', () => {
    const acsSso = { path: '/h/.alibabacloud_sso_sts', holdsSecrets: true }
    expect(checkLeftovers({ ...none, acsSso: { ...acsSso, mode: 0o600 } })).toMatchObject([
      { status: 'warning' },
    ])
    expect(checkLeftovers({ ...none, acsSso: { ...acsSso, mode: 0o644 } })).toMatchObject([
      { status: 'problem', message: expect.stringContaining('mode 0644') },
    ])
    const plaintextStore = {
      path: '/c/plaintext-secrets',
      items: 2,
      openToOthers: 1,
      inUse: true,
      shared: false,
    }
    expect(checkLeftovers({ ...none, plaintextStore })).toMatchObject([
      { status: 'problem', fix: 'chmod -R go= /c/plaintext-secrets' },
    ])
    expect(checkLeftovers(none)).toMatchObject([{ status: 'ok' }])
  })
})
