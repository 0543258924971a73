import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  emptyState,
  type Place,
  readState,
  type State,
  sameState,
  writeState,
} from '../../src/profiles/index.ts'

let place: Place
let said: string[]
const now = new Date('2026-11-26T08:00:00Z')
const warn = (line: string) => void said.push(line)
const file = () => join(place.state, 'state.json')
const change = (by: (state: State) => State, at = place) => writeState(at, by, { warn, now })

beforeEach(() => {
  const state = mkdtempSync(join(tmpdir(), 'sesame-state-'))
  place = { configuration: '/home/me/.config/sesame', state, identity: '', usualState: state }
  said = []
})

afterEach(() => rmSync(place.state, { recursive: true, force: true }))

test('[case 131] what is known is read again, 0600', () => {
  expect(readState(place, warn)).toEqual(emptyState)
  const known: State = {
    currentProfile: 'dev',
    profiles: new Map([
      ['dev', { store: 'keychain', chosen: { accountId: '1', accountName: 'one' }, chosenWhen: {} }],
      ['__proto__', { madeByLogin: true }],
    ]),
    stores: { keychain: { held: true, provenAt: now.toISOString() } },
    providers: new Map([['token:oidc:x', { clientAuth: 'post' }]]),
    pendingSignIns: new Map([['token:oidc:x', { userCode: 'BCDF-GHJK' }]]),
    withoutKeychain: 'unlocked',
  }
  change(() => known)
  expect(sameState(readState(place, warn), known)).toBe(false)
  expect(readState(place, warn)).toMatchObject(known)
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  expect(said).toEqual([])
})

test('[case 131] members of later versions stay, wherever they are', () => {
  const later = {
    version: 1,
    later: 1,
    configurations: {
      other: { profiles: { dev: { store: 'plaintext' } } },
      default: {
        later: 2,
        profiles: { dev: { later: 3 } },
        stores: { keychain: { later: 4 }, vault: { held: true } },
        providers: { x: { later: 5, clientAuth: 'mutual-tls' } },
        pending: [1],
      },
    },
  }
  writeFileSync(file(), JSON.stringify(later), { mode: 0o600 })
  change((state) => ({
    ...state,
    profiles: new Map([['dev', { ...state.profiles.get('dev'), store: 'keychain' }]]),
  }))
  const { configurations, ...rest } = JSON.parse(readFileSync(file(), 'utf8'))
  expect(rest).toEqual({ version: 1, later: 1 })
  expect(configurations.other).toEqual(later.configurations.other)
  expect(configurations.default).toEqual({
    ...later.configurations.default,
    since: expect.any(String),
    directory: place.configuration,
    state: place.state,
    profiles: { dev: { later: 3, store: 'keychain' } },
    providers: { x: { later: 5 } },
  })
})

test('[case 127] two configurations with one state directory know nothing of each other', () => {
  const other = { ...place, configuration: '/other', identity: '0123456789abcdef:' }
  change((state) => ({ ...state, currentProfile: 'mine' }))
  change((state) => ({ ...state, currentProfile: 'theirs' }), other)
  expect(readState(place, warn).currentProfile).toBe('mine')
  expect(readState(other, warn).currentProfile).toBe('theirs')
})

test.each(['{"version":1,"config', '[]', 'null', '{}', '{"version":"1"}'])(
  'a malformed file counts as none, and is set aside by the next change: %s',
  (text) => {
    writeFileSync(file(), text, { mode: 0o600 })
    expect(readState(place, warn)).toEqual(emptyState)
    expect(readFileSync(file(), 'utf8')).toBe(text)
    change((state) => ({ ...state, currentProfile: 'dev' }))
    expect(readState(place, warn).currentProfile).toBe('dev')
    const [aside] = readdirSync(place.state).filter((name) => name.startsWith('state.json.corrupt-'))
    expect(readFileSync(join(place.state, aside ?? ''), 'utf8')).toBe(text)
    expect(said).toHaveLength(2)
  },
)

test('values of another type are not used', () => {
  const section = {
    currentProfile: ['dev'],
    profiles: { dev: { store: 'memory', chosen: { accountId: 5 } }, '../x': {}, a: 1 },
    stores: { keychain: { held: 'yes', provenAt: 7 } },
    providers: { x: { clientAuth: 1 } },
  }
  writeFileSync(file(), JSON.stringify({ version: 1, configurations: { default: section } }), { mode: 0o600 })
  expect(readState(place, warn)).toEqual({
    profiles: new Map([['dev', { chosen: {} }]]),
    stores: { keychain: {} },
    providers: new Map([['x', {}]]),
  })
})

test('a file of a later version is refused and stays', () => {
  writeFileSync(file(), '{"version":2}', { mode: 0o600 })
  const refused = expect.objectContaining({ code: 'ERR_CONFIG' })
  expect(() => readState(place, warn)).toThrow(refused)
  expect(() => change((state) => state)).toThrow(refused)
  expect(readFileSync(file(), 'utf8')).toBe('{"version":2}')
})
