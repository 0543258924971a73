import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFresh, measureClock, systemClock, thisHost } from '../../src/kit/index.ts'
import { Secret } from '../../src/kit/secret.ts'
import {
  parseCredentials,
  parseToken,
  serializeCredentials,
  serializeToken,
} from '../../src/session/stored-items.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'

const instant = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
const lifetime = fc.record({
  obtainedAt: instant,
  expiresAt: instant,
  clock: fc.record({
    skewMs: fc.integer(),
    bootedAt: fc.record({ at: instant, id: fc.constantFrom(undefined, 'a boot') }),
  }),
})
const secret = fc.string({ minLength: 1 }).map((text) => new Secret(text))

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime())
}

/** Text that looks like an entry, with one member bent. */
const almostEntry = fc
  .record({
    v: fc.constantFrom<unknown>(1, 1, 1, 2, '1', null),
    accessToken: fc.oneof(fc.string(), fc.anything()),
    accessKeyId: fc.oneof(fc.string(), fc.anything()),
    accessKeySecret: fc.oneof(fc.string(), fc.anything()),
    securityToken: fc.oneof(fc.string(), fc.anything()),
    obtainedAt: fc.oneof(instant.map(String), fc.anything()),
    expiresAt: fc.oneof(
      instant.map((date) => date.toISOString()),
      fc.anything(),
    ),
    bootedAt: fc.oneof(fc.constant('2026-11-21T08:00:00Z'), fc.anything()),
    skewMs: fc.oneof(fc.integer(), fc.anything()),
  })
  .map((entry) => {
    try {
      return JSON.stringify(entry)
    } catch (error) {
      // BigInt and cycles have no JSON.
      if (error instanceof TypeError) return '{}'
      throw error
    }
  })

describe('[case 38] an entry that any program may have changed', () => {
  test('whatever the text: undefined, or a token with valid instants', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), almostEntry), (text) => {
        const token = parseToken(text)
        if (token === undefined) return
        expect(token.accessToken.reveal()).not.toBe('')
        expect(
          [token.lifetime.obtainedAt, token.lifetime.expiresAt, token.lifetime.clock.bootedAt.at].every(
            isDate,
          ),
        ).toBe(true)
        expect(Number.isFinite(token.lifetime.clock.skewMs)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test('whatever the text: undefined, or credentials with all three values', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), almostEntry), (text) => {
        const stored = parseCredentials(text)
        if (stored === undefined) return
        const { accessKeyId, accessKeySecret, securityToken, expiresAt } = stored.credentials
        for (const value of [accessKeyId, accessKeySecret.reveal(), securityToken.reveal()])
          expect(value).not.toBe('')
        expect(isDate(expiresAt)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    undefined,
    '',
    'null',
    '[]',
    '0',
    '"text"',
    '{}',
    '\ufeff{}',
    '{"v":1}',
    '{"__proto__":{"v":1,"accessToken":"x"}}',
    '{"v":2,"accessToken":"x","obtainedAt":"2026-11-21T08:00:00Z","expiresAt":"2026-11-21T08:00:00Z","skewMs":0,"bootedAt":"2026-11-21T08:00:00Z"}',
    '{"v":1,"accessToken":"x","obtainedAt":"2026-11-21T08:00:00Z","expiresAt":null,"skewMs":0,"bootedAt":"2026-11-21T08:00:00Z"}',
    '{"v":1,"accessToken":"x","obtainedAt":"2026-11-21T08:00:00Z","expiresAt":"2026-11-21T08:00:00Z","skewMs":1e999,"bootedAt":"2026-11-21T08:00:00Z"}',
    '{"v":1,"accessToken":["x"],"obtainedAt":"2026-11-21T08:00:00Z","expiresAt":"2026-11-21T08:00:00Z","skewMs":0,"bootedAt":"2026-11-21T08:00:00Z"}',
  ])('%j is absent', (text) => {
    expect(parseToken(text)).toBeUndefined()
    expect(parseCredentials(text)).toBeUndefined()
  })
})

describe('what is written is read again', () => {
  test('a token', () => {
    fc.assert(
      fc.property(secret, lifetime, (accessToken, life) => {
        const back = parseToken(serializeToken({ accessToken, lifetime: life }))
        expect(back?.accessToken.reveal()).toBe(accessToken.reveal())
        expect(back?.lifetime).toEqual(life)
      }),
    )
  })

  test('credentials, which are no token', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), secret, secret, lifetime, (accessKeyId, key, sts, life) => {
        const credentials = {
          accessKeyId,
          accessKeySecret: key,
          securityToken: sts,
          expiresAt: life.expiresAt,
        }
        const text = serializeCredentials({ credentials, lifetime: life })
        const back = parseCredentials(text)
        expect(back?.credentials.accessKeyId).toBe(accessKeyId)
        expect(back?.credentials.securityToken.reveal()).toBe(sts.reveal())
        expect(back?.lifetime).toEqual(life)
        expect(parseToken(text)).toBeUndefined()
      }),
    )
  })
})

describe('[case 130] credentials in a home directory that two machines share', () => {
  const minute = 60_000
  const hour = 60 * minute
  const day = 24 * hour

  /** Credentials of an hour, written on a machine whose clock is right and which has been up for a second. */
  function written(clock: FakeClock): string {
    const obtainedAt = clock.now()
    const expiresAt = new Date(obtainedAt.getTime() + hour)
    const reading = measureClock(obtainedAt, clock.now(), clock.bootedAt())
    const secrets = { accessKeySecret: new Secret('k'), securityToken: new Secret('t') }
    const credentials = { accessKeyId: 'STS.1', ...secrets, expiresAt }
    return serializeCredentials({ credentials, lifetime: { obtainedAt, expiresAt, clock: reading } })
  }
  function isFreshThere(text: string, clock: FakeClock): boolean {
    const stored = parseCredentials(text)
    if (stored === undefined) throw new Error('not read')
    return isFresh(stored.lifetime, clock.now(), clock.bootedAt())
  }

  test.each([30 * day, hour, minute, 5, 10 * 365 * day])(
    'are as good on one that has been up for %d ms, for as long as they are valid',
    (upForMs) => {
      const clock = fakeClock()
      const text = written(clock)
      clock.reboot('another boot', upForMs)
      expect(isFreshThere(text, clock)).toBe(true)
      clock.advance(54 * minute)
      expect(isFreshThere(text, clock)).toBe(true)
      clock.advance(2 * minute)
      expect(isFreshThere(text, clock)).toBe(false)
    },
  )

  test('an unlocked key, a renewal and a lock of another boot are of another boot, too', () => {
    const { id } = systemClock.bootedAt()
    expect(id).toMatch(/\w/)
    expect(thisHost().split(' ')).toContain(id)
  })

  test('on the same boot a clock that was set back still makes nothing good', () => {
    const clock = fakeClock()
    const text = written(clock)
    clock.advance(2 * hour)
    clock.setWallClock(new Date(clock.now().getTime() - 2 * hour))
    expect(isFreshThere(text, clock)).toBe(false)
  })

  test('an entry of an earlier version names no boot: the clock may have been set, and the latest time counts', () => {
    const clock = fakeClock()
    const { bootId: _, ...entry } = JSON.parse(written(clock))
    expect(isFreshThere(JSON.stringify(entry), clock)).toBe(true)
    clock.reboot('another boot', 30 * day)
    expect(isFreshThere(JSON.stringify(entry), clock)).toBe(false)
  })
})
