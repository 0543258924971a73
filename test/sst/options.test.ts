import { describe, expect, test } from 'vitest'
import {
  createKey,
  expressTokenGuard,
  fastifyTokenGuard,
  memoryRevocations,
  nodeTokenGuard,
  openTokenService,
  parseKeyFile,
  readKeyFile,
  redisRevocations,
  sqliteRevocations,
  type TokenServiceOptions,
} from '../../src/sst/index.ts'
import { Opener } from '../../src/sst/open-sealed.ts'
import { Sealer } from '../../src/sst/seal.ts'
import { deriveSealingKeys } from '../../src/sst/sealing-key.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { original, otherKey } from './support/samples.ts'

const misuse = { code: 'ERR_USAGE' }
const url = 'redis://127.0.0.1:1'

/** JavaScript callers pass what they have. */
const as = <T>(value: unknown) => value as T
const open = (options: object) =>
  openTokenService(as<TokenServiceOptions>({ revocations: memoryRevocations(), ...options }))

describe('[case 101] the end of a former key is a date, or nothing opens', () => {
  test.each<[unknown]>([
    ['2020-01-01'],
    [''],
    [null],
    [0],
    [1577836800000],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [{}],
    [[]],
    [true],
    [new Date('soon')],
    [{ getTime: () => 0, valueOf: () => 0 }],
    [() => Object.create(Date.prototype)],
  ])('%s is wrong usage', async (given) => {
    const until = typeof given === 'function' ? given() : given
    await expect(open({ keys: [original.key, { key: otherKey, until }] })).rejects.toMatchObject(misuse)
  })

  test('a date that is changed later changes nothing', async () => {
    const clock = fakeClock(new Date('2026-11-21T08:00:00Z'))
    const before = await open({ key: otherKey, clock })
    const until = new Date('2026-11-21T09:00:00Z')
    const tokens = await open({ keys: [original.key, { key: otherKey, until }], clock })
    until.setFullYear(2099)
    clock.advance(3600_000)
    expect(await tokens.verify(before.create('bob'))).toMatchObject({ kind: 'invalid' })
  })

  test('what cannot be compared opens nothing', () => {
    const key = deriveSealingKeys(original.key, { allowWeak: false }).sealing
    const sealed = new Sealer(key).seal('bob|1')
    const opener = new Opener([{ key, until: new Date(Number.NaN) }], 6144)
    sealed.copy(opener.place)
    expect(opener.open(sealed.length, new Date(0))).toBeUndefined()
    const other = new Opener([{ key, until: new Date(1) }], 6144)
    sealed.copy(other.place)
    expect(other.open(sealed.length, new Date(Number.NaN))).toBeUndefined()
  })
})

describe('[case 100] options of another type are wrong usage', () => {
  test.each([
    [{ key: 7 }],
    [{ key: null }],
    [{ key: [original.key] }],
    [{ keys: original.key }],
    [{ keys: { 0: original.key } }],
    [{ keys: [null] }],
    [{ keys: [7] }],
    [{ keys: new Array(1) }],
    [{ keys: [original.key, {}] }],
    [{ keys: [{ key: [original.key] }] }],
    [{ keyFile: 7 }],
    [{ keyFile: '' }],
    [{ key: original.key, service: 7 }],
    [{ key: original.key, service: '' }],
    [{ key: original.key, allowWeakKey: 'no' }],
    [{ key: original.key, allowSharedKeyFile: 1 }],
    [{ key: original.key, revocations: {} }],
    [{ key: original.key, clock: {} }],
    [{ key: original.key, clock: () => new Date() }],
    [{ key: original.key, log: {} }],
  ])('openTokenService(%j)', async (options) => {
    await expect(open(options)).rejects.toMatchObject(misuse)
  })

  test.each([null, 'options', [], () => undefined])('openTokenService(%j)', async (options) => {
    await expect(openTokenService(as<TokenServiceOptions>(options))).rejects.toMatchObject(misuse)
  })

  test.each(['60', [60], null, Number.NaN, 1e11, '0', new Date(0), 2n])(
    'a ttlSeconds of %s',
    async (ttlSeconds) => {
      const tokens = await open({ key: original.key })
      expect(() => tokens.create('bob', { ttlSeconds: as<number>(ttlSeconds) })).toThrow(
        expect.objectContaining(misuse),
      )
      for (const options of ['60', 60, null, [60]])
        expect(() => tokens.create('bob', as<object>(options))).toThrow(expect.objectContaining(misuse))
    },
  )

  test.each([['20'], [[20]], [null], [{}]])('createKey(%j)', (length) => {
    expect(() => createKey(as<number>(length))).toThrow(expect.objectContaining(misuse))
  })

  test.each([
    [{}],
    [{ url: 7 }],
    [{ url: '' }],
    [{ url: new URL(url) }],
    [{ url, timeoutMs: '500' }],
    [{ url, timeoutMs: 0 }],
    [{ url, timeoutMs: Number.POSITIVE_INFINITY }],
    [{ url, graceSeconds: '60' }],
    [{ url, graceSeconds: -1 }],
    [{ url, graceSeconds: Number.NaN }],
    [{ url, graceSeconds: [60] }],
    [{ url, create: 'true' }],
    [{ url, ca: 7 }],
    [{ url, ca: 'no certificate' }],
    [{ url, ca: [] }],
    [null],
    [url],
  ])('redisRevocations(%j)', (options) => {
    expect(() => redisRevocations(as<{ url: string }>(options))).toThrow(expect.objectContaining(misuse))
  })

  test.each([[{ file: 7 }], [{ file: '' }], [{ create: 1 }], [{ allowShared: 'yes' }], [null], ['sst.db']])(
    'sqliteRevocations(%j)',
    (options) => {
      expect(() => sqliteRevocations(as<object>(options))).toThrow(expect.objectContaining(misuse))
    },
  )

  test('key files and guards', async () => {
    await expect(readKeyFile(as<string>(7))).rejects.toMatchObject(misuse)
    await expect(readKeyFile('x', as<object>({ allowShared: 'no' }))).rejects.toMatchObject(misuse)
    await expect(parseKeyFile(as<string>(Buffer.from('key: x')), 'x')).rejects.toMatchObject(misuse)
    for (const guard of [nodeTokenGuard, expressTokenGuard, fastifyTokenGuard]) {
      for (const tokens of [undefined, null, {}, Promise.resolve({ verify: () => undefined })]) {
        expect(() => guard(as<Parameters<typeof guard>[0]>(tokens))).toThrow(expect.objectContaining(misuse))
      }
    }
  })
})

describe('what answers oddly is not believed', () => {
  test.each([undefined, null, 0, '', 'no', Promise.resolve(undefined), Promise.resolve(0)])(
    'a list that answers %s',
    async (answer) => {
      const list = {
        isRevoked: () => as<boolean>(answer),
        revoke: () => true,
        entries: () => [],
        close: () => undefined,
      }
      const tokens = await open({ key: original.key, revocations: async () => list })
      expect(await tokens.verify(original.token)).toEqual({ kind: 'invalid', reason: 'unavailable' })
    },
  )

  test('[case 101] a clock that is none', async () => {
    let now = new Date('2026-11-21T08:00:00Z')
    const tokens = await open({ key: original.key, clock: { ...fakeClock(), now: () => now } })
    const made = [tokens.create('bob'), tokens.create('bob', { ttlSeconds: 60 })]
    now = new Date(Number.NaN)
    for (const token of made) expect(await tokens.verify(token)).toMatchObject({ kind: 'invalid' })
    expect(() => tokens.create('bob')).toThrow(expect.objectContaining(misuse))
  })
})
