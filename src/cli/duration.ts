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
