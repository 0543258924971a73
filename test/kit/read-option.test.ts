import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import {
  readBoolean,
  readChoice,
  readDate,
  readNumber,
  readOptions,
  readText,
  readTexts,
} from '../../src/kit/read-option.ts'

const misuse = expect.objectContaining({ code: 'ERR_USAGE' })

describe('[case 100] options are read by type and never coerced', () => {
  test.each([
    '300',
    '0',
    [300],
    new Number(300),
    { valueOf: () => 300 },
    true,
    null,
    300n,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    new Date(300),
  ])('a number is not %o', (value) => {
    expect(() => readNumber(value, 'n')).toThrow(misuse)
  })

  test('a number is held to its range', () => {
    expect(readNumber(0, 'n', { min: 0 })).toBe(0)
    expect(readNumber(undefined, 'n', { min: 0 })).toBeUndefined()
    expect(() => readNumber(-1, 'n', { min: 0 })).toThrow('n must be a number, at least 0, not -1.')
    expect(() => readNumber(8, 'n', { min: 0, max: 7, unit: 'days' })).toThrow(
      'n must be a number of days from 0 to 7, not 8.',
    )
    expect(() => readNumber(1.5, 'n', { integer: true })).toThrow(misuse)
    expect(() => readNumber(2 ** 53, 'n', { integer: true })).toThrow(misuse)
  })

  test.each([
    '2020-01-01',
    0,
    {},
    null,
    new Date(Number.NaN),
    Object.create(Date.prototype),
    { getTime: () => 0 },
  ])('a date is not %o', (value) => {
    expect(() => readDate(value, 'd')).toThrow(misuse)
  })

  test('a date is copied, and may come from another realm', () => {
    const given = new Date(5)
    const read = readDate(given, 'd')
    given.setTime(6)
    expect(read?.getTime()).toBe(5)
    expect(readDate(runInNewContext('new Date(7)'), 'd')?.getTime()).toBe(7)
    expect(readDate(Object.assign(new Date(8), { getTime: () => 9 }), 'd')?.getTime()).toBe(8)
  })

  test('texts, booleans, words and objects', () => {
    expect(readTexts('a', 't')).toEqual(['a'])
    expect(readTexts(['a', 'b'], 't')).toEqual(['a', 'b'])
    // biome-ignore lint/suspicious/noSparseArray: that is the point
    for (const value of [['a', ''], [, 'a'], [['a']], new String('a'), 1, null, ''])
      expect(() => readTexts(value, 't')).toThrow(misuse)
    for (const value of ['', 1, null, ['a']]) expect(() => readText(value, 't')).toThrow(misuse)
    for (const value of ['true', 1, null]) expect(() => readBoolean(value, 'b')).toThrow(misuse)
    for (const value of ['c', ['a'], null]) expect(() => readChoice(value, 'c', ['a', 'b'])).toThrow(misuse)
    for (const value of ['c', ['a'], null]) expect(() => readOptions(value as object)).toThrow(misuse)
  })

  test('what was given is not in the message: it may be a secret', () => {
    expect(() => readNumber('s3cr3t-value', 'n')).toThrow('n must be a number, not a string.')
  })
})
