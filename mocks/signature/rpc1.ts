import { createHmac } from 'node:crypto'
import { mediaType, type RecordedRequest } from '../http/recorded-request.ts'
import { percentEncode, type SignedRequest } from './acs3.ts'

/** Query and form members of an RPC call; a name that comes twice is listed in `repeated`. */
export interface RpcParameters {
  values: Map<string, string>
  repeated: string[]
}

export function rpcParameters(request: RecordedRequest): RpcParameters {
  const isForm = mediaType(request.headers) === 'application/x-www-form-urlencoded'
  const pairs = [...request.queryAll, ...(isForm ? new URLSearchParams(request.text) : [])]
  const values = new Map<string, string>()
  const repeated: string[] = []
  for (const [name, value] of pairs) {
    if (values.has(name)) repeated.push(name)
    values.set(name, value)
  }
  return { values, repeated }
}

/**
 * Reads an RPC request signed with signature version 1.0 (HMAC-SHA1 over all parameters of query and form); undefined when
 * it is not signed so.
 */
export function readRpc1(request: RecordedRequest): SignedRequest | undefined {
  const { values, repeated } = rpcParameters(request)
  const accessKeyId = values.get('AccessKeyId')
  const signature = values.get('Signature')
  if (accessKeyId === undefined || signature === undefined) return undefined
  const proper =
    repeated.length === 0 &&
    values.get('SignatureMethod') === 'HMAC-SHA1' &&
    values.get('SignatureVersion') === '1.0' &&
    Boolean(values.get('SignatureNonce'))
  const canonical = [...values]
    .filter(([name]) => name !== 'Signature')
    .map(([name, value]) => [percentEncode(name), percentEncode(value)])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&')
  const text = `${request.method}&${percentEncode('/')}&${percentEncode(canonical)}`
  return {
    accessKeyId,
    securityToken: values.get('SecurityToken'),
    isSignedWith: (secret) =>
      proper && createHmac('sha1', `${secret}&`).update(text).digest('base64') === signature,
  }
}
