import { printable, SesameError, t } from '../kit/index.ts'

const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/

/** Reads a duration as seconds: `90s`, `15m`, `1h`, `1h30m`, or a bare number of seconds. `option` is for the error. */
export function parseDuration(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const match = text === '' || text.length > 20 ? null : parts.exec(text)
  if (match === null) {
    throw new SesameError(
      'ERR_USAGE',
      t('--{option} cannot be "{value}".', { option, value: printable(text, 40) }),
      {
        hint: t('Write {examples}, or a number of seconds.', { examples: '90s, 15m, 1h, 1h30m' }),
      },
    )
  }
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return hours * 3600 + minutes * 60 + seconds
}

/** `3 h 05 min`, `12 min`, `40 s`. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return t('{seconds} s', { seconds })
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return t('{minutes} min', { minutes })
  return t('{hours} h {minutes} min', {
    hours: Math.floor(minutes / 60),
    minutes: String(minutes % 60).padStart(2, '0'),
  })
}
