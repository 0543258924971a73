import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawCard } from '../../../src/cli/login-card/draw.ts'
import { rowsOf } from '../../../src/cli/login-card/facts.ts'
import { textWidth } from '../../../src/terminal/index.ts'

const card = (text: string) => ({
  rows: [
    ['配置', 'dev'],
    ['Stored in', text],
  ] as const,
  next: { label: 'Next', steps: [{ command: 'sesame exec -- COMMAND', what: 'for one command' }] },
})

describe('a card', () => {
  test('is aligned by columns, and wraps texts beside their label', () => {
    expect(drawCard(card('one two three four'), { columns: 30, colors: false })).toBe(
      [
        '',
        '  配置       dev',
        '  Stored in  one two three',
        '             four',
        '',
        '  Next',
        '  sesame exec -- COMMAND',
        '',
        '',
      ].join('\n'),
    )
  })

  test('no line but a command is wider than the terminal, whatever is in it', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
      fc.constantFrom('账号', '生产环境', '，'),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.integer({ min: 40, max: 100 }), (words, columns) => {
        const lines = drawCard(card(words.join(' ')), { columns, colors: false }).split('\n')
        for (const line of lines) if (!line.includes('sesame')) expect(textWidth(line)).toBeLessThan(columns)
      }),
    )
  })

  test('colours only where they are wanted', () => {
    expect(drawCard(card('x'), { columns: 80, colors: false })).not.toContain('\u001b')
    expect(drawCard(card('x'), { columns: 80, colors: true })).toContain('\u001b[1mdev\u001b[22m')
  })
})

describe('the rows of a card', () => {
  const now = new Date(2026, 10, 26, 16, 0)
  const rows = (store: 'keychain' | 'encrypted-file', platform: NodeJS.Platform, expiresAt: Date) =>
    Object.fromEntries(
      rowsOf(
        {
          name: 'dev',
          profile: { accountId: '1', accessConfigurationId: 'ac-1' },
          userName: undefined,
          tokensOnly: false,
          expiresAt,
          leftMs: 3_900_000,
          renewable: false,
          keptIn: store,
        },
        { platform, now, directory: '~/state' },
      ),
    )

  test('ids where names are not known; no row for what is not known', () => {
    expect(rows('keychain', 'linux', now)).toMatchObject({ Account: '1', Access: 'ac-1' })
    expect(rows('keychain', 'linux', now)).not.toHaveProperty('User')
  })

  test('the date only where it is another day than today', () => {
    expect(rows('keychain', 'linux', new Date(2026, 10, 26, 17, 5)).Expires).toMatch(/^17:05 \(UTC/)
    expect(rows('keychain', 'linux', new Date(2026, 10, 27, 0, 5)).Expires).toMatch(
      /^2026-11-27 00:05 \(UTC.*\), in 1 h 05 min$/,
    )
  })

  test.each([
    ['darwin', 'macOS Keychain'],
    ['win32', 'Windows Credential Manager'],
    ['linux', 'keychain (Secret Service)'],
  ] as const)('the keychain by its name: %s', (platform, name) => {
    expect(rows('keychain', platform, now)['Stored in']).toBe(name)
    expect(rows('encrypted-file', platform, now)['Stored in']).toBe('encrypted file in ~/state')
  })
})
