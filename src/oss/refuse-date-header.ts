import type { CheckedRequest } from './oss-request.ts'

/** A URL says itself when it was signed: a header that says it again could only disagree. @throws TypeError */
export function refuseDateHeader({ headers }: CheckedRequest): void {
  if (headers.has('x-oss-date'))
    throw new TypeError('request.headers must not have x-oss-date: the URL says when it was signed.')
}
