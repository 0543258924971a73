import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'uqr'
import { describe, expect, test } from 'vitest'
import type { Edges } from '../../src/terminal/index.ts'
import { drawQrCode, showsUnicode } from '../../src/terminal/qr-code.ts'
import { type StandardDescriptor, writeAll } from '../../src/terminal/streams.ts'

const address = 'https://signin.example.com/device?user_code=WDJB-MJHT'
const size = encode(address, { border: 2 }).size

describe('[case 185] a QR code where blocks cannot be shown', () => {
  test('is drawn in ASCII, module by module', async () => {
    const { data } = encode(address, { border: 2 })
    const plain = await drawQrCode(address, { columns: undefined, colors: false, unicode: false })
    expect(plain).toMatch(/^[# \n]+$/)
    expect(plain.split('\n').map((line) => line.match(/../g)?.map((pair) => pair === '  '))).toEqual(data)
    const colored = await drawQrCode(address, { columns: undefined, colors: true, unicode: false })
    expect(colored).toMatch(/^[\x20-\x7e\n\u001b]+$/)
    const dark = colored
      .split('\n')
      .map((line) => line.match(/\u001b\[(?:107|40)m {2}/g)?.map((part) => part.includes('[40m')))
    expect(dark).toEqual(data)
  })

  test('knows how wide it is', async () => {
    const narrow = { columns: size, colors: true, unicode: false }
    expect(await drawQrCode(address, narrow)).toBe(
      `The QR code needs a terminal of ${size * 2} columns; this one has ${size}.`,
    )
    expect(await drawQrCode(address, { ...narrow, unicode: true })).toContain('▄')
    expect(await drawQrCode(address, { ...narrow, columns: size * 2 })).not.toContain('needs')
  })

  test.each([
    ['win32', {}, true, true],
    ['win32', { LANG: 'zh_CN.UTF-8' }, false, false],
    ['linux', {}, true, true],
    ['linux', { LANG: 'C' }, true, true],
    ['linux', { LANG: 'zh_CN.GB18030' }, true, false],
    ['linux', { LANG: 'en_US.UTF-8', LC_ALL: 'en_US.ISO-8859-15@euro' }, true, false],
    ['linux', { LANG: 'de_DE.iso88591', LC_CTYPE: 'de_DE.utf8' }, true, true],
    ['darwin', { LC_CTYPE: 'UTF-8' }, false, true],
  ] as const)('%s, %o, terminal %s: Unicode %s', (platform, env, terminal, unicode) => {
    expect(showsUnicode({ env, platform, isTerminal: () => terminal } as unknown as Edges)).toBe(unicode)
  })
})

describe('[case 185] text for a console of Windows', () => {
  test('goes there as text, whatever its code page', () => {
    const written: string[] = []
    const sink = { write: (text: string) => written.push(text) }
    expect(writeAll(2, '账号 ▀▄\n', (descriptor) => (descriptor === 2 ? sink : undefined))).toBe('written')
    expect(written).toEqual(['账号 ▀▄\n'])
  })

  test('elsewhere it is UTF-8', () => {
    const directory = mkdtempSync(join(tmpdir(), 'streams-'))
    const fd = openSync(join(directory, 'out'), 'w')
    try {
      expect(writeAll(fd as StandardDescriptor, '账号 ▀▄\n')).toBe('written')
      expect(readFileSync(join(directory, 'out'))).toEqual(Buffer.from('账号 ▀▄\n'))
    } finally {
      closeSync(fd)
      rmSync(directory, { recursive: true })
    }
  })
})
