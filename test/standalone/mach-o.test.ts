import { describe, expect, test } from 'vitest'
import { withoutSignature } from '../../packaging/standalone/mach-o.ts'

const headerBytes = 32
const linkEditAt = 0x100

interface Made {
  /** Bytes between the names of the symbols and the signature. */
  padding?: number
  /** What comes after the signature. */
  rest?: number
  signed?: boolean
}

/** A Mach-O file of three load commands: the segment that ends it, the symbols in it, its signature. */
function machO({ padding = 8, rest = 0, signed = true }: Made = {}): Buffer {
  const names = 24
  const signature = 64
  const end = linkEditAt + names
  const file = Buffer.alloc(end + (signed ? padding + signature : 0) + rest, 0xee)
  file.fill(0, 0, linkEditAt)
  file.writeUInt32LE(0xfeedfacf, 0)
  file.writeUInt32LE(signed ? 3 : 2, 16)
  file.writeUInt32LE(72 + 24 + (signed ? 16 : 0), 20)
  let at = headerBytes
  file.writeUInt32LE(0x19, at)
  file.writeUInt32LE(72, at + 4)
  file.write('__LINKEDIT', at + 8)
  file.writeBigUInt64LE(0x4000n, at + 32)
  file.writeBigUInt64LE(BigInt(linkEditAt), at + 40)
  file.writeBigUInt64LE(BigInt(file.length - linkEditAt), at + 48)
  at += 72
  file.writeUInt32LE(0x2, at)
  file.writeUInt32LE(24, at + 4)
  file.writeUInt32LE(linkEditAt, at + 16)
  file.writeUInt32LE(names, at + 20)
  at += 24
  if (!signed) return file
  file.writeUInt32LE(0x1d, at)
  file.writeUInt32LE(16, at + 4)
  file.writeUInt32LE(end + padding, at + 8)
  file.writeUInt32LE(signature, at + 12)
  return file
}

describe('the signature of a program for macOS', () => {
  test('is taken out, with its load command and its part of the segment', () => {
    const result = withoutSignature(machO())
    const expected = machO({ signed: false })
    // The size in memory is that of whole pages.
    expected.writeBigUInt64LE(0x1000n, headerBytes + 32)
    expect(result.equals(expected)).toBe(true)
    expect(withoutSignature(result)).toBe(result)
  })

  test.each<[string, Buffer]>([
    ['a file of another kind', Buffer.from('\x7fELF then more than a header has')],
    ['something after the signature', machO({ rest: 1 })],
    ['something between the symbols and the signature', machO({ padding: 64 })],
  ])('is not looked for in %s', (_, file) => {
    expect(() => withoutSignature(file)).toThrow(/no Mach-O|not the end|Something else/)
  })
})
