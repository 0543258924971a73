import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSesameError } from '../../src/kit/errors.ts'
import {
  memoryRevocations,
  openTokenService,
  type TokenService,
  type TokenServiceOptions,
} from '../../src/sst/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { inBase64, original, otherKey, sealedOf } from './support/samples.ts'

const open = (options: Partial<TokenServiceOptions> = {}): Promise<TokenService> =>
  openTokenService({
    ...(options.keys === undefined ? { key: original.key } : {}),
    revocations: memoryRevocations(),
    ...options,
  })

const { kind, ...content } = { kind: 'valid', userId: original.userId, createdAt: original.createdAt }
const forged = { kind: 'invalid', reason: 'forged' }

describe("the original's tokens", () => {
  const hex = original.token.slice('SST-'.length)

  test.each([
    ['as it was written', original.token],
    ['in upper case', `SST-${hex.toUpperCase()}`],
    ['in base64', inBase64(original.token)],
    ['with a service', `SST-ORDERS-${hex}`],
    ['with hyphens in the service', `SST-MY-OWN.SERVICE_2-${hex}`],
    ['with a service, in base64', `SST-ORDERS-${inBase64(original.token).slice(4)}`],
  ])('open %s', async (_, token) => {
    expect(await (await open()).verify(token)).toEqual({ kind, ...content })
  })

  test('whose last byte was changed is refused', async () => {
    expect(await (await open()).verify(original.token.replace(/92$/, '93'))).toEqual(forged)
  })

  test('and ours have the same form', async () => {
    const tokens = await open({ clock: fakeClock(new Date('2026-11-21T08:00:00.900Z')) })
    const token = tokens.create('cdiservice')
    expect(token).toMatch(/^SST-[0-9a-f]{98}$/)
    expect(await tokens.verify(token)).toEqual({
      kind: 'valid',
      userId: 'cdiservice',
      createdAt: new Date('2026-11-21T08:00:00Z'),
    })
  })

  test("a service's name stands in the prefix, and another's is not taken", async () => {
    const orders = await open({ service: 'orders' })
    const token = orders.create('bob')
    expect(token).toMatch(/^SST-ORDERS-[0-9a-f]+$/)
    expect(await orders.verify(token)).toMatchObject({ kind: 'valid', userId: 'bob' })
    expect(await orders.verify(original.token)).toMatchObject({ kind: 'valid' })
    expect(await orders.verify(token.replace('ORDERS', 'BILLING'))).toEqual(forged)
    await expect(open({ service: 'a\nb' })).rejects.toMatchObject({ code: 'ERR_CONFIG' })
  })
})

describe('user ids', () => {
  test('any round-trips, or is refused', async () => {
    const tokens = await open()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 1100 }), async (userId) => {
        let token: string
        try {
          token = tokens.create(userId)
        } catch (error) {
          expect(isSesameError(error, 'ERR_USAGE')).toBe(true)
          const fits = Buffer.byteLength(userId) <= 1024
          expect(
            userId !== '' &&
              fits &&
              /^[^|\u0000-\u001f\u007f-\u009f]+$/.test(userId) &&
              userId.isWellFormed(),
          ).toBe(false)
          return
        }
        expect(await tokens.verify(token)).toMatchObject({ kind: 'valid', userId })
      }),
      { numRuns: 300 },
    )
  })

  test.each(['', 'a|b', 'a\nb', '\ud800', 'x'.repeat(1025), 7, undefined])(
    '%j is refused',
    async (userId) => {
      const tokens = await open()
      expect(() => tokens.create(userId as string)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }))
    },
  )
})

describe('[case 93] forgeries', () => {
  test('every flipped bit of the text and of the sealed bytes is refused alike', async () => {
    const tokens = await open()
    for (const token of [original.token, inBase64(original.token)]) {
      const text = Buffer.from(token)
      for (let bit = 0; bit < text.length * 8; bit++) {
        const flipped = Buffer.from(text)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(await tokens.verify(flipped.toString('latin1')), `bit ${bit}`).toEqual(forged)
      }
    }
    const sealed = sealedOf(original.token)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Buffer.from(sealed)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(await tokens.verify(`SST-${flipped.toString('hex')}`)).toEqual(forged)
    }
  })

  test('every truncation, extension and short tag is refused alike', async () => {
    const tokens = await open()
    const sealed = sealedOf(original.token)
    for (let length = 0; length < original.token.length; length++) {
      expect(await tokens.verify(original.token.slice(0, length)), `${length} characters`).toEqual(forged)
      expect(await tokens.verify(original.token.slice(length + 1))).toEqual(forged)
    }
    for (let tag = 0; tag < 16; tag++) {
      const short = sealed.subarray(0, sealed.length - 16 + tag)
      expect(await tokens.verify(`SST-${short.toString('hex')}`), `tag of ${tag} bytes`).toEqual(forged)
    }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.boolean(), async (more, before) => {
        const parts = before ? [more, sealed] : [sealed, more]
        expect(await tokens.verify(`SST-${Buffer.concat(parts).toString('hex')}`)).toEqual(forged)
      }),
    )
  })

  test('another key, and content that is no token content, are refused alike', async () => {
    const others = await open({ keys: [otherKey] })
    expect(await others.verify(original.token)).toEqual(forged)
    expect(await (await open()).verify(others.create('bob'))).toEqual(forged)
  })

  test('[case 99] whatever is given, the answer is the one answer and never an exception', async () => {
    const tokens = await open()
    const body = original.token.slice(4)
    const odd = [undefined, null, 7, {}, [original.token], `sst-${body}`, `SST--${body}`, `SST-a-${body}`]
    odd.push(` ${original.token}`, `${original.token}\n`, `${inBase64(original.token)}=`)
    odd.push(
      `SST-${'0'.repeat(1e6)}`,
      inBase64(original.token).replace(/=+$/, ''),
      `SST-${body.slice(0, 50)}${body.slice(50).toUpperCase()}`,
    )
    for (const token of odd) expect(await tokens.verify(token as string)).toEqual(forged)
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `SST-${text}`),
        ),
        async (text) => {
          expect(await tokens.verify(text)).toEqual(forged)
          expect(await tokens.revoke(text)).toEqual({ kind: 'not-revoked', reason: 'forged' })
        },
      ),
    )
  })

  test('[case 99] no kind of forgery is answered faster than by opening something', async () => {
    const tokens = await open()
    const kinds = {
      tag: original.token.replace(/92$/, '93'),
      text: 'nonsense',
      prefix: `SSX-${original.token.slice(4)}`,
      short: 'SST-00',
    }
    const times = Object.values(kinds).map((): number[] => [])
    for (let round = 0; round < 200; round++) {
      for (const [i, token] of Object.values(kinds).entries()) {
        const start = process.hrtime.bigint()
        for (let n = 0; n < 10; n++) await tokens.verify(token)
        times[i]?.push(Number(process.hrtime.bigint() - start))
      }
    }
    const medians = times.map((each) => each.sort((a, b) => a - b)[100] ?? 0)
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(2)
  })
})

