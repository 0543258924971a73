/**
 * `Retry-After` in milliseconds: a number of seconds, or an HTTP date (RFC 9110 section 10.2.3), which is taken
 * relative to the server's own clock. Never negative; undefined when absent or unreadable.
 *
 * @param now the server's `Date`, else the local time of arrival
 */
export function retryAfterMs(value: string | null | undefined, now: Date | undefined): number | undefined {
  if (value === null || value === undefined) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000
  const date = httpDate(value)
  if (!date || !now) return undefined
  return Math.max(0, date.getTime() - now.getTime())
}

/**
 * When an answer was given by the server's clock: its `Date`, and the seconds that a cache in between has kept it (RFC 9111
 * section 5.1). Undefined without a date.
 */
export function serverDateOf(header: (name: string) => string | undefined): Date | undefined {
  const date = httpDate(header('date'))
  const age = header('age') ?? ''
  return date && new Date(date.getTime() + (/^\d{1,9}$/.test(age) ? Number(age) * 1000 : 0))
}

/** A date header; undefined when absent or unreadable. */
function httpDate(value: string | null | undefined): Date | undefined {
  if (value === null || value === undefined || !/^[A-Z][a-z]{2}/.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : new Date(time)
}
