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

/** A date header; undefined when absent or unreadable. */
export function httpDate(value: string | null | undefined): Date | undefined {
  if (value === null || value === undefined || !/^[A-Z][a-z]{2}/.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : new Date(time)
}
