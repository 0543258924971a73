import { printable, SesameError, t } from '../kit/index.ts'

/** The form of a region id: small letters, digits and dashes. */
export const regionId = /^[a-z]{2,10}(?:-[a-z0-9]{1,20}){1,5}$/

/**
 * The one spelling of a region that every consumer gets: `cn-hangzhou`. OSS writes its regions as `oss-cn-hangzhou`, and the inner
 * endpoint as `oss-cn-hangzhou-internal`; capitals and blanks around it are slips. `what` names the value in the error.
 * @throws SesameError ERR_CONFIG for what is no region id
 */
export function normalizeRegion(text: string, what = '--region'): string {
  const region = asRegion(text)
  if (region !== undefined) return region
  const value = text.trim() === '' ? t('empty') : printable(text.trim(), 100)
  throw new SesameError(
    'ERR_CONFIG',
    t('{what} must be a region id such as cn-hangzhou, not {value}.', { what, value }),
  )
}

/** The same for a text that may be anything: undefined for what is no region id. */
export function asRegion(text: string): string | undefined {
  const region = text
    .trim()
    .toLowerCase()
    .replace(/^oss-(.+?)(?:-internal)?$/, '$1')
  return regionId.test(region) ? region : undefined
}
