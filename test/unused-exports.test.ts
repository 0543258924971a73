import { expect, test } from 'vitest'
import { findUnusedExports } from './support/unused-exports.ts'

test('every export of src/ is used by src, mocks, tests or an entry point of the package', () => {
  expect(findUnusedExports().byAll).toEqual([])
})
