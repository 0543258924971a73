import { createHash, createSecretKey, randomBytes, randomFillSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createKey } from '../../src/sst/index.ts'
import { Opener } from '../../src/sst/open-sealed.ts'
import { RevokedSet } from '../../src/sst/revoked-set.ts'
import { mostPerKey, NoncePool, Sealer } from '../../src/sst/seal.ts'
import { deriveSealingKeys } from '../../src/sst/sealing-key.ts'
import { readContent, writeContent } from '../../src/sst/token-content.ts'
import { original } from './support/samples.ts'

describe('[case 94] sealing', () => {
  /**
   * Whether any two are equal in their first eight bytes, which random ones are not once in ten million runs. Sorted: a Set of a
   * million would take longer than all the rest.
   */
  function hasTwoAlike(count: number, next: () => Buffer): boolean {
    const seen = BigUint64Array.from({ length: count }, () => next().readBigUInt64LE(0)).sort()
    return seen.some((nonce, n) => nonce === seen[n - 1])
  }

  test('a million nonces, all different, and so are those of sealed tokens', () => {
    const [pool, nonce] = [new NoncePool(), Buffer.alloc(12)]
    const nextNonce = () => {
      pool.next(nonce)
      return nonce
    }
    expect(hasTwoAlike(1_000_000, nextNonce)).toBe(false)
    const sealer = new Sealer(createSecretKey(randomBytes(32)))
    expect(hasTwoAlike(100_000, () => sealer.seal('a|1'))).toBe(false)
  })

  test('[case 123] two copies of a process, with the same nonces prepared, use different ones', () => {
    const seen = new Set<string>()
    // Whatever was prepared is the same in both, and again and again.
    const copies = [1, 2].map(() => new NoncePool((bytes) => bytes.fill(7)))
    const nonce = Buffer.alloc(12)
    for (let n = 0; n < 1000; n++) {
      for (const copy of copies) {
        copy.next(nonce)
        seen.add(nonce.toString('hex'))
      }
    }
    expect(seen.size).toBe(2000)
  })

  test('[case 123] where the kernel gives none, nonces are fetched one by one; where it repeats itself, they still differ', () => {
    let prepared = 0
    const nonce = Buffer.alloc(12)
    const count = (bytes: Buffer) => {
      prepared += bytes.length
      return randomFillSync(bytes)
    }
    const pool = new NoncePool(count, () => false)
    for (let n = 0; n < 5; n++) pool.next(nonce)
    expect(prepared).toBe(60)
    const stuck = new NoncePool(undefined, (bytes) => bytes.fill(1).length === 12)
    const seen = new Set<string>()
    for (let n = 0; n < 1000; n++) {
      stuck.next(nonce)
      seen.add(nonce.toString('hex'))
    }
    expect(seen.size).toBe(1000)
  })

  test('a key seals no more than it safely can: 2^32 tokens (NIST SP 800-38D section 8.3)', () => {
    expect(mostPerKey).toBe(4_294_967_296)
    const sealer = new Sealer(createSecretKey(randomBytes(32)), 2)
    sealer.seal('a|1')
    sealer.seal('a|1')
    expect(() => sealer.seal('a|1')).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }))
  })
})

test('the key is the 32 characters of the MD5', () => {
  const { sealing, opening } = deriveSealingKeys(original.key, { allowWeak: false })
  expect(sealing.export().toString('ascii')).toBe(createHash('md5').update(original.key).digest('hex'))
  expect(opening).toEqual([sealing])
})

test.each([
  ['32 characters', '0123456789abcdefghjkmnpqrstuvwxy', true],
  ['32 bytes of fewer characters', `${'ä'.repeat(8)}0123456789abcdef`, true],
  ['32 characters of more bytes', 'ä0123456789abcdefghjkmnpqrstuvwx', false],
])('[case 228] a key text of %s', (_, text, isItself) => {
  const { sealing, opening } = deriveSealingKeys(text, { allowWeak: false })
  const hashed = createHash('md5').update(text).digest('hex')
  expect(sealing.export().toString()).toBe(isItself ? text : hashed)
  expect(opening.map((key) => key.export().toString())).toEqual(isItself ? [text, hashed] : [hashed])
})

