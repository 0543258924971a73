import type { RecordedRequest } from '../http/recorded-request.ts'
import { type OssSignature, readOssSignature } from '../signature/oss.ts'
import type { OssKeyLookup } from './access-keys.ts'
import { type OssAddress, resourceOf } from './address.ts'
import type { OssRefusal } from './refusal.ts'

export interface SignatureRules {
  findKey: OssKeyLookup
  region: string
  product: string
  now: Date
}

/** Headers are good for this long before and after the instant they were signed at. */
const skewMs = 15 * 60_000

/** What is wrong with the signature of a request, or undefined. */
export function checkSignature(
  request: RecordedRequest,
  address: OssAddress,
  rules: SignatureRules,
): OssRefusal | undefined {
  const inHeader = request.headers.authorization !== undefined
  const inQuery = ['Signature', 'x-oss-signature'].filter((name) => request.queryAll.has(name))
  if (!inHeader && inQuery.length === 0)
    return denied('You have no right to access this object because of bucket acl.', '0003-00000001')
  if (inHeader && inQuery.length > 0)
    return invalid('The signature is in the header and in the URL.', '0002-00000039')
  const tokens = ['security-token', 'x-oss-security-token'].filter((name) =>
    request.queryAll.has(name),
  ).length
  if (tokens + (request.headers['x-oss-security-token'] === undefined ? 0 : 1) > 1)
    return invalid('The security token is given more than once.', '0002-00000010')
  const repeated = [...request.queryAll.keys()].find(
    (name, i, names) => isOfSignature(name) && names.indexOf(name) !== i,
  )
  if (repeated !== undefined) return invalid(`The query has ${repeated} twice.`)
  const signature = readOssSignature(request, resourceOf(address))
  if (signature === undefined) return invalid('The signature cannot be read.')
  return checkScope(signature, rules) ?? checkTime(signature, rules.now) ?? checkKey(signature, rules)
}

function checkScope(
  { scope, signedAt }: OssSignature,
  { region, product }: SignatureRules,
): OssRefusal | undefined {
  if (scope === undefined) return undefined
  const day = signedAt?.toISOString().slice(0, 10).replaceAll('-', '')
  const wanted = `${day}/${region}/${product}/aliyun_v4_request`
  return signedAt !== undefined && scope !== wanted
    ? invalid(`The credential's scope must be ${wanted}, not ${scope}.`)
    : undefined
}

function checkTime({ version, place, signedAt, expiresAt }: OssSignature, now: Date): OssRefusal | undefined {
  if (place === 'header') {
    if (signedAt === undefined) return denied('OSS authentication requires a valid Date.')
    if (Math.abs(signedAt.getTime() - now.getTime()) <= skewMs) return undefined
    return {
      status: 403,
      code: 'RequestTimeTooSkewed',
      message: 'The difference between the request time and the current time is too large.',
      ec: '0002-00000504',
      details: {
        MaxAllowedSkewMilliseconds: String(skewMs),
        RequestTime: signedAt.toISOString(),
        ServerTime: now.toISOString(),
      },
    }
  }
  if (version === 'V4' && signedAt === undefined) return invalid('x-oss-date is not an instant.')
  if (expiresAt === undefined) return invalid('The expiry of the URL is missing or not allowed.')
  if (signedAt !== undefined && signedAt.getTime() - now.getTime() > skewMs)
    return denied('Request is not valid yet.')
  return expiresAt > now
    ? undefined
    : {
        ...denied('Request has expired.'),
        details: { Expires: expiresAt.toISOString(), ServerTime: now.toISOString() },
      }
}

function checkKey(signature: OssSignature, { findKey, now }: SignatureRules): OssRefusal | undefined {
  const { accessKeyId, securityToken } = signature
  const key = findKey(accessKeyId)
  const unknown = (ec: string): OssRefusal => ({
    status: 403,
    code: 'InvalidAccessKeyId',
    message: 'The OSS Access Key Id you provided does not exist in our records.',
    ec,
    details: { OSSAccessKeyId: accessKeyId },
  })
  if (key === undefined) return unknown(securityToken === undefined ? '0002-00000902' : '0002-00000002')
  if (key.securityToken === undefined && securityToken !== undefined) return unknown('0002-00000002')
  if (key.securityToken !== undefined && securityToken === undefined) return unknown('0002-00000003')
  if (key.securityToken !== securityToken)
    return token('InvalidSecurityToken', 'The security token you provided is invalid.', '0002-00000006')
  if (key.expiresAt !== undefined && key.expiresAt <= now)
    return token('SecurityTokenExpired', 'The security token you provided has expired.', '0002-00000007')
  if (signature.isSignedWith(key.accessKeySecret)) return undefined
  return {
    status: 403,
    code: 'SignatureDoesNotMatch',
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    details: { OSSAccessKeyId: accessKeyId },
  }
}

/** Members of which two would leave it open which one was signed. */
function isOfSignature(name: string): boolean {
  return /^(?:OSSAccessKeyId|Expires|Signature|security-token|x-oss-(?:signature.*|credential|date|expires|security-token|additional-headers))$/.test(
    name,
  )
}

function invalid(message: string, ec?: string): OssRefusal {
  return { status: 400, code: 'InvalidArgument', message, ...(ec === undefined ? {} : { ec }) }
}

function denied(message: string, ec?: string): OssRefusal {
  return { status: 403, code: 'AccessDenied', message, ...(ec === undefined ? {} : { ec }) }
}

function token(code: string, message: string, ec: string): OssRefusal {
  return { status: 403, code, message, ec }
}
