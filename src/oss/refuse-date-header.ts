import { t } from '../kit/index.ts'
import type { CheckedRequest } from './oss-request.ts'
import { refused } from './refused.ts'

/** A URL says itself when it was signed: a header that says it again could only disagree. @throws SesameError ERR_USAGE */
export function refuseDateHeader({ headers }: CheckedRequest): void {
  if (headers.has('x-oss-date'))
    throw refused(t('request.headers must not have x-oss-date: the URL says when it was signed.'))
}
