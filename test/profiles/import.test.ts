import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deletePlainFiles, readPlainFile } from '../../src/files/index.ts'
import {
  type Config,
  emptyConfig,
  type ForeignConfiguration,
  type ForeignProfile,
  planImport,
} from '../../src/profiles/index.ts'
import { isProfileName } from '../../src/profiles/profile.ts'
import { readForeignConfigurations } from '../../src/session/index.ts'

const now = new Date('2026-11-21T08:00:00Z')
const url = 'https://portal.example/acme/login'
let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'import-'))
  mkdirSync(join(home, '.aliyun'))
})
afterEach(() => rmSync(home, { recursive: true }))

const write = (name: string, content: unknown) =>
  writeFileSync(join(home, name), typeof content === 'string' ? content : JSON.stringify(content))
const read = () => readForeignConfigurations(home, { now })

describe('reading', () => {
  test('acs-sso: what its own example files hold', () => {
    write('.alibabacloud_sso', { signinUrl: 'https://signin-cn-shanghai.alibabacloudsso.com/test/login' })
    write('.alibabacloud_sso_sts', {
      current: 'default',
      map: {
        'accountid:configureid': {
          expireTime: 1699346328000,
          data: { access_key_id: 'akid', sts_token: 't' },
        },
      },
      profiles: { default: 'accountid:configureid' },
      accessToken: { token: 'token', expireTime: 1699342746963 },
    })
    expect(read()[0]).toMatchObject({
      source: 'acs-sso',
      signInUrl: 'https://signin-cn-shanghai.alibabacloudsso.com/test/login',
      currentProfile: 'default',
      profiles: [
        {
          name: 'default',
          accountId: 'accountid',
          accessConfigurationId: 'configureid',
          credentials: { kind: 'expired', expiresAt: new Date(1699346328000) },
        },
      ],
      broken: [],
      refusals: [],
      secretsOf: ['accountid:configureid', 'accessToken'],
    })
  })

  test('aliyun: seconds, either spelling of the mode, an expired token left out', () => {
    const profile = {
      name: 'sso',
      mode: 'cloudSSO',
      cloud_sso_sign_in_url: url,
      access_token: 'bearer-token',
      cloud_sso_access_token_expire: now.getTime() / 1000 + 1,
    }
    write('.aliyun/config.json', {
      profiles: [profile, { ...profile, name: 'old', cloud_sso_access_token_expire: 1 }],
    })
    const [, aliyun] = read()
    expect(aliyun?.profiles[0]?.token?.expiresAt).toEqual(new Date(now.getTime() + 1000))
    expect(aliyun?.profiles[1]).not.toHaveProperty('token')
    expect(aliyun?.secretsOf).toEqual(['sso', 'old'])
    expect(JSON.stringify(aliyun?.profiles)).not.toContain('bearer-token')
  })

  test('[case 38] [case 89] P: whatever the files hold, reading answers, and what it takes is fit to keep and show', () => {
    const key = fc.oneof(fc.constantFrom('1:ac-1', '__proto__', 'a:b:c', ':'), fc.string())
    const name = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'dev'), fc.string())
    const cache = fc.record({
      current: fc.anything(),
      profiles: fc.oneof(fc.dictionary(name, fc.oneof(key, fc.anything())), fc.anything()),
      map: fc.oneof(
        fc.dictionary(key, fc.record({ expireTime: fc.anything(), data: fc.anything() })),
        fc.anything(),
      ),
      accessToken: fc.anything(),
    })
    const cli = fc.record({
      name: fc.oneof(name, fc.anything()),
      mode: fc.constantFrom('CloudSSO', 'AK', 7),
      cloud_sso_sign_in_url: fc.oneof(fc.constant(url), fc.string(), fc.webUrl(), fc.anything()),
      cloud_sso_account_id: fc.oneof(fc.string(), fc.anything()),
      sts_expiration: fc.anything(),
      sts_token: fc.anything(),
    })
    const json = (value: unknown) =>
      JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)) ?? 'undefined'
    const property = fc.property(cache, fc.array(cli), fc.boolean(), (acs, profiles, cut) => {
      const text = json(acs)
      write('.alibabacloud_sso_sts', cut ? text.slice(0, -1) : text)
      write('.aliyun/config.json', json({ current: 'x', profiles }))
      for (const foreign of read()) {
        expect(foreign.broken.length > 0).toBe(cut && foreign.source === 'acs-sso')
        for (const each of foreign.profiles) {
          expect(isProfileName(each.name)).toBe(true)
          for (const id of [each.accountId, each.accessConfigurationId])
            expect(id ?? 'x').toMatch(/^[\w-]{1,128}$/)
        }
        for (const line of [...foreign.refusals, ...foreign.secretsOf])
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
      }
    })
    fc.assert(property, { numRuns: 150 })
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })

  test('a link is followed only where that is said', () => {
    write('real', 'text')
    symlinkSync('real', join(home, 'link'))
    expect(readPlainFile(join(home, 'link'))).toMatchObject({ kind: 'unusable' })
    expect(readPlainFile(join(home, 'link'), { followLink: true })).toMatchObject({
      kind: 'text',
      text: 'text',
    })
  })
})

