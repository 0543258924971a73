import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isNestedDeeper } from '../../src/kit/json.ts'

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

test('[case 121] nesting is measured as the parser sees it, whatever stands in strings', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
      const depth = depthOf(JSON.parse(text))
      expect([isNestedDeeper(text, depth), isNestedDeeper(text, depth - 1)]).toEqual([false, depth > 0])
    }),
  )
})

test('[case 121] a text of brackets is measured without a stack, broken ones too', () => {
  for (const piece of ['[', '{', '{"a":', '[[],', '"]"[']) {
    expect(isNestedDeeper(piece.repeat(1_000_000), 200)).toBe(true)
    expect(isNestedDeeper(piece.repeat(50), 200)).toBe(false)
  }
  expect(isNestedDeeper(']'.repeat(1_000_000), 200)).toBe(false)
  expect(isNestedDeeper(`"${'['.repeat(1_000_000)}"`, 0)).toBe(false)
})
