import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeText } from '../../src/kit/index.ts'

const le = (text: string) => Buffer.from(text, 'utf16le')
const be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const bytes = (...parts: (number[] | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))

describe('[case 188] what Windows PowerShell and editors hand over', () => {
  test.each([
    ['UTF-8', Buffer.from('名 a\r\n'), '名 a\r\n'],
    ['UTF-8 with a mark', bytes([0xef, 0xbb, 0xbf], Buffer.from('名')), '名'],
    ['UTF-16 with a mark', bytes([0xff, 0xfe], le('名 eyJ\r\n')), '名 eyJ\r\n'],
    ['UTF-16 the other way round', bytes([0xfe, 0xff], be('名 eyJ')), '名 eyJ'],
    ['UTF-16 without a mark', le('eyJhbGciOi.x.y\r\n'), 'eyJhbGciOi.x.y\r\n'],
    ['the same, the other way round', be('eyJ'), 'eyJ'],
    ['half a character at the end', bytes([0xff, 0xfe], le('ab'), [0x61]), 'ab'],
    ['a mark alone', Buffer.from([0xff, 0xfe]), ''],
    ['nothing', Buffer.alloc(0), ''],
    ['zeros', Buffer.alloc(4), '\0\0\0\0'],
    ['a zero inside', Buffer.from('a\0bcdefgh'), 'a\0bcdefgh'],
  ])('%s', (_what, given, text) => {
    const before = Buffer.from(given)
    expect(decodeText(given).text).toBe(text)
    expect(given).toEqual(before)
  })

  test('P: UTF-8 stays what it is, and UTF-16 with a mark is read', () => {
    const texts = fc
      .string({ unit: 'grapheme' })
      .filter((text) => text.isWellFormed() && !/[\0\ufeff]/.test(text))
    fc.assert(
      fc.property(texts, (text) => {
        expect(decodeText(Buffer.from(text)).text).toBe(text)
        expect(decodeText(bytes([0xff, 0xfe], le(text))).text).toBe(text)
        expect(decodeText(bytes([0xfe, 0xff], be(text))).text).toBe(text)
      }),
    )
  })
})
