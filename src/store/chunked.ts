import { parseRecord, t } from '../kit/index.ts'
/** Named byte strings, as an operating system's keychain keeps them. */
export interface ByteItems {
  get(name: string): Promise<Uint8Array | undefined>
  set(name: string, bytes: Uint8Array): Promise<void>
  /** True when there was something to delete. */
  delete(name: string): Promise<boolean>
}

/** Two generations take turns, so that the parts of a writer that was killed are found and overwritten by the next. */
type Generation = 'a' | 'b'

interface Header {
  v: 1
  gen: Generation
  n: number
  len: number
  sha256: string
}

/** No JSON value begins like this, so a header cannot be taken for a value. */
const headerMark = 'sesame-parts:'
const mostParts = 512

/**
 * Splits values above `maxBytes` over several items (`<name>#<generation>#<i>`): parts first, the header under the
 * name itself last, then the parts of the former generation go. A reader sees the whole old or the whole new value;
 * where a part is missing or the hash is wrong it sees none. Writers of one name take turns under the caller's lock.
 */
export function chunkedItems(items: ByteItems, maxBytes: number): ByteItems {
  const partName = (name: string, generation: Generation, index: number) => `${name}#${generation}#${index}`

  /** Deletes from the top down, so that what a crash leaves is again found from `first` up. */
  async function removeParts(name: string, generation: Generation, first: number): Promise<boolean> {
    let end = first
    while (end < mostParts && (await items.get(partName(name, generation, end))) !== undefined) end++
    for (let i = end - 1; i >= first; i--) await items.delete(partName(name, generation, i))
    return end > first
  }

  async function assemble(name: string, header: Header): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = []
    for (let i = 0; i < header.n; i++) {
      const part = await items.get(partName(name, header.gen, i))
      if (part === undefined) return undefined
      parts.push(part)
    }
    const whole = Buffer.concat(parts)
    return whole.length === header.len && sha256(whole) === header.sha256 ? whole : undefined
  }

  return {
    async get(name) {
      let stored = await items.get(name)
      for (;;) {
        const header = stored && parseHeader(stored)
        if (header === undefined) return stored
        if (header === 'damaged') return undefined
        const value = await assemble(name, header)
        if (value !== undefined) return value
        // A writer may have been at work meanwhile; then there is a new header to follow.
        const again = await items.get(name)
        if (again === undefined || Buffer.compare(again, stored ?? again) === 0) return undefined
        stored = again
      }
    },

    async set(name, bytes) {
      const stored = await items.get(name)
      const former = stored && parseHeader(stored)
      const formerGeneration = former === undefined || former === 'damaged' ? undefined : former.gen
      if (bytes.length <= maxBytes) {
        await items.set(name, bytes)
      } else {
        const gen = formerGeneration === 'a' ? 'b' : 'a'
        const n = Math.ceil(bytes.length / maxBytes)
        if (n > mostParts)
          throw new RangeError(t('a value of {count} bytes cannot be kept', { count: bytes.length }))
        for (let i = 0; i < n; i++) {
          await items.set(partName(name, gen, i), bytes.subarray(i * maxBytes, (i + 1) * maxBytes))
        }
        const header: Header = { v: 1, gen, n, len: bytes.length, sha256: sha256(bytes) }
        await items.set(name, Buffer.from(headerMark + JSON.stringify(header)))
        await removeParts(name, gen, n)
      }
      if (formerGeneration !== undefined) await removeParts(name, formerGeneration, 0)
    },

    async delete(name) {
      const had = await items.delete(name)
      const hadA = await removeParts(name, 'a', 0)
      const hadB = await removeParts(name, 'b', 0)
      return had || hadA || hadB
    },
  }
}

function parseHeader(bytes: Uint8Array): Header | 'damaged' | undefined {
  const text = Buffer.from(bytes).toString('utf8')
  if (!text.startsWith(headerMark)) return undefined
  const { v, gen, n, len, sha256 } = parseRecord(text.slice(headerMark.length)) ?? {}
  if (v !== 1 || (gen !== 'a' && gen !== 'b') || typeof sha256 !== 'string') return 'damaged'
  if (typeof n !== 'number' || !Number.isInteger(n) || n < 1 || n > mostParts) return 'damaged'
  return typeof len === 'number' ? { v, gen, n, len, sha256 } : 'damaged'
}

function sha256(bytes: Uint8Array): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex')
}
