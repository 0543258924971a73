import { expect, test } from 'vitest'
import { fuzzyFilter } from '../../../src/cli/fuzzy.ts'

const rows = [
  'dev development / ReadOnly',
  'prod-eu production / Admin',
  'prod production / Admin',
  '生产 账号 / 管理员',
]
const found = (typed: string) => fuzzyFilter(typed, rows, (row) => row).map((row) => row.split(' ')[0])

test('nothing typed is all of them, in their order', () => {
  expect(found('')).toEqual(['dev', 'prod-eu', 'prod', '生产'])
  expect(found('  ')).toEqual(['dev', 'prod-eu', 'prod', '生产'])
})

test('a whole first word wins over the beginning of a longer one, and equals stay in their order', () => {
  expect(found('production')).toEqual(['prod-eu', 'prod'])
  expect(found('dev')).toEqual(['dev'])
})

test('every word must be there, in any order, whatever its capitals', () => {
  expect(found('ADMIN eu')).toEqual(['prod-eu'])
  expect(found('admin dev')).toEqual([])
  expect(found('ＰＲＯＤ')).toEqual(['prod-eu', 'prod'])
})

test('letters in that order are enough, the first at the beginning of a word; whole words come first', () => {
  expect(found('pdn')).toEqual(['prod-eu', 'prod'])
  expect(found('peu')).toEqual(['prod-eu'])
  expect(found('zzz')).toEqual([])
})

test('Chinese', () => {
  expect(found('管理')).toEqual(['生产'])
  expect(found('生产')).toEqual(['生产'])
})

test('a thousand rows are filtered between two keys', () => {
  const many = Array.from({ length: 1000 }, (_, i) => `账号${i}-Admin team ${i} / Administrator`)
  expect(fuzzyFilter('adm 999', many, (row) => row)[0]).toContain('999')
})
