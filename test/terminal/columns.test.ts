import { describe, expect, it } from 'vitest'
import { cutText, padText, textWidth, wrapText } from '../../src/terminal/index.ts'

describe('columns of a terminal', () => {
  it('counts a Chinese character as two, and colours as nothing', () => {
    expect(textWidth('账号 7')).toBe(6)
    expect(textWidth('\x1b[32mok\x1b[0m')).toBe(2)
  })

  it('pads by columns', () => {
    expect(padText('账号', 6)).toBe('账号  ')
    expect(padText('too long', 3)).toBe('too long')
  })

  it('cuts between characters, with a mark of its own width', () => {
    expect(cutText('生产环境', 8, '…')).toBe('生产环境')
    expect(cutText('生产环境', 7, '…')).toBe('生产环…')
    expect(cutText('生产环境', 6, '…')).toBe('生产…')
    expect(cutText('production', 6, '~')).toBe('produ~')
    expect(cutText('生产', 0, '…')).toBe('')
  })

  it('breaks between words, and leaves one that is too long whole', () => {
    expect(wrapText('sign in and print credentials', 12)).toEqual(['sign in and', 'print', 'credentials'])
    expect(wrapText('an unbreakable-word', 5)).toEqual(['an', 'unbreakable-word'])
  })

  it('breaks between Chinese characters, never before closing punctuation or behind an opening one', () => {
    expect(wrapText('登录并输出凭证，有效期内直接使用', 14)).toEqual([
      '登录并输出凭',
      '证，有效期内直',
      '接使用',
    ])
    expect(wrapText('使用 --force 重新（强制）登录', 12)).toEqual(['使用 --force', '重新（强制）', '登录'])
  })

  it('loses nothing', () => {
    const text = '“sesame help COMMAND” 介绍单个命令; see also: --format json，等等。'
    for (let width = 2; width < 60; width++)
      expect(wrapText(text, width).join(' ').replace(/ /g, '')).toBe(text.replace(/ /g, ''))
  })
})