describe('planning', () => {
  const profile = (name: string, changes: Partial<ForeignProfile> = {}): ForeignProfile => ({
    source: 'acs-sso',
    name,
    signInUrl: url,
    accountId: '1',
    accessConfigurationId: 'ac-1',
    credentials: { kind: 'none' },
    ...changes,
  })
  const from = (...profiles: ForeignProfile[]): ForeignConfiguration[] => [
    {
      source: 'acs-sso',
      files: [],
      profiles,
      signInUrl: url,
      currentProfile: 'dev',
      broken: [],
      refusals: [],
      secretsOf: [],
    },
  ]
  const mine: Config = {
    ...emptyConfig,
    profiles: new Map([
      ['dev', { kind: 'cloudsso', accountId: '9', accessConfigurationId: 'ac-9', store: 'keychain' }],
    ]),
  }

  test('into an empty configuration: everything, without repeating the default URL', () => {
    const plan = planImport(from(profile('dev')), emptyConfig, { overwrite: false })
    expect(plan).toMatchObject({ signInUrl: url, currentProfile: 'dev', steps: [{ kind: 'create' }] })
    expect(plan.config.profiles.get('dev')).toEqual({
      kind: 'cloudsso',
      accountId: '1',
      accessConfigurationId: 'ac-1',
    })
  })

  test('never over a profile of the same name without overwrite; where its secrets are kept stays the same', () => {
    const kept = planImport(from(profile('dev')), mine, { overwrite: false })
    expect(kept.steps).toMatchObject([{ kind: 'taken', by: 'configuration' }])
    expect(kept.config.profiles).toEqual(mine.profiles)
    expect(kept.currentProfile).toBeUndefined()
    const replaced = planImport(from(profile('dev')), mine, { overwrite: true })
    expect(replaced.steps).toMatchObject([{ kind: 'replace' }])
    expect(replaced.config.profiles.get('dev')).toMatchObject({ accountId: '1', store: 'keychain' })
  })

  test('a second plan over its own result changes nothing', () => {
    const foreign = from(profile('dev'), profile('other', { signInUrl: 'https://second.example/x' }))
    const first = planImport(foreign, emptyConfig, { overwrite: true })
    const second = planImport(foreign, first.config, { overwrite: true })
    expect(second.steps.map(({ kind }) => kind)).toEqual(['same', 'same'])
    expect(second.config).toEqual(first.config)
  })
})

test('a file that has changed since it was read is not deleted, nor are those that belong to it', () => {
  write('a', '1')
  write('b', '2')
  const files = ['a', 'b']
    .map((name) => readPlainFile(join(home, name)))
    .filter((file) => file.kind === 'text')
  write('b', '3')
  expect(deletePlainFiles(files)).toEqual([join(home, 'a'), join(home, 'b')])
  expect(readPlainFile(join(home, 'a')).kind).toBe('text')
  write('b', '2')
  expect(deletePlainFiles(files)).toEqual([])
  expect(readPlainFile(join(home, 'a')).kind).toBe('absent')
})
