import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ByteItems, chunkedItems } from '../../src/store/chunked.ts'

const maxBytes = 100

/** A keychain that refuses items above the limit, and that can be made to die after some calls. */
function smallItems(): ByteItems & { kept: Map<string, Buffer>; dieAfter: (calls: number) => void } {
  const kept = new Map<string, Buffer>()
  let left = Number.POSITIVE_INFINITY
  const call = () => {
    if (left-- <= 0) throw new Error('killed')
  }
  return {
    kept,
    dieAfter: (calls) => {
      left = calls
    },
    async get(name) {
      return kept.get(name)
    },
    async set(name, bytes) {
      call()
      // Enough for a header; values and parts are cut at maxBytes.
      if (bytes.length > 160) throw new Error('longer than the platform limit')
      kept.set(name, Buffer.from(bytes))
    },
    async delete(name) {
      call()
      return kept.delete(name)
    },
  }
}

const bytesOf = (length: number, letter = 'x') => Buffer.from(letter.repeat(length))

describe('[case 40] values above the limit of an item', () => {
  test('P: any value comes back, whatever lay there before, and nothing is left after removing', async () => {
    const value = fc.uint8Array({ maxLength: 1000 })
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 4 }), async (values) => {
        const items = smallItems()
        const store = chunkedItems(items, maxBytes)
        for (const bytes of values) {
          await store.set('name', bytes)
          expect(Buffer.from((await store.get('name')) ?? [])).toEqual(Buffer.from(bytes))
          const parts = bytes.length <= maxBytes ? 0 : Math.ceil(bytes.length / maxBytes)
          expect(items.kept.size).toBe(1 + parts)
        }
        expect(await store.delete('name')).toBe(true)
        expect(items.kept.size).toBe(0)
        expect(await store.delete('name')).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  test('a value at the limit is one item, one byte more is a header and two parts', async () => {
    const items = smallItems()
    const store = chunkedItems(items, maxBytes)
    await store.set('name', bytesOf(maxBytes))
    expect([...items.kept.keys()]).toEqual(['name'])
    await store.set('name', bytesOf(maxBytes + 1))
    expect([...items.kept.keys()].sort()).toEqual(['name', 'name#a#0', 'name#a#1'])
  })

  test('a missing part, a changed part and a damaged header read as nothing', async () => {
    const damages: ((kept: Map<string, Buffer>) => void)[] = [
      (kept) => kept.delete('name#a#1'),
      (kept) => kept.set('name#a#1', bytesOf(100, 'y')),
      (kept) => kept.set('name', Buffer.from('sesame-parts:{"v":1,"gen":"a","n":3')),
      (kept) => kept.set('name', Buffer.from('sesame-parts:null')),
      (kept) => kept.set('name', Buffer.from('sesame-parts:{"v":2,"gen":"a","n":3,"len":300,"sha256":""}')),
      (kept) => kept.set('name', Buffer.from('sesame-parts:{"v":1,"gen":"a","n":1e9,"len":3,"sha256":""}')),
    ]
    for (const damage of damages) {
      const items = smallItems()
      const store = chunkedItems(items, maxBytes)
      await store.set('name', bytesOf(300))
      damage(items.kept)
      expect(await store.get('name')).toBeUndefined()
      await store.set('name', bytesOf(250, 'z'))
      expect(await store.get('name')).toEqual(bytesOf(250, 'z'))
    }
  })

  test('[case 45] a writer killed at any call leaves the old value or the new, and its litter goes', async () => {
    const [before, after] = [bytesOf(450, 'o'), bytesOf(350, 'n')]
    for (let calls = 0; calls < 14; calls++) {
      const items = smallItems()
      const store = chunkedItems(items, maxBytes)
      await store.set('name', before)
      items.dieAfter(calls)
      const finished = await store.set('name', after).then(
        () => true,
        () => false,
      )
      items.dieAfter(Number.POSITIVE_INFINITY)
      const found = (await store.get('name'))?.toString()
      expect([before.toString(), after.toString()]).toContain(found)
      if (finished) expect(found).toBe(after.toString())
      await store.set('name', after)
      await store.set('name', before)
      expect(items.kept.size).toBe(6)
      await store.delete('name')
      expect(items.kept.size).toBe(0)
    }
  })

  test('a reader that a writer overtakes follows the new header', async () => {
    const items = smallItems()
    const store = chunkedItems(items, maxBytes)
    await store.set('name', bytesOf(300, 'o'))
    let overtaken = false
    const slow: ByteItems = {
      ...items,
      async get(name) {
        if (name === 'name#a#1' && !overtaken) {
          overtaken = true
          await store.set('name', bytesOf(300, 'n'))
        }
        return items.get(name)
      },
    }
    expect(await chunkedItems(slow, maxBytes).get('name')).toEqual(bytesOf(300, 'n'))
  })
})
