import { expect, test } from 'vitest'
import {
  asRecord,
  asText,
  member,
  parseForeignJson,
  parseJson,
  parseRecord,
  textMember,
} from '../../src/kit/index.ts'

test('JSON is parsed; what is none is undefined, not an error that quotes it', () => {
  expect(parseJson('null')).toEqual({ value: null })
  expect(parseJson('{"a":1}')).toEqual({ value: { a: 1 } })
  expect(parseJson('{"secret')).toBeUndefined()
  expect(parseJson('')).toBeUndefined()
})

test('JSON of a server loses __proto__ in every spelling, and its depth is limited', () => {
  const { value } = parseForeignJson('{"a":{"__proto__":{"x":1}},"\\u005f_proto__":2,"b":3}') ?? {}
  expect(JSON.stringify(value)).toBe('{"a":{},"b":3}')
  expect(Object.getPrototypeOf((value as { a: object }).a)).toBe(Object.prototype)
  expect(parseForeignJson(`${'['.repeat(200)}${']'.repeat(200)}`)).toBeDefined()
  expect(parseForeignJson(`${'['.repeat(201)}${']'.repeat(201)}`)).toBeUndefined()
})

test.each([null, undefined, 1, 'text', true, [], [{}]])('%j is no record', (value) => {
  expect(asRecord(value)).toBeUndefined()
  expect(parseRecord(JSON.stringify(value) ?? '')).toBeUndefined()
})

test('texts and own members only', () => {
  const record = parseRecord('{"name":"x","empty":"","number":1}')
  expect(textMember(record, 'name')).toBe('x')
  expect(textMember(record, 'empty')).toBeUndefined()
  expect(textMember(record, 'number')).toBeUndefined()
  expect(member(record, 'number')).toBe(1)
  expect(member(record, 'toString')).toBeUndefined()
  expect(member(undefined, 'name')).toBeUndefined()
  expect(asText(7)).toBeUndefined()
})
