import { describe, expect, test } from 'vitest'
import { cutToWidth, displayWidth, padToWidth } from '../../src/kit/index.ts'

describe('columns of a terminal', () => {
  test.each([
    ['', 0],
    ['prod-1', 6],
    ['生产', 4],
    ['ｆｕｌｌ', 8],
    ['한국어', 6],
    ['カタカナ', 8],
    ['é', 1],
    ['e\u0301', 1],
    ['🚀', 2],
    ['𠮷', 2],
    ['、。（）', 8],
    ['Ünïcödé …', 9],
    ['привет', 6],
  ])('%s', (text, width) => expect(displayWidth(text)).toBe(width))

  test('padding and cutting count them', () => {
    expect(padToWidth('生产', 6)).toBe('生产  ')
    expect(padToWidth('longer', 3)).toBe('longer')
    expect(cutToWidth('生产环境', 8, '…')).toBe('生产环境')
    expect(cutToWidth('生产环境', 7, '…')).toBe('生产环…')
    expect(cutToWidth('生产环境', 6, '…')).toBe('生产…')
    expect(cutToWidth('生产', 0, '…')).toBe('')
  })
})
