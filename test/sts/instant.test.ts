import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readExpiration } from '../../src/sts/issued-credentials.ts'

const now = new Date('2026-11-21T08:00:00Z')
const read = (value: unknown) => readExpiration(value, now, 'REQUEST')

describe('[case 28] Expiration', () => {
  test.each([
    ['2026-11-21T09:00:00Z', '2026-11-21T09:00:00.000Z'],
    ['2026-11-21T17:00:00+08:00', '2026-11-21T09:00:00.000Z'],
    ['2026-11-21T17:00:00+0800', '2026-11-21T09:00:00.000Z'],
    ['2026-11-21T03:30:00-05:30', '2026-11-21T09:00:00.000Z'],
    ['2026-11-21T09:00:00.123Z', '2026-11-21T09:00:00.123Z'],
    ['2026-11-21T09:00:00.123456789Z', '2026-11-21T09:00:00.123Z'],
  ])('%s is %s', (text, iso) => {
    expect(read(text).toISOString()).toBe(iso)
  })

  test.each([
    ['in the past', '2026-11-21T07:59:59Z', 'already expired'],
    ['now', '2026-11-21T08:00:00Z', 'already expired'],
    ['without a zone', '2026-11-21T09:00:00', 'readable'],
    ['a date only', '2026-11-22', 'readable'],
    ['garbage', 'soon', 'readable'],
    ['empty', '', 'readable'],
    ['seconds since 1970', 1_795_000_000, 'readable'],
    ['a 32nd day', '2026-11-32T09:00:00Z', 'readable'],
    ['a 25th hour', '2026-11-21T25:00:00Z', 'readable'],
    ['year 9999', '9999-12-31T23:59:59Z', 'too far'],
    ['two days away', '2026-11-23T08:00:01Z', 'too far'],
    ['a lookalike in another script', '２０２６-11-21T09:00:00Z', 'readable'],
    ['with a line feed', '2026-11-21T09:00:00Z\n', 'readable'],
    ['missing', undefined, 'readable'],
    ['null', null, 'readable'],
  ])('%s is refused', (_, value, words) => {
    expect(() => read(value)).toThrow(
      expect.objectContaining({ code: 'ERR_RESPONSE_INVALID', requestId: 'REQUEST' }),
    )
    expect(() => read(value)).toThrow(words)
  })

  test('whatever comes: an instant after now and within 36 hours, or a refusal', () => {
    const date = fc.date({ noInvalidDate: true, min: new Date('2026-11-20'), max: new Date('2026-11-24') })
    const text = fc.oneof(
      date.map((each) => each.toISOString()),
      fc
        .tuple(date, fc.constantFrom('+08:00', '-12:00', '', 'z', '+99:99'))
        .map(([d, zone]) => d.toISOString().slice(0, -1) + zone),
      fc.string(),
      fc.anything(),
    )
    fc.assert(
      fc.property(text, (value) => {
        let instant: Date
        try {
          instant = read(value)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
          return
        }
        expect(instant.getTime()).toBeGreaterThan(now.getTime())
        expect(instant.getTime() - now.getTime()).toBeLessThanOrEqual(36 * 3600 * 1000)
      }),
      { numRuns: 1000 },
    )
  })
})
