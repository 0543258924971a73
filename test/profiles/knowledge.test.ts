import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Config,
  findPlace,
  type Place,
  partConfig,
  readKnowledge,
  rememberedConfig,
  withoutProfile,
  withProfile,
  writeKnowledge,
} from '../../src/profiles/index.ts'

const signInUrl = 'https://signin.example/acme/login'
const role = { accountId: '1', accountName: 'one', accessConfigurationId: 'ac-1' }
let home: string
let place: Place
const warn = () => {}
const now = new Date('2026-11-26T08:00:00Z')

beforeEach(() => {
  home = fs.mkdtempSync(join(tmpdir(), 'sesame-remembered-'))
  place = findPlace({ env: { HOME: home }, platform: process.platform, homeDirectory: home })
  fs.mkdirSync(place.configuration, { recursive: true, mode: 0o700 })
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

const path = () => join(place.configuration, 'config.json')
const write = (content: object) => fs.writeFileSync(path(), JSON.stringify(content), { mode: 0o600 })
const written = () => JSON.parse(fs.readFileSync(path(), 'utf8'))
const config = () => rememberedConfig(readKnowledge(place, warn))

function change(by: 'login' | 'user', apply: (config: Config) => Config): void {
  const before = readKnowledge(place, warn)
  writeKnowledge(place, before, partConfig(before, apply(rememberedConfig(before)), by), { warn, now })
}

const login = (name: string, more: object = role) =>
  change('login', (before) => ({
    ...withProfile(before, name, {
      kind: 'cloudsso',
      ...before.profiles.get(name),
      ...more,
      store: 'keychain',
    } as never),
    currentProfile: name,
  }))

describe('[case 131] what is written and what is remembered', () => {
  test('a login leaves a configuration as it is, to the byte', () => {
    const text = `{ "signInUrl": "${signInUrl}",\n  "version": 1, "profiles": {"dev": {"region": "cn-x", "kind": "cloudsso"}}, "mine": 1 }`
    fs.writeFileSync(path(), text, { mode: 0o600 })
    login('dev')
    login('other')
    expect(fs.readFileSync(path(), 'utf8')).toBe(text)
    expect(config()).toEqual({
      signInUrl,
      currentProfile: 'other',
      profiles: new Map([
        ['dev', { kind: 'cloudsso', region: 'cn-x', ...role, store: 'keychain' }],
        ['other', { kind: 'cloudsso', ...role, store: 'keychain' }],
      ]),
    })
  })

  test('a choice counts until what is written of the role or the directory changes', () => {
    const dev = { kind: 'cloudsso', accountId: '9', accessConfigurationId: 'ac-9' }
    const file = (profile: object, url = signInUrl) =>
      write({ version: 1, signInUrl: url, profiles: { dev: profile } })
    const account = () => (config().profiles.get('dev') as { accountId?: string }).accountId
    file(dev)
    login('dev')
    expect(account()).toBe('1')
    file({ ...dev, region: 'cn-x' })
    expect(account()).toBe('1')
    file({ ...dev, accountId: '8' })
    expect(account()).toBe('8')
    file(dev, 'https://signin.example/other/login')
    expect(account()).toBe('9')
    file({ kind: 'cloudsso' })
    expect(account()).toBeUndefined()
    file(dev)
    expect(account()).toBe('1')
  })

  test('what a user configures is written; the former choice is forgotten with its directory', () => {
    write({ version: 1, signInUrl, profiles: { dev: { kind: 'cloudsso' } } })
    login('dev')
    change('user', (before) =>
      withProfile(before, 'dev', {
        kind: 'cloudsso',
        signInUrl: 'https://b.example/x/login',
        store: 'keychain',
      }),
    )
    expect(written().profiles.dev).toEqual({ kind: 'cloudsso', signInUrl: 'https://b.example/x/login' })
    expect(config().profiles.get('dev')).toEqual({
      kind: 'cloudsso',
      signInUrl: 'https://b.example/x/login',
      store: 'keychain',
    })
    change('user', (before) => withProfile(before, 'new', { kind: 'cloudsso', ...role }))
    expect(written().profiles.new).toEqual({ kind: 'cloudsso', ...role })
  })

  test('a profile that a login made is written once it is configured, and gone once it is deleted', () => {
    write({ version: 1, signInUrl, profiles: {} })
    login('dev')
    change('user', (before) =>
      withProfile(before, 'dev', { ...before.profiles.get('dev'), region: 'cn-x' } as never),
    )
    expect(written().profiles.dev).toEqual({ kind: 'cloudsso', region: 'cn-x' })
    expect(config().profiles.get('dev')).toMatchObject({ ...role, region: 'cn-x', store: 'keychain' })
    login('other')
    change('user', (before) => withoutProfile(before, 'dev'))
    change('user', (before) => withoutProfile(before, 'other'))
    expect(config()).toEqual({ signInUrl, profiles: new Map() })
    expect(readKnowledge(place, warn).state.profiles.size).toBe(0)
  })

  test('what versions before 0.3 wrote is taken over once, and taken out of the file', () => {
    const dev = { kind: 'cloudsso', ...role }
    write({ version: 1, signInUrl, currentProfile: 'dev', profiles: { dev: { ...dev, store: 'plaintext' } } })
    const before = config()
    expect(before).toEqual({
      signInUrl,
      currentProfile: 'dev',
      profiles: new Map([['dev', { ...dev, store: 'plaintext' }]]),
    })
    change('user', (same) => same)
    expect(config()).toEqual(before)
    expect(written()).toMatchObject({ signInUrl, profiles: { dev } })
    expect(written()).not.toHaveProperty('currentProfile')
    expect(written().profiles.dev).not.toHaveProperty('store')
    // Every store may have held something: the former version remembered the last one only.
    expect(readKnowledge(place, warn).state.stores).toEqual({
      keychain: { perhapsHeld: true },
      'encrypted-file': { perhapsHeld: true },
      plaintext: { perhapsHeld: true },
    })
    write({ version: 1, signInUrl, currentProfile: 'x', profiles: { dev: { ...dev, store: 'keychain' } } })
    expect(config()).toEqual(before)
  })

  test('a crash between the two files loses nothing', () => {
    const file = {
      version: 1,
      signInUrl,
      currentProfile: 'dev',
      profiles: { dev: { kind: 'cloudsso', store: 'keychain' } },
    }
    write(file)
    const before = config()
    change('user', (same) => same)
    write(file)
    expect(config()).toEqual(before)
    change('user', (same) => same)
    expect(config()).toEqual(before)
  })

  test('where the configuration cannot be changed, nothing else is', () => {
    write({ version: 1, signInUrl, profiles: {} })
    fs.renameSync(path(), join(home, 'target.json'))
    fs.symlinkSync(join(home, 'target.json'), path())
    login('dev')
    const before = readKnowledge(place, warn)
    fs.rmSync(path())
    fs.symlinkSync('/proc/version', path())
    const after = partConfig(
      before,
      withProfile(rememberedConfig(before), 'a', { kind: 'cloudsso', region: 'cn-x' }),
      'user',
    )
    expect(() => writeKnowledge(place, before, after, { warn, now })).toThrow(
      expect.objectContaining({ code: 'ERR_FILE' }),
    )
    expect(readKnowledge({ ...place, configuration: home }, warn).state).toEqual(before.state)
  })
})
