import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closest } from '../../src/cli/suggest.ts'

const commands = ['login', 'configure', 'profile', 'logout', 'completion', 'doc', 'version', 'help']

test.each([
  ['logn', 'login'],
  ['lgoin', 'login'],
  ['loginn', 'login'],
  ['logot', 'logout'],
  ['conf', 'configure'],
  ['profiles', 'profile'],
  ['verison', 'version'],
  ['hlep', 'help'],
  ['x', undefined],
  ['', undefined],
  ['deploy', undefined],
  ['l'.repeat(41), undefined],
])('%j most likely means %j', (typed, meant) => {
  expect(closest(typed, commands)).toBe(meant)
})

test('a candidate is its own closest, and the answer is always a candidate', () => {
  for (const command of commands) expect(closest(command, commands)).toBe(command)
  fc.assert(
    fc.property(fc.string(), (word) => {
      const found = closest(word, commands)
      expect(found === undefined || commands.includes(found)).toBe(true)
    }),
  )
})
