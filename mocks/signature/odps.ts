import { createHmac } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { SignedRequest } from './acs3.ts'

/**
 * Reads a request to MaxCompute (ODPS) that is signed V2; undefined when it is not signed so. `base` is the path of the
 * endpoint, which is not signed: `/api`.
 */
export function readOdpsSignature(request: RecordedRequest, base: string): SignedRequest | undefined {
  const { method, path, queryAll, headers } = request
  const match = /^ODPS ([^:/]+):(.+)$/.exec(headers.authorization ?? '')
  if (!match || !path.startsWith(base)) return undefined
  const [, accessKeyId = '', signature] = match
  const own = Object.keys(headers)
    .filter((name) => name.startsWith('x-odps-'))
    .sort()
    .map((name) => `${name}:${headers[name]}`)
  const query = [...queryAll].map(([name, value]) => (value === '' ? name : `${name}=${value}`)).sort()
  const resource = decodeURIComponent(path.slice(base.length))
  const { 'content-md5': md5 = '', 'content-type': type = '', date = '' } = headers
  const text = [
    ...[method, md5, type, date],
    ...own,
    query.length === 0 ? resource : `${resource}?${query.join('&')}`,
  ].join('\n')
  return {
    accessKeyId,
    securityToken: headers['authorization-sts-token']?.toString(),
    isSignedWith: (secret) => createHmac('sha1', secret).update(text).digest('base64') === signature,
  }
}