describe('content', () => {
  const createdAt = new Date(1657442319_000)
  const expiresAt = new Date(1657445919_000)

  test('is what the original writes; an expiry makes it something else', () => {
    expect(writeContent({ userId: 'cdiservice', createdAt })).toBe('cdiservice|1657442319')
    expect(writeContent({ userId: 'cdiservice', createdAt, expiresAt })).toBe(
      'cdiservice|c1657442319|e1657445919',
    )
  })

  test('with an expiry no reader of the original form takes it for a token that lasts', () => {
    const parts = writeContent({ userId: 'bob', createdAt, expiresAt }).split('|')
    expect(parts).not.toHaveLength(2)
    // Readers that do not count, that split once at the front, or once at the back.
    for (const time of [parts[1], parts.slice(1).join('|'), parts.at(-1)]) {
      expect(Number.parseInt(time ?? '', 10)).toBeNaN()
    }
  })

  test.each([
    '',
    '|',
    'bob',
    'bob|',
    '|1657442319',
    'bob|-1',
    'bob|1.5',
    'bob|1 ',
    'bob|1234567890123',
    'bob|1|2',
    'bob|c1|2',
    'bob|1|e2',
    'bob|c|e',
    'bob|c1|e2|',
    'bob|e2|c1',
  ])('%j is none', (text) => expect(readContent(Buffer.from(text))).toBeUndefined())

  test('bytes that are no UTF-8 are none; a replacement character of the user’s own is', () => {
    expect(readContent(Buffer.from('ff7c31', 'hex'))).toBeUndefined()
    expect(readContent(Buffer.from('\ufffd|1'))).toMatchObject({ userId: '\ufffd' })
  })
})

test('an opener remembers nothing of what it opened before', () => {
  const key = createSecretKey(randomBytes(32))
  const opener = new Opener([{ key }], 6144)
  const sealed = new Sealer(key).seal('0123456789abcdefghijklmn')
  expect(sealed).toHaveLength(52)
  sealed.copy(opener.place)
  expect(opener.open(52, new Date(0))?.toString()).toBe('0123456789abcdefghijklmn')
  expect(opener.open(0, new Date(0))).toBeUndefined()
})

describe('keys made here', () => {
  test('every character of the alphabet, equally often', () => {
    const counts = new Map<string, number>()
    const length = 200
    for (let n = 0; n < 1000; n++)
      for (const char of createKey(length)) counts.set(char, (counts.get(char) ?? 0) + 1)
    expect(counts.size).toBe(76)
    expect([...counts.keys()].join('')).not.toMatch(/[iloILO"'`|\\\s]/)
    const expected = (1000 * length) / 76
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 75 degrees of freedom: above 150 once in a million runs. The original's modulo gives more than 8000.
    expect(chiSquare).toBeLessThan(150)
  })

  test.each([15, 0, -1, 257, 16.5, Number.NaN])('a length of %d is refused', (length) => {
    expect(() => createKey(length)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }))
  })

  test('20 characters by default', () => expect(createKey()).toHaveLength(20))
})

test('[case 97] a set of tags is exact, and a million of them take 33 MiB', () => {
  const set = new RevokedSet()
  const count = 1_000_000
  const bytes = Buffer.alloc(48)
  const fill = (n: number) => {
    bytes.writeUInt32LE(Math.imul(n, 0x9e3779b1) >>> 0, 32)
    bytes.writeUInt32LE(Math.imul(n, 0x85ebca6b) >>> 0, 36)
    bytes.writeUInt32LE(n, 44)
    return bytes
  }
  for (let n = 0; n < count; n++) set.add(fill(n))
  for (let n = 0; n < count; n++) if (!set.has(fill(n))) throw new Error(`${n} is missing`)
  for (let n = count; n < count + 100_000; n++) if (set.has(fill(n))) throw new Error(`${n} is in it`)
  set.add(fill(5))
  expect(set.size).toBe(count)
  expect(set.byteLength).toBe(33 * 2 ** 20)
})
