import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultSeed, seedOf } from './support/seed.ts'

test('properties are tried with the same values in every run', () => {
  const seed = seedOf(process.env.SESAME_TEST_SEED)
  expect(fc.readConfigureGlobal()).toMatchObject({ seed })
  const tried = [1, 2].map(() => {
    const values: number[] = []
    fc.assert(fc.property(fc.integer(), (value) => void values.push(value)))
    return values
  })
  expect(tried[0]).toHaveLength(100)
  expect(tried[0]).toEqual(tried[1])
})

test.each([
  [undefined, defaultSeed],
  ['', defaultSeed],
  ['7', 7],
  ['-7', -7],
])('SESAME_TEST_SEED %j is the seed %d', (text, seed) => {
  expect(seedOf(text)).toBe(seed)
})

test('a seed that is no number is refused', () => {
  expect(() => seedOf('today')).toThrow(TypeError)
})