describe('time', () => {
  test('[case 96] an expiry is kept to the second, and only there when asked for', async () => {
    const clock = fakeClock(new Date('2026-11-21T08:00:00Z'))
    const tokens = await open({ clock })
    const token = tokens.create('bob', { ttlSeconds: 60 })
    const expiresAt = new Date('2026-11-21T08:01:00Z')
    expect(await tokens.verify(token)).toEqual({
      kind: 'valid',
      userId: 'bob',
      createdAt: clock.now(),
      expiresAt,
    })
    clock.advance(59_999)
    expect(await tokens.verify(token)).toMatchObject({ kind: 'valid' })
    clock.advance(1)
    expect(await tokens.verify(token)).toEqual({ kind: 'invalid', reason: 'expired' })
    for (const ttlSeconds of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => tokens.create('bob', { ttlSeconds })).toThrow(
        expect.objectContaining({ code: 'ERR_USAGE' }),
      )
    }
  })

  test('[case 96] a token from the future is refused beyond five minutes', async () => {
    const clock = fakeClock(new Date('2026-11-21T08:00:00Z'))
    const tokens = await open({ clock })
    const token = tokens.create('bob')
    clock.advance(-300_000)
    expect(await tokens.verify(token)).toMatchObject({ kind: 'valid' })
    clock.advance(-1)
    expect(await tokens.verify(token)).toEqual({ kind: 'invalid', reason: 'not-yet-valid' })
  })
})

describe('[case 95] keys', () => {
  test('the newest seals, all open, and a former one until its end', async () => {
    const clock = fakeClock(new Date('2026-11-21T08:00:00Z'))
    const until = new Date('2026-11-21T09:00:00Z')
    const before = await open({ keys: [otherKey], clock })
    const token = before.create('bob')
    const rotated = await open({ keys: [original.key, { key: otherKey, until }], clock })
    expect(await rotated.verify(token)).toMatchObject({ kind: 'valid', userId: 'bob' })
    expect(await rotated.verify(original.token)).toMatchObject({ kind: 'valid' })
    expect(await before.verify(rotated.create('bob'))).toEqual(forged)
    clock.advance(3600_000)
    expect(await rotated.verify(token)).toEqual(forged)
    expect(await rotated.verify(original.token)).toMatchObject({ kind: 'valid' })
  })

  test.each([
    [{}],
    [{ key: original.key, keys: [otherKey] }],
    [{ keys: [] }],
    [{ key: '' }],
    [{ key: 'short' }],
    [{ key: 'a'.repeat(40) }],
    [{ keys: [{ key: original.key, until: new Date(0) }] }],
  ])('%j is refused', async (options) => {
    const opened = openTokenService({ ...options, revocations: memoryRevocations() })
    await expect(opened).rejects.toMatchObject({ code: 'ERR_CONFIG' })
  })

  test('a short key is taken when that is meant', async () => {
    const tokens = await open({ keys: ['somekeyvalue'], allowWeakKey: true })
    expect(await tokens.verify(tokens.create('bob'))).toMatchObject({ userId: 'bob' })
  })
})

test('[case 96] a closed service takes no token, whatever its list is', async () => {
  const tokens = await open()
  expect(await tokens.verify(original.token)).toMatchObject({ kind: 'valid' })
  await tokens.close()
  expect(await tokens.verify(original.token)).toEqual({ kind: 'invalid', reason: 'unavailable' })
  expect(await tokens.revoke(original.token)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
  expect(await tokens.list()).toEqual({ kind: 'unavailable' })
  await tokens.close()
})

test('what a list fails with is an answer: no token is taken', async () => {
  const lines: string[] = []
  const broken = async () => ({
    isRevoked: () => {
      throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' })
    },
    revoke: () => Promise.reject(new Error('no')),
    entries: () => Promise.reject(new Error('no')),
    close: () => undefined,
  })
  const tokens = await open({
    revocations: broken,
    log: (namespace, line) => lines.push(`${namespace} ${line}`),
  })
  expect(await tokens.verify(original.token)).toEqual({ kind: 'invalid', reason: 'unavailable' })
  expect(await tokens.revoke(original.token)).toEqual({ kind: 'not-revoked', reason: 'unavailable' })
  expect(await tokens.list()).toEqual({ kind: 'unavailable' })
  expect(lines[0]).toBe('sesame:store sst: the revocation list does not answer: SQLITE_IOERR')
  expect(lines.join()).not.toContain(original.token.slice(10, 40))
})
