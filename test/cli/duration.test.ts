import { expect, test } from 'vitest'
import { parseDuration } from '../../src/cli/duration.ts'

test.each([
  ['90s', 90],
  ['15m', 900],
  ['1h', 3600],
  ['1h30m', 5400],
  ['1h0m5s', 3605],
  ['45', 45],
  ['0', 0],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text, 'min-ttl')).toBe(seconds)
})

test.each(['', 'h', '-5', '1.5h', '15 m', '15M', '30m1h', '1d', '١٥', `${'9'.repeat(30)}s`, '1h\n'])(
  '%j is refused, and the option is named',
  (text) => {
    expect(() => parseDuration(text, 'min-ttl')).toThrow(
      expect.objectContaining({
        code: 'ERR_USAGE',
        message: expect.stringMatching(/^--min-ttl cannot be ".*"\.$/),
      }),
    )
  },
)
